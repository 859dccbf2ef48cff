import assert from "node:assert/strict";
import test from "node:test";
import { amountText, countOf, durationText, wholeNumber } from "./amounts.ts";

test("whole numbers have a comma every three digits", () => {
  assert.deepEqual([0, 7, 999, 1_000, 123_456, 1_234_567.4].map(wholeNumber), [
    "0",
    "7",
    "999",
    "1,000",
    "123,456",
    "1,234,567",
  ]);
});

test("one thing is no several", () => {
  assert.deepEqual(
    [0, 1, 2_000].map((number) => countOf(number, "table")),
    ["0 tables", "1 table", "2,000 tables"],
  );
});

test("amounts of data are rounded to a unit that suits them", () => {
  assert.deepEqual([0, 999, 1_000, 999_949, 999_950, 43_466_780, 2e9, 5e15].map(amountText), [
    "0 bytes",
    "999 bytes",
    "1.0 kB",
    "999.9 kB",
    "1.0 MB",
    "43.5 MB",
    "2.0 GB",
    "5000.0 TB",
  ]);
});

test("durations are told in the two units that matter", () => {
  assert.deepEqual([0.2, 59, 59.5, 61, 3_599, 3_600, 90_000].map(durationText), [
    "1 s",
    "59 s",
    "1 min 0 s",
    "1 min 1 s",
    "59 min 59 s",
    "1 h 0 min",
    "25 h 0 min",
  ]);
});
