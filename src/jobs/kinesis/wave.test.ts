import assert from "node:assert/strict";
import { test } from "node:test";
import { fitsKinesis, nextWave } from "./wave.ts";

const mebibyte = 2 ** 20;

function record(partitionKey: string, bytes = 1) {
  return { partitionKey, data: Buffer.alloc(bytes) };
}

test("a wave has the first record of each item, in their order", () => {
  const records = ["a", "b", "a", "c", "b", "a"].map((key, index) => ({ ...record(key), index }));
  assert.deepEqual(
    nextWave(records).map(({ index }) => index),
    [0, 1, 3],
  );
  assert.deepEqual(nextWave([]), []);
});

test("a wave has at most 500 records", () => {
  const records = Array.from({ length: 501 }, (_, index) => record(String(index)));
  assert.equal(nextWave(records).length, 500);
  assert.equal(nextWave(records.slice(1)).length, 500);
});

test("a wave has at most 5 MiB of data and partition keys, and nothing overtakes what did not fit", () => {
  const exact = Array.from({ length: 5 }, (_, index) => record(String(index), mebibyte - 1));
  assert.equal(nextWave([...exact, record("z")]).length, 5);
  const [first, ...others] = exact.map((each) => ({ ...each, data: Buffer.alloc(each.data.length + 1) }));
  assert.ok(first);
  assert.equal(nextWave([first, ...others, record("z")]).length, 4);
});

test("a record may have 1 MiB of data and partition key", () => {
  assert.ok(fitsKinesis(record("key", mebibyte - 3)));
  assert.ok(!fitsKinesis(record("key", mebibyte - 2)));
});
