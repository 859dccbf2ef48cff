import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { arbitraryBytes, arbitraryText, arbitraryValue } from "../../test/fixtures/arbitrary-values.ts";
import type { AttributeValue } from "../model/attribute-value.ts";
import { compareValues, equalValues } from "./compare.ts";

test("strings order by their UTF-8 bytes, not by their UTF-16 units", () => {
  assert.ok(order({ S: "\uffff" }, { S: "\u{10000}" }) < 0);
  assert.ok(order({ S: "a" }, { S: "aa" }) < 0);
  assert.ok(order({ S: "Z" }, { S: "a" }) < 0);
  assert.equal(order({ S: "" }, { S: "" }), 0);
  fc.assert(
    fc.property(arbitraryText, arbitraryText, (left, right) => {
      const expected = Buffer.compare(Buffer.from(left), Buffer.from(right));
      assert.equal(Math.sign(order({ S: left }, { S: right })), expected);
    }),
    { numRuns: 2_000 },
  );
});

test("binaries order by their bytes, unsigned", () => {
  assert.ok(order({ B: "fw==" }, { B: "gA==" }) < 0);
  assert.ok(order({ B: "" }, { B: "AA==" }) < 0);
  fc.assert(
    fc.property(arbitraryBytes, arbitraryBytes, (left, right) => {
      const expected = Buffer.compare(Buffer.from(left, "base64"), Buffer.from(right, "base64"));
      assert.equal(Math.sign(order({ B: left }, { B: right })), expected);
    }),
    { numRuns: 2_000 },
  );
});

test("numbers order by what they are", () => {
  assert.ok(order({ N: "9" }, { N: "10" }) < 0);
  assert.ok(order({ N: "-10" }, { N: "-9" }) < 0);
  assert.ok(order({ N: "-1" }, { N: "0.5" }) < 0);
  assert.ok(order({ N: "12345678901234567890.1" }, { N: "12345678901234567890.12" }) < 0);
});

test("other types have no order, nor have values of two types", () => {
  assert.equal(compareValues({ BOOL: true }, { BOOL: true }), undefined);
  assert.equal(compareValues({ L: [] }, { L: [] }), undefined);
  assert.equal(compareValues({ S: "1" }, { N: "1" }), undefined);
  assert.equal(compareValues({ N: "1" }, { S: "1" }), undefined);
  assert.equal(compareValues({ B: "AA==" }, { S: "AA==" }), undefined);
});

test("sets are equal in any order, lists in the same, maps by content", () => {
  const equal: readonly (readonly [AttributeValue, AttributeValue])[] = [
    [{ SS: ["a", "b"] }, { SS: ["b", "a"] }],
    [{ NS: ["1", "2"] }, { NS: ["2", "1"] }],
    [{ BS: ["AA==", "/w=="] }, { BS: ["/w==", "AA=="] }],
    [{ L: [{ S: "a" }, { N: "1" }] }, { L: [{ S: "a" }, { N: "1" }] }],
    [{ M: { a: { S: "x" }, b: { NULL: true } } }, { M: { b: { NULL: true }, a: { S: "x" } } }],
    [{ M: {} }, { M: {} }],
    [{ BOOL: false }, { BOOL: false }],
  ];
  for (const [left, right] of equal) assert.ok(equalValues(left, right));
});

test("values that differ in type, content, order or number are unequal", () => {
  const unequal: readonly (readonly [AttributeValue, AttributeValue])[] = [
    [{ S: "1" }, { N: "1" }],
    [{ SS: ["1"] }, { NS: ["1"] }],
    [{ SS: ["AA=="] }, { BS: ["AA=="] }],
    [{ SS: ["a", "b"] }, { SS: ["a"] }],
    [{ SS: ["a", "b"] }, { SS: ["a", "c"] }],
    [{ L: [{ S: "a" }, { S: "b" }] }, { L: [{ S: "b" }, { S: "a" }] }],
    [{ L: [{ S: "a" }] }, { L: [{ S: "a" }, { S: "a" }] }],
    [{ L: [] }, { M: {} }],
    [{ M: { a: { S: "x" } } }, { M: { b: { S: "x" } } }],
    [{ M: { a: { S: "x" } } }, { M: { a: { S: "y" } } }],
    [{ M: { constructor: { S: "x" } } }, { M: { a: { S: "x" } } }],
    [{ BOOL: true }, { BOOL: false }],
    [{ NULL: true }, { BOOL: true }],
  ];
  for (const [left, right] of unequal) {
    assert.ok(!equalValues(left, right));
    assert.ok(!equalValues(right, left));
  }
});

test("values are equal exactly where they are written alike, members of sets and maps in one order", () => {
  fc.assert(
    fc.property(arbitraryValue, arbitraryValue, (left, right) => {
      assert.ok(equalValues(left, structuredClone(left)));
      assert.equal(equalValues(left, right), sorted(left) === sorted(right));
    }),
    { numRuns: 1_000 },
  );
});

function order(left: AttributeValue, right: AttributeValue): number {
  const result = compareValues(left, right);
  assert.notEqual(result, undefined);
  return result ?? 0;
}

function sorted(value: AttributeValue): string {
  const members = value.SS ?? value.NS ?? value.BS;
  if (members !== undefined) return `${Object.keys(value).join()} ${JSON.stringify([...members].sort())}`;
  if (value.L !== undefined) return `L ${JSON.stringify(value.L.map(sorted))}`;
  if (value.M === undefined) return JSON.stringify(value);
  return `M ${JSON.stringify(
    Object.entries(value.M)
      .map(([name, inner]) => `${JSON.stringify(name)} ${sorted(inner)}`)
      .sort(),
  )}`;
}
