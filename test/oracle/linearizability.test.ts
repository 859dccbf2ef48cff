import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isLinearizable, type Observed } from "./linearizability.ts";

type Action = { readonly write: string } | { readonly read: string };

function register(state: string, action: Action): string | undefined {
  if ("write" in action) return action.write;
  return action.read === state ? state : undefined;
}

function at(from: number, until: number | undefined, action: Action): Observed<Action> {
  return { from, until, action };
}

void describe("the linearizability checker", () => {
  const cases: readonly [title: string, history: readonly Observed<Action>[], expected: boolean][] = [
    ["accepts a history without overlap", [at(0, 1, { write: "a" }), at(2, 3, { read: "a" })], true],
    [
      "accepts either order of what overlaps",
      [at(0, 9, { write: "a" }), at(1, 8, { write: "b" }), at(10, 11, { read: "a" })],
      true,
    ],
    ["finds a stale read", [at(0, 1, { write: "a" }), at(2, 3, { read: "" })], false],
    [
      "finds a read that goes back in time",
      [at(0, 9, { write: "a" }), at(1, 2, { read: "a" }), at(3, 4, { read: "" })],
      false,
    ],
    ["finds a value nobody wrote", [at(0, 1, { write: "a" }), at(0, 1, { read: "b" })], false],
    [
      "lets a write without an answer happen late",
      [at(0, undefined, { write: "a" }), at(1, 2, { read: "" }), at(3, 4, { read: "a" })],
      true,
    ],
    [
      "lets a write without an answer never happen",
      [at(0, undefined, { write: "a" }), at(1, 2, { read: "" })],
      true,
    ],
    [
      "does not let a write happen before it was sent",
      [at(0, 1, { read: "a" }), at(2, undefined, { write: "a" })],
      false,
    ],
  ];
  for (const [title, history, expected] of cases) {
    void test(title, () => {
      assert.equal(isLinearizable(history, "", register), expected);
    });
  }
});
