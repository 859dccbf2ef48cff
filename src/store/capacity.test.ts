import assert from "node:assert/strict";
import { test } from "node:test";
import { readUnits, writeUnits } from "./capacity.ts";

test("a read costs a unit a started 4 KB, half of it when eventually consistent", () => {
  const cases: readonly [bytes: number, strong: number, eventual: number][] = [
    [0, 1, 0.5],
    [1, 1, 0.5],
    [4096, 1, 0.5],
    [4097, 2, 1],
    [409_600, 100, 50],
  ];
  for (const [bytes, strong, eventual] of cases) {
    assert.deepEqual([readUnits(bytes, "strong"), readUnits(bytes, "eventual")], [strong, eventual]);
  }
});

test("a write costs a unit a started 1 KB of the larger image", () => {
  const cases: readonly [before: number, after: number, units: number][] = [
    [0, 0, 1],
    [0, 1024, 1],
    [0, 1025, 2],
    [5000, 10, 5],
    [409_600, 0, 400],
  ];
  for (const [before, after, units] of cases) assert.equal(writeUnits(before, after), units);
});
