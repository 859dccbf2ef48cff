import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Progress } from "./progress.ts";

test("progress comes as far as everything before is done", () => {
  const progress = new Progress(10);
  for (const sequence of [12, 13, 15]) progress.begin(sequence);
  assert.deepEqual([progress.after, progress.underWay], [10, 3]);
  progress.finish(13);
  assert.equal(progress.after, 10);
  progress.finish(12);
  assert.deepEqual([progress.after, progress.underWay], [13, 1]);
  progress.skipTo(20);
  assert.equal(progress.after, 13);
  progress.finish(15);
  assert.deepEqual([progress.after, progress.underWay], [20, 0]);
});

test("nothing is skipped back, nor what was begun skipped over", () => {
  const progress = new Progress(10);
  progress.skipTo(10);
  progress.begin(11);
  progress.skipTo(11);
  assert.equal(progress.after, 10);
  progress.finish(11);
  assert.equal(progress.after, 11);
});

test("in whatever order records are done, progress is just before the first that is not", () => {
  const orders = fc.shuffledSubarray(
    Array.from({ length: 2_500 }, (_, index) => index + 1),
    { minLength: 2_000 },
  );
  fc.assert(
    fc.property(orders, (order) => {
      const progress = new Progress(0);
      for (let sequence = 1; sequence <= 2_500; sequence += 1) progress.begin(sequence);
      const open = new Set(Array.from({ length: 2_500 }, (_, index) => index + 1));
      let first = 1;
      for (const sequence of order) {
        progress.finish(sequence);
        open.delete(sequence);
        while (first <= 2_500 && !open.has(first)) first += 1;
        assert.equal(progress.after, first - 1);
      }
    }),
    { numRuns: 20 },
  );
});
