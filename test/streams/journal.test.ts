import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Journal, type ToldChange } from "./journal.ts";

function filled(): Journal {
  const journal = new Journal();
  for (const after of ["1", "2", undefined, "3"]) journal.done("a", after);
  journal.done("b", "4");
  return journal;
}

const a1 = { id: "a", before: undefined, after: "1" };
const a2 = { id: "a", before: "1", after: "2" };
const aGone = { id: "a", before: "2", after: undefined };
const a3 = { id: "a", before: undefined, after: "3" };
const b4 = { id: "b", before: undefined, after: "4" };

describe("A journal", () => {
  test("agrees with changes that are told once and in the order of each item", () => {
    assert.deepEqual(filled().compare([a1, b4, a2, aGone, a3]), []);
    assert.equal(filled().changes, 5);
  });

  const wrong: readonly [title: string, told: readonly ToldChange[]][] = [
    ["that is missing", [a1, a2, aGone, b4]],
    ["that is missing in between", [a1, aGone, a3, b4]],
    ["that is told twice", [a1, a1, a2, aGone, a3, b4]],
    ["that is told too late", [a2, a1, aGone, a3, b4]],
    ["of an item that is told of too little", [a1, a2, aGone, a3]],
    ["that nobody made", [a1, a2, aGone, a3, b4, { id: "c", before: undefined, after: "5" }]],
    ["that has another state before it", [a1, a2, aGone, { ...a3, before: "2" }, b4]],
  ];
  for (const [title, told] of wrong) {
    test(`finds a change ${title}`, () => {
      assert.notDeepEqual(filled().compare(told), []);
    });
  }

  test("learns from an item whether a write without an answer was done", () => {
    const journal = filled();
    journal.unknown("a", "5");
    journal.unknown("b", "6");
    assert.deepEqual(journal.unsettled, ["a", "b"]);
    journal.settle("a", "5");
    journal.settle("b", "4");
    assert.deepEqual([journal.current("a"), journal.current("b"), journal.unsettled], ["5", "4", []]);
    journal.unknown("b", undefined);
    assert.throws(() => {
      journal.settle("b", "7");
    });
  });

  test("takes a write that leaves an item as it was for no change", () => {
    const journal = filled();
    journal.done("b", "4");
    journal.done("c", undefined);
    assert.equal(journal.changes, 5);
  });
});
