import assert from "node:assert/strict";
import { test } from "node:test";
import { backoffMs } from "./backoff.ts";

test("each failure doubles the wait, up to half a minute, and chance shortens it by up to half", () => {
  const longest = [1, 2, 3, 9, 10, 1_000].map((failures) => backoffMs(failures, () => 0));
  assert.deepEqual(longest, [100, 200, 400, 25_600, 30_000, 30_000]);
  const shortest = [1, 2, 3, 10].map((failures) => backoffMs(failures, () => 0.999_999));
  assert.deepEqual(shortest.map(Math.round), [50, 100, 200, 15_000]);
});
