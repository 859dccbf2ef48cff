import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { arbitraryNumber, arbitraryScalar } from "../../test/fixtures/arbitrary-values.ts";
import { compareBytes } from "../base/bytes.ts";
import { compareValues } from "./compare.ts";
import { keyBytes } from "./key-bytes.ts";
import { canonicalNumber } from "./number.ts";

test("strings and binaries are their own bytes", () => {
  assert.deepEqual([...keyBytes({ S: "aé" })], [0x61, 0xc3, 0xa9]);
  assert.deepEqual([...keyBytes({ B: "AP8=" })], [0x00, 0xff]);
});

// These bytes are on disk: a change of them needs a new format of the data folder.
test("numbers are a sign, a power of a hundred and pairs of digits", () => {
  assert.deepEqual(hex("0"), "02");
  assert.deepEqual(hex("1"), "034202");
  assert.deepEqual(hex("100"), "034302");
  assert.deepEqual(hex("0.5"), "034133");
  assert.deepEqual(hex("12.34"), "03420d23");
  assert.deepEqual(hex("-12.34"), "01bdf2dcff");
  assert.deepEqual(hex("-1"), "01bdfdff");
});

test("numbers order by their bytes through the whole range", () => {
  const ascending = [
    ...["-9.9e125", "-1e125", "-123", "-100.5", "-100", "-99.5", "-99", "-12.5", "-12", "-2", "-1.5", "-1"],
    ...["-0.15", "-0.1", "-0.015", "-1e-129", "-1.1e-130", "-1e-130", "0", "1e-130", "1.1e-130", "1e-129"],
    ...[
      "0.015",
      "0.1",
      "0.15",
      "1",
      "1.5",
      "2",
      "12",
      "12.5",
      "99",
      "99.5",
      "100",
      "100.5",
      "123",
      "1e125",
      "9.9e125",
    ],
  ].map((number) => canonicalNumber(number, "current"));
  const shuffled = ascending.toSorted();
  assert.deepEqual(
    shuffled.toSorted((left, right) => compareBytes(keyBytes({ N: left }), keyBytes({ N: right }))),
    ascending,
  );
});

test("bytes order as values compare", () => {
  fc.assert(
    fc.property(arbitraryScalar, arbitraryScalar, (left, right) => {
      const order = compareValues(left, right);
      if (order === undefined) return;
      assert.equal(Math.sign(compareBytes(keyBytes(left), keyBytes(right))), Math.sign(order));
    }),
    { numRuns: 3_000 },
  );
});

test("a number takes at most 23 bytes, none of them zero", () => {
  fc.assert(
    fc.property(arbitraryNumber, (number) => {
      const bytes = keyBytes({ N: number });
      assert.ok(bytes.length <= 23);
      assert.ok(!bytes.includes(0));
    }),
  );
});

function hex(number: string): string {
  return Buffer.from(keyBytes({ N: number })).toString("hex");
}
