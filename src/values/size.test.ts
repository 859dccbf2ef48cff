import assert from "node:assert/strict";
import test from "node:test";
import type { AttributeValue } from "../model/attribute-value.ts";
import { itemSize, valueSize } from "./size.ts";

test("every type counts the service's bytes", () => {
  const sizes: readonly (readonly [value: AttributeValue, bytes: number])[] = [
    [{ S: "" }, 0],
    [{ S: "abc" }, 3],
    [{ S: "é€\u{1f600}" }, 9],
    [{ S: "x".repeat(1_000) }, 1_000],
    [{ S: "é".repeat(1_000) }, 2_000],
    [{ N: "0" }, 1],
    [{ N: "-1.5" }, 4],
    [{ B: "" }, 0],
    [{ B: "AA==" }, 1],
    [{ B: "AAA=" }, 2],
    [{ B: "AAAA" }, 3],
    [{ BOOL: true }, 1],
    [{ BOOL: false }, 1],
    [{ NULL: true }, 1],
    [{ SS: ["a", "", "é"] }, 3],
    [{ NS: ["1", "123"] }, 5],
    [{ BS: ["", "AA==", "AAAA"] }, 4],
    [{ L: [] }, 3],
    [{ L: [{ S: "ab" }, { N: "1" }] }, 9],
    [{ M: {} }, 3],
    [{ M: { key: { S: "ab" } } }, 9],
    [{ M: { a: { L: [{ M: {} }] } } }, 3 + 1 + 1 + 3 + 1 + 3],
  ];
  assert.deepEqual(
    sizes.map(([value]) => [value, valueSize(value)]),
    sizes,
  );
});

test("an item counts its names and values", () => {
  assert.equal(itemSize({}), 0);
  assert.equal(itemSize({ pk: { S: "abc" }, né: { N: "12" }, constructor: { N: "0" } }), 5 + 5 + 12);
});
