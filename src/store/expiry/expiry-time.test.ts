import assert from "node:assert/strict";
import { test } from "node:test";
import type { AttributeValue } from "../../model/attribute-value.ts";
import { expiredAt, expirySecond } from "./expiry-time.ts";

test("the second of an item is its number without decimals, if it is a time at all", () => {
  const cases: readonly [value: AttributeValue | undefined, second: number | undefined][] = [
    [{ N: "1790000000" }, 1_790_000_000],
    [{ N: "1790000000.999" }, 1_790_000_000],
    [{ N: "0" }, 0],
    [{ N: "0.5" }, 0],
    [{ N: "253402300799" }, 253_402_300_799],
    [{ N: "253402300799.5" }, 253_402_300_799],
    [{ N: "253402300800" }, undefined],
    [{ N: "1790000000000" }, undefined],
    [{ N: `1${"0".repeat(125)}` }, undefined],
    [{ N: "-1" }, undefined],
    [{ N: "-0.5" }, undefined],
    [{ S: "1790000000" }, undefined],
    [{ NS: ["1790000000"] }, undefined],
    [{ NULL: true }, undefined],
    [undefined, undefined],
  ];
  for (const [value, second] of cases) {
    assert.equal(
      expirySecond(value === undefined ? {} : { end: value }, "end"),
      second,
      JSON.stringify(value),
    );
  }
  assert.equal(expirySecond(undefined, "end"), undefined);
  for (const name of ["__proto__", "constructor"]) assert.equal(expirySecond({}, name), undefined);
});

test("an item has expired once its second is less than the time, and five years later it counts no more", () => {
  const fiveYears = 157_680_000;
  const second = 1_790_000_000;
  const hasExpired = (moment: number) => {
    const { from, until } = expiredAt(moment);
    return from <= second && second < until;
  };
  assert.equal(hasExpired(second * 1000), false);
  assert.equal(hasExpired(second * 1000 + 1), true);
  assert.equal(hasExpired((second + fiveYears) * 1000), true);
  assert.equal(hasExpired((second + fiveYears) * 1000 + 1), false);
  assert.deepEqual(expiredAt(-5), { from: 0, until: 0 });
  assert.deepEqual(expiredAt(1), { from: 0, until: 1 });
});
