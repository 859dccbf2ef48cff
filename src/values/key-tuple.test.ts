import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compareBytes } from "../base/bytes.ts";
import type { AttributeValue } from "../model/attribute-value.ts";
import { compareValues } from "./compare.ts";
import { keyTupleBytes, openKeyBytes } from "./key-tuple.ts";

/** Few different bytes, among them those that the closed form uses itself, so that prefixes are common. */
const binary = fc
  .array(fc.constantFrom(0, 1, 0xfe, 0xff), { maxLength: 4 })
  .map((bytes): AttributeValue => ({ B: Buffer.from(bytes).toString("base64") }));
const text = fc
  .array(fc.constantFrom("\0", "\u0001", "a", "é", "\u{10ffff}"), { maxLength: 3 })
  .map((letters): AttributeValue => ({ S: letters.join("") }));
const number = fc
  .constantFrom("-12", "-1", "-0.5", "0", "0.5", "1", "12", "120")
  .map((N): AttributeValue => ({ N }));

test("tuples order by the first value that differs", () => {
  const tuple = fc.tuple(binary, text, number, binary);
  fc.assert(
    fc.property(tuple, tuple, (left, right) => {
      const expected = left
        .map((value, index) => compareValues(value, right[index] ?? value) ?? 0)
        .find((order) => order !== 0);
      assert.equal(
        Math.sign(compareBytes(keyTupleBytes(left), keyTupleBytes(right))),
        Math.sign(expected ?? 0),
      );
    }),
    { numRuns: 2_000 },
  );
});

test("a tuple starts with the open bytes of a value exactly when its value does", () => {
  fc.assert(
    fc.property(binary, binary, (prefix, value) => {
      const open = openKeyBytes(prefix);
      const starts = keyTupleBytes([value]).subarray(0, open.length).equals(open);
      const raw = Buffer.from(prefix.B ?? "", "base64");
      assert.equal(
        starts,
        Buffer.from(value.B ?? "", "base64")
          .subarray(0, raw.length)
          .equals(raw),
      );
    }),
    { numRuns: 2_000 },
  );
});
