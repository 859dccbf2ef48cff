import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {
  findingAt,
  nestedValue,
  operations,
  refusalOf,
  wordingOf,
  type Name,
} from "../../test/fixtures/refused-requests.ts";
import { checkRequest } from "./check-request.ts";
import { ServiceError } from "./errors.ts";

const nestingText =
  "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit";

test("values nested a hundred thousand levels deep are refused for it", () => {
  const deep = nestedValue(100_000);
  assert.equal(refusalOf("PutItem", { TableName: "abc", Item: { a: deep } }).message, nestingText);
  assert.equal(
    refusalOf("BatchWriteItem", { RequestItems: { abc: [{ PutRequest: { Item: { a: deep } } }] } }).message,
    nestingText,
  );
  assert.match(
    refusalOf("BatchGetItem", { RequestItems: { "a!b": { Keys: [{ a: deep }] } } }).message,
    /Map keys must/,
  );
  assert.deepEqual(checkRequest("GetItem", "current", { TableName: "abc", Key: {}, Deep: deep }), {
    TableName: "abc",
    Key: {},
  });
});

test("a very deep value makes the older layer read the request", () => {
  const request = { TableName: "abc", Item: { a: nestedValue(63) }, ReturnValues: "BOGUS" };
  assert.equal(
    refusalOf("PutItem", request).message,
    `1 validation error detected: ${findingAt("returnValues", "BOGUS", "satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]")}`,
  );
  assert.equal(
    refusalOf("PutItem", { ...request, Item: { a: nestedValue(40) } }).message,
    `1 validation error detected: Failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]`,
  );
});

test("the echo of a large request is cut", () => {
  const list = { L: Array.from({ length: 50_000 }, () => ({ NULL: true })) };
  const { message } = refusalOf("BatchWriteItem", {
    RequestItems: { abc: Array(26).fill({ PutRequest: { Item: { list } } }) },
  });
  assert.ok(message.length < 300_000, `${message.length} characters`);
});

test("whatever JSON is sent to whatever operation, the only error is the service's", () => {
  fc.assert(
    fc.property(fc.constantFrom(...operations), fc.jsonValue(), (operation, request) => {
      refusedOrRead(operation, request);
    }),
    { numRuns: 2000 },
  );
});

const members = fc.constantFrom(
  ...[
    "TableName",
    "Key",
    "Item",
    "RequestItems",
    "TransactItems",
    "KeySchema",
    "Keys",
    "PutRequest",
    "Put",
    "S",
    "M",
  ],
  ...[
    "L",
    "B",
    "SS",
    "Limit",
    "AttributesToGet",
    "Expected",
    "ReturnValues",
    "ProvisionedThroughput",
    "__proto__",
  ],
);
const { lookalike } = fc.letrec((tie) => ({
  lookalike: fc.oneof(
    { maxDepth: 6 },
    fc.constantFrom(null, true, 0, -1, 1.5, 1e400, "", "abc", "a!", "QQ==", "NONE"),
    fc.array(tie("lookalike"), { maxLength: 3 }),
    fc.dictionary(members, tie("lookalike"), { maxKeys: 4 }),
  ),
}));

test("whatever looks like a request, the only error is the service's", () => {
  fc.assert(
    fc.property(fc.constantFrom(...operations), fc.dictionary(members, lookalike), (operation, request) => {
      refusedOrRead(operation, request);
    }),
    { numRuns: 3000 },
  );
});

function refusedOrRead(operation: Name, request: unknown): void {
  try {
    const input = checkRequest(operation, wordingOf(operation), request);
    assert.deepEqual(
      checkRequest(operation, wordingOf(operation), input),
      input,
      "a checked request is sound",
    );
  } catch (error) {
    assert.ok(error instanceof ServiceError, String(error));
  }
}
