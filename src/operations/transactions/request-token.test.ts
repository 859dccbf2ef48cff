import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { idempotencyToken } from "./request-token.ts";

const caller = { accountId: "000000000000", region: "us-east-1", accessKeyId: "test" };

function fingerprint(content: unknown): string | undefined {
  const token = idempotencyToken(caller, { operation: "TransactWriteItems", token: "t", content });
  return token && Buffer.from(token.fingerprint).toString("hex");
}

/** The same content with the members of all objects the other way round. */
function turned(content: unknown): unknown {
  if (typeof content !== "object" || content === null) return content;
  if (Array.isArray(content)) return content.map(turned);
  const members = Object.entries(content).map(([name, value]) => [name, turned(value)] as const);
  return Object.fromEntries(members.toReversed());
}

test("a request without a token has none", () => {
  const request = { operation: "TransactWriteItems", token: undefined, content: [] } as const;
  assert.equal(idempotencyToken(caller, request), undefined);
});

test("operations do not share tokens", () => {
  const content = [{ a: 1 }];
  const [write, execute] = (["TransactWriteItems", "ExecuteTransaction"] as const).map((operation) =>
    idempotencyToken(caller, { operation, token: "t", content }),
  );
  assert.notEqual(write?.token, execute?.token);
});

test("a fingerprint tells contents apart, and not the order in which members stand", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      assert.equal(fingerprint(one), fingerprint(turned(one)));
      const areSame = JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
      assert.equal(fingerprint(one) === fingerprint(other), areSame);
    }),
  );
});

/** Content in which the members of objects stand in one order. */
function sorted(content: unknown): unknown {
  if (typeof content !== "object" || content === null) return content;
  if (Array.isArray(content)) return content.map(sorted);
  const members = Object.entries(content).map(([name, value]) => [name, sorted(value)] as const);
  return { members: members.sort(([left], [right]) => (left < right ? -1 : 1)) };
}

test("members called like those of every object count", () => {
  const one: unknown = JSON.parse('{"Item":{"__proto__":{"S":"a"},"constructor":{"S":"b"}}}');
  const other: unknown = JSON.parse('{"Item":{"constructor":{"S":"b"},"__proto__":{"S":"c"}}}');
  assert.notEqual(fingerprint(one), fingerprint(other));
  assert.equal(
    fingerprint(one),
    fingerprint(JSON.parse('{"Item":{"constructor":{"S":"b"},"__proto__":{"S":"a"}}}')),
  );
});
