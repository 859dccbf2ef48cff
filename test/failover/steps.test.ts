import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Steps, type ToldStep } from "./steps.ts";

function tried(): Steps {
  const steps = new Steps();
  steps.record({ counter: "a", to: 1, token: "first" }, "acknowledged");
  steps.record({ counter: "a", to: 2, token: "second" }, "unknown");
  steps.record({ counter: "a", to: 2, token: "late" }, "refused");
  return steps;
}

const first = { counter: "a", from: 0, to: 1, token: "first" };
const second = { counter: "a", from: 1, to: 2, token: "second" };

describe("A record of steps", () => {
  test("agrees with those that were acknowledged, with and without those that may have been made", () => {
    assert.deepEqual(tried().compare([first]), []);
    assert.deepEqual(tried().compare([first, second]), []);
  });

  const wrong: readonly [title: string, told: readonly ToldStep[]][] = [
    ["an acknowledged one that is lost", []],
    ["one that was refused and made", [first, { ...second, token: "late" }]],
    ["one that nobody tried", [first, { ...second, token: "other" }]],
    ["one that is told twice", [first, first]],
    ["one that overwrites another", [first, { ...second, from: 0, to: 1 }]],
  ];
  for (const [title, told] of wrong) {
    test(`finds ${title}`, () => {
      assert.equal(tried().compare(told).length, 1);
    });
  }
});
