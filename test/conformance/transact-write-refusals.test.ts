/** What TransactWriteItems refuses as a whole, and which fault it tells when there are several. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { ScanCommand, TransactWriteItemsCommand, type TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { cancellationOf, cancelled, invalidAction } from "./cancellations.ts";
import { createIndexedTable, type Item } from "./indexed-tables.ts";
import { createItemTable } from "./item-tables.ts";
import { rawRefusal, refusalOf, validation } from "./refusals.ts";
import { startTestServer, type TestServer } from "./server.ts";
import { check, nested, pk, put, remove, update } from "./transact-items.ts";

let server: TestServer;
before(async () => {
  server = await startTestServer();
  await createItemTable(server.client, "pets", ["pk", "S"]);
  await createItemTable(server.client, "songs", ["pk", "S"], ["sk", "N"]);
  await createItemTable(server.client, "blobs", ["pk", "B"]);
  await createIndexedTable(server.client, "indexed", {
    hash: ["pk S"],
    range: ["sk N"],
    global: { ByColour: { hash: ["colour S"] }, ByCode: { hash: ["code B"] } },
  });
});
after(() => server.close());

function transactWrite(TransactItems: TransactWriteItem[]) {
  return server.client.send(new TransactWriteItemsCommand({ TransactItems }));
}

describe("what ends TransactWriteItems before it begins", () => {
  const missing = { Put: { TableName: "missing", Item: pk("a") } };
  const emptyKey =
    "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk";
  const values = (value: Item[string]) => ({ ExpressionAttributeValues: { ":v": value } });
  const tooDeep =
    "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit";

  const rows: readonly [title: string, items: TransactWriteItem[], message: string][] = [
    [
      "an action of two members",
      [{ ...put(pk("a")), ...remove(pk("b")) }],
      "TransactItems can only contain one of Check, Put, Update or Delete",
    ],
    [
      "an action of none",
      [{}],
      "Invalid Request: TransactWriteRequest should contain Delete or Put or Update request",
    ],
    [
      "a syntax error",
      [put(pk("a"), { ConditionExpression: "attribute_exists(" })],
      'Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "("',
    ],
    [
      "an expression that is too long",
      [put(pk("a"), { ConditionExpression: `attribute_exists(${"a".repeat(4091)})` })],
      "Invalid ConditionExpression: Expression size has exceeded the maximum allowed size; expression size: 4109",
    ],
    [
      "an update expression that is too long",
      [update(pk("a"), `REMOVE ${"a".repeat(4091)}`)],
      "Invalid UpdateExpression: Expression size has exceeded the maximum allowed size;",
    ],
    [
      "a bad number in an item",
      [put({ ...pk("a"), n: { N: "abc" } })],
      "The parameter cannot be converted to a numeric value: abc",
    ],
    [
      "a bad number in a value",
      [update(pk("a"), "SET n = :v", values({ N: "" }))],
      "ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric value for key :v",
    ],
    [
      "a set with duplicates in an item",
      [put({ ...pk("a"), s: { SS: ["b", "a", "b"] } })],
      "One or more parameter values were invalid: Input collection [b, a, b] contains duplicates.",
    ],
    [
      "a set with duplicates in a value",
      [update(pk("a"), "SET n = :v", values({ NS: ["1", "1.0"] }))],
      "ExpressionAttributeValues contains invalid value: Input collection contains duplicates for key :v",
    ],
    [
      "an item that is too large",
      [put({ ...pk("a"), a: { S: "x".repeat(409_598) } })],
      "Item size has exceeded the maximum allowed size",
    ],
    ["an item that is too deep", [put({ ...pk("a"), a: nested(32) })], tooDeep],
    ["a key that is too deep", [remove({ pk: nested(32) })], tooDeep],
    [
      "a value that is much too deep",
      [check(pk("a"), "a = :v", values(nested(40)))],
      `ExpressionAttributeValues contains invalid value: ${tooDeep} for key :v`,
    ],
    ["an empty attribute name", [put({ ...pk("a"), "": { S: "x" } })], "Empty attribute name"],
    [
      "an empty attribute name before what is too deep",
      [put({ ...pk("a"), a: nested(32), "": { S: "x" } })],
      "Empty attribute name",
    ],
    [
      "what is too deep before an empty name inside",
      [put({ ...pk("a"), a: { M: { "": { S: "x" }, b: nested(32) } } })],
      tooDeep,
    ],
    [
      "a syntax error before a key that is too deep",
      [remove({ pk: nested(32) }, { ConditionExpression: "a =" })],
      'Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "="',
    ],
    [
      "unused values",
      [check(pk("a"), "attribute_exists(pk)", values({ S: "x" }))],
      "Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}",
    ],
    [
      "empty values",
      [put(pk("a"), { ConditionExpression: "attribute_exists(pk)", ExpressionAttributeValues: {} })],
      "ExpressionAttributeValues must not be empty",
    ],
    [
      "the first fault of two alike",
      [put({ ...pk("a"), n: { N: "x" } }), put({ ...pk("b"), n: { N: "y" } })],
      "The parameter cannot be converted to a numeric value: x",
    ],
    [
      "a later syntax error before an earlier unused value",
      [
        check(pk("a"), "attribute_exists(pk)", values({ S: "x" })),
        put(pk("b"), { ConditionExpression: "a =" }),
      ],
      'Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "="',
    ],
    [
      "a later unused value before an earlier missing table and duplicates",
      [missing, put(pk("a")), put(pk("a")), check(pk("b"), "attribute_exists(pk)", values({ S: "x" }))],
      "Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}",
    ],
    ["an empty key to put", [put(pk(""))], emptyKey],
    ["an empty key to delete", [remove(pk(""))], emptyKey],
    ["an empty key to check", [check(pk(""), "attribute_exists(pk)")], emptyKey],
    ["an empty key to update", [update(pk(""), "REMOVE a")], emptyKey],
    ["an empty key before one that cancels", [put({ pk: { N: "5" } }), put(pk(""))], emptyKey],
    [
      "an empty binary key",
      [{ Delete: { TableName: "blobs", Key: { pk: { B: new Uint8Array() } } } }],
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty binary value. Key: pk",
    ],
    [
      "a key that is too long",
      [put(pk("x".repeat(2049)))],
      "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes",
    ],
    [
      "an empty index key to put",
      [{ Put: { TableName: "indexed", Item: { pk: { S: "a" }, sk: { N: "1" }, colour: { S: "" } } } }],
      "One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: ByColour, IndexKey: colour",
    ],
    [
      "an empty index key by an update",
      [
        update({}, "SET code = :v", {
          TableName: "indexed",
          Key: { pk: { S: "a" }, sk: { N: "1" } },
          ...values({ B: new Uint8Array() }),
        }),
      ],
      "One or more parameter values are not valid. The update expression attempted to update a secondary index key to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty binary value.",
    ],
    [
      "two actions on one item",
      [put(pk("a")), put(pk("b")), remove(pk("a"))],
      "Transaction request cannot include multiple operations on one item",
    ],
    [
      "two actions on one item by its table's name and ARN",
      [put(pk("a")), remove(pk("a"), { TableName: "arn:aws:dynamodb:us-east-1:000000000000:table/pets" })],
      "Transaction request cannot include multiple operations on one item",
    ],
    [
      "two actions on one item by numbers written differently",
      [
        { Put: { TableName: "songs", Item: { pk: { S: "a" }, sk: { N: "1.0" } } } },
        { Delete: { TableName: "songs", Key: { sk: { N: "1" }, pk: { S: "a" } } } },
      ],
      "Transaction request cannot include multiple operations on one item",
    ],
    [
      "two actions on one item before a condition that is false",
      [put(pk("a")), check(pk("a"), "attribute_exists(nothing)")],
      "Transaction request cannot include multiple operations on one item",
    ],
  ];

  for (const [title, items, message] of rows) {
    test(title, async () => {
      assert.deepEqual(await refusalOf(transactWrite(items)), validation(message));
    });
  }

  test("a key of another shape cancels before duplicates are looked for", async () => {
    assert.deepEqual(
      await cancellationOf(transactWrite([put(pk("a")), put(pk("a")), remove({ pk: { N: "5" } })])),
      cancelled(undefined, undefined, invalidAction("The provided key element does not match the schema")),
    );
  });

  test("a missing table", async () => {
    assert.deepEqual(await refusalOf(transactWrite([put(pk("")), missing])), {
      name: "ResourceNotFoundException",
      message: "Requested resource not found",
    });
  });

  const members: readonly [title: string, request: object, message: string][] = [
    [
      "no actions",
      { TransactItems: [] },
      "1 validation error detected: Value '[]' at 'transactItems' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      "a token of 37, with capacity of an unknown kind",
      { TransactItems: [put(pk("a"))], ClientRequestToken: "x".repeat(37), ReturnConsumedCapacity: "SOME" },
      `2 validation errors detected: Value '${"x".repeat(37)}' at 'clientRequestToken' failed to satisfy constraint: Member must have length less than or equal to 36; Value 'SOME' at 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]`,
    ],
    [
      "two unknown kinds",
      { TransactItems: [put(pk("a"))], ReturnItemCollectionMetrics: "ALL", ReturnConsumedCapacity: "SOME" },
      "2 validation errors detected: Value 'SOME' at 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]; Value 'ALL' at 'returnItemCollectionMetrics' failed to satisfy constraint: Member must satisfy enum value set: [SIZE, NONE]",
    ],
    [
      "an update without its expression",
      { TransactItems: [{ Update: { TableName: "pets", Key: pk("a") } }] },
      "1 validation error detected: Value null at 'transactItems.1.member.update.updateExpression' failed to satisfy constraint: Member must not be null",
    ],
  ];
  for (const [title, request, message] of members) {
    test(title, async () => {
      assert.deepEqual(await rawRefusal(server.endpoint, "TransactWriteItems", request), validation(message));
    });
  }

  test("more than 100 actions", async () => {
    const items = Array.from({ length: 101 }, (_, index) => put(pk(`${index}`)));
    const { name, message } = await refusalOf(transactWrite(items));
    assert.equal(name, "ValidationException");
    assert.match(
      message,
      /^1 validation error detected: Value '\[TransactWriteItem\(.+\)\]' at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to 100$/s,
    );
  });

  test("nothing was written by any of these", async () => {
    for (const TableName of ["pets", "songs", "blobs", "indexed"]) {
      const { Items } = await server.client.send(new ScanCommand({ TableName, ConsistentRead: true }));
      assert.deepEqual(Items, []);
    }
  });
});
