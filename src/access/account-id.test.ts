import assert from "node:assert/strict";
import test from "node:test";
import { accountIdOf } from "./account-id.ts";

const cases: readonly [accessKeyId: string, accountId: string | undefined][] = [
  ["123456789012", "123456789012"],
  ["12345678901", undefined],
  ["12345678901a", undefined],
  ["AKIAIOSFODNN7EXAMPLE", "581039954779"],
  ["ASIAQNZGKIQY56JQ7WML", "029608264753"],
  // Neither 1 nor 8 is a digit of base32.
  ["AKIA1OSFODNN7EXAMPLE", undefined],
  ["AKIA7777777777777777", undefined],
  ["AROAIOSFODNN7EXAMPLE", undefined],
  ["fakeMyKeyId", undefined],
  ["", undefined],
];

for (const [accessKeyId, accountId] of cases) {
  test(`the access key id "${accessKeyId}" names ${accountId ?? "no account"}`, () => {
    assert.equal(accountIdOf(accessKeyId), accountId);
  });
}
