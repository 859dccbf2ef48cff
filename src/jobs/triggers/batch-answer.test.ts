import assert from "node:assert/strict";
import { test } from "node:test";
import { recordsDone, stateOf } from "./batch-answer.ts";
import type { DeliveredRecord } from "./delivered-record.ts";

const records = ["7", "8", "9"].map((sequenceNumber): DeliveredRecord => ({
  ...{ sequence: Number(sequenceNumber), sequenceNumber, writtenAt: 0, text: "{}", bytes: 2 },
}));

function done(payload: unknown, reports = true): number {
  return recordsDone({ kind: "returned", payload: JSON.stringify(payload) }, records, reports);
}

function failing(...identifiers: unknown[]) {
  return { batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })) };
}

test("what fails as a whole is not done at all, whatever it says", () => {
  assert.equal(recordsDone({ kind: "failed", payload: '{"batchItemFailures":[]}' }, records, true), 0);
});

test("an answer without report is that all is done", () => {
  for (const answer of [null, {}, { batchItemFailures: [] }, { batchItemFailures: null }, "fine", 5]) {
    assert.equal(done(answer), 3, JSON.stringify(answer));
  }
  assert.equal(recordsDone({ kind: "returned", payload: "no JSON" }, records, true), 3);
});

test("reports count only where the mapping has them", () => {
  assert.equal(done(failing("7"), false), 3);
});

test("what is before the lowest record that failed is done", () => {
  assert.equal(done(failing("8")), 1);
  assert.equal(done(failing("9", "8")), 1);
  assert.equal(done(failing("7", "9")), 0);
});

test("a report that makes no sense fails all", () => {
  for (const report of [
    failing(""),
    failing(null),
    failing(8),
    failing("9", "10"),
    { batchItemFailures: [{}] },
  ]) {
    assert.equal(done(report), 0, JSON.stringify(report));
  }
  assert.equal(done({ batchItemFailures: "8" }), 0);
  assert.equal(done({ batchItemFailures: [null] }), 0);
});

test("the state is what the answer has of it", () => {
  const stateIn = (payload: string) => stateOf({ kind: "returned", payload });
  assert.equal(stateIn('{"state":{"sum":5}}'), '{"sum":5}');
  assert.equal(stateIn("null"), "{}");
  assert.equal(stateIn("no JSON"), "{}");
});
