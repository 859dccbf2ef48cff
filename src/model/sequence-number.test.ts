import assert from "node:assert/strict";
import test from "node:test";
import { sequenceNumberOf, sequenceOf } from "./sequence-number.ts";

test("a sequence number has 21 digits and leads back to its sequence", () => {
  for (const sequence of [0, 1, 4096, Number.MAX_SAFE_INTEGER]) {
    const sequenceNumber = sequenceNumberOf(sequence);
    assert.match(sequenceNumber, /^\d{21}$/);
    assert.equal(sequenceOf(sequenceNumber), sequence);
  }
  assert.equal(sequenceNumberOf(7), "100000000000000000007");
});

test("what nobody was given is no sequence number", () => {
  const foreign = ["000000000000000000007", "99999999999999999999", "-100000000000000000007", "1e20", ""];
  for (const text of [...foreign, "1".repeat(40), "100000000000000000007n"])
    assert.equal(sequenceOf(text), undefined, text);
});
