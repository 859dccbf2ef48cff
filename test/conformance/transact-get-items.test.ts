import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  TransactGetItemsCommand,
  type TransactGetItem,
  type TransactGetItemsCommandInput,
} from "@aws-sdk/client-dynamodb";
import { cancellationOf, cancelled, invalidAction } from "./cancellations.ts";
import { putItems, type Item } from "./indexed-tables.ts";
import { createItemTable } from "./item-tables.ts";
import { rawCall, rawRefusal, refusalOf, validation } from "./refusals.ts";
import { startTestServer, type TestServer } from "./server.ts";

let server: TestServer;
before(async () => {
  server = await startTestServer();
  await createItemTable(server.client, "pets", ["pk", "S"]);
  await createItemTable(server.client, "songs", ["pk", "S"], ["sk", "N"]);
  await createItemTable(server.client, "odd", ["__proto__", "S"]);
  await putItems(server.client, "pets", [cat, dog]);
  await putItems(server.client, "songs", [song]);
});
after(() => server.close());

const cat = { pk: { S: "cat" }, n: { N: "1" }, m: { M: { a: { N: "2" }, b: { N: "3" } } } };
const dog = { pk: { S: "dog" }, a: { S: "x".repeat(5000) } };
const song = { pk: { S: "song" }, sk: { N: "1" } };

function transactGet(TransactItems: TransactGetItem[], input: Partial<TransactGetItemsCommandInput> = {}) {
  return server.client.send(new TransactGetItemsCommand({ TransactItems, ...input }));
}

function get(Key: Item, more: Partial<TransactGetItem["Get"]> = {}): TransactGetItem {
  return { Get: { TableName: "pets", Key, ...more } };
}

function pk(S: string): Item {
  return { pk: { S } };
}

describe("TransactGetItems", () => {
  test("reads items of several tables in the order of the request", async () => {
    const { Responses, ConsumedCapacity } = await transactGet([
      get(song, { TableName: "songs" }),
      get(pk("absent")),
      get(pk("cat")),
    ]);
    assert.deepEqual(Responses, [{ Item: song }, {}, { Item: cat }]);
    assert.equal(ConsumedCapacity, undefined);
  });

  test("projects, and leaves out an item of which nothing was asked for", async () => {
    const { Responses } = await transactGet([
      get(pk("cat"), { ProjectionExpression: "#m.b, n", ExpressionAttributeNames: { "#m": "m" } }),
      get(pk("dog"), { ProjectionExpression: "n" }),
    ]);
    assert.deepEqual(Responses, [{ Item: { n: { N: "1" }, m: { M: { b: { N: "3" } } } } }, {}]);
    const { body } = await rawCall(server.endpoint, "TransactGetItems", {
      TransactItems: [get(pk("dog"), { ProjectionExpression: "n" }), get(pk("absent"))],
    });
    assert.deepEqual(body, { Responses: [{}, {}] });
  });

  test("costs twice what reading each item alone does, absent ones too", async () => {
    const items = [get(pk("dog")), get(pk("absent")), get(song, { TableName: "songs" }), get(pk("cat"))];
    const units = (count: number) => ({ CapacityUnits: count, ReadCapacityUnits: count });
    assert.deepEqual((await transactGet(items, { ReturnConsumedCapacity: "INDEXES" })).ConsumedCapacity, [
      { TableName: "pets", ...units(8), Table: units(8) },
      { TableName: "songs", ...units(2), Table: units(2) },
    ]);
    assert.deepEqual((await transactGet(items, { ReturnConsumedCapacity: "TOTAL" })).ConsumedCapacity, [
      { TableName: "pets", ...units(8) },
      { TableName: "songs", ...units(2) },
    ]);
  });

  test("keys may be called like members of every object", async () => {
    const key = '{"__proto__":{"S":"a"}}';
    await rawCall(server.endpoint, "PutItem", `{"TableName":"odd","Item":${key}}`);
    const request = `{"TransactItems":[{"Get":{"TableName":"odd","Key":${key}}}]}`;
    const { body } = await rawCall(server.endpoint, "TransactGetItems", request);
    assert.equal(JSON.stringify(body), `{"Responses":[{"Item":${key}}]}`);
  });

  test("reads up to 4 MB", async () => {
    const keys = Array.from({ length: 12 }, (_, index) => pk(`large ${index}`));
    for (const key of keys)
      await putItems(server.client, "pets", [{ ...key, a: { S: "x".repeat(350_000) } }]);
    const gets = keys.map((key) => get(key));
    assert.equal((await transactGet(gets.slice(0, 11))).Responses?.length, 11);
    assert.deepEqual(
      await refusalOf(transactGet(gets)),
      validation("The transaction payload size has exceeded the maximum allowed size of 4 MB"),
    );
  });
});

describe("what ends TransactGetItems", () => {
  const mismatch = invalidAction("The provided key element does not match the schema");

  test("a key of another shape cancels it", async () => {
    for (const key of [{}, { pk: { N: "5" } }, { pk: { L: [] } }, { ...pk("a"), b: { S: "b" } }]) {
      assert.deepEqual(
        await cancellationOf(transactGet([get(pk("cat")), get(key), get({})])),
        cancelled(undefined, mismatch, undefined),
      );
    }
  });

  test("more than 100 reads", async () => {
    const { name, message } = await refusalOf(
      transactGet(Array.from({ length: 101 }, (_, index) => get(pk(`${index}`)))),
    );
    assert.equal(name, "ValidationException");
    assert.match(
      message,
      /^1 validation error detected: Value '\[.+\]' at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to 100$/s,
    );
  });

  test("a missing table", async () => {
    assert.deepEqual(await refusalOf(transactGet([get(pk("cat")), get(pk(""), { TableName: "missing" })])), {
      name: "ResourceNotFoundException",
      message: "Requested resource not found",
    });
  });

  const rows: readonly [title: string, items: TransactGetItem[], message: string][] = [
    [
      "an empty key before one that cancels",
      [get({ pk: { N: "5" } }), get(pk(""))],
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk",
    ],
    [
      "one item twice",
      [get(pk("cat")), get(pk("cat"), { ProjectionExpression: "n" })],
      "Transaction request cannot include multiple operations on one item",
    ],
    [
      "a syntax error",
      [get(pk("cat"), { ProjectionExpression: "!!!" })],
      'Invalid ProjectionExpression: Syntax error; token: "!", near: "!!"',
    ],
    [
      "overlapping paths",
      [get(pk("cat"), { ProjectionExpression: "m, m.a" })],
      "Invalid ProjectionExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [m], path two: [m, a]",
    ],
    [
      "an unused name behind a later syntax error",
      [
        get(pk("cat"), { ProjectionExpression: "n", ExpressionAttributeNames: { "#a": "a" } }),
        get(pk("dog"), { ProjectionExpression: "n," }),
      ],
      'Invalid ProjectionExpression: Syntax error; token: "<EOF>", near: ","',
    ],
    [
      "an unused name before a missing table",
      [
        get(pk("cat"), { TableName: "missing" }),
        get(pk("cat"), { ProjectionExpression: "n", ExpressionAttributeNames: { "#a": "a" } }),
      ],
      "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a}",
    ],
    [
      "a set with duplicates in a key",
      [get({ pk: { NS: ["2", "1", "2"] } })],
      "Input collection contains duplicates",
    ],
    [
      "a bad number in a key",
      [get({ pk: { N: "abc" } })],
      "The parameter cannot be converted to a numeric value: abc",
    ],
  ];
  for (const [title, items, message] of rows) {
    test(title, async () => {
      assert.deepEqual(await refusalOf(transactGet(items)), validation(message));
    });
  }

  const members: readonly [title: string, request: object, message: string][] = [
    [
      "no reads",
      { TransactItems: [] },
      "1 validation error detected: Value '[]' at 'transactItems' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      "an empty read",
      { TransactItems: [{}] },
      "1 validation error detected: Value null at 'transactItems.1.member.get' failed to satisfy constraint: Member must not be null",
    ],
  ];
  for (const [title, request, message] of members) {
    test(title, async () => {
      assert.deepEqual(await rawRefusal(server.endpoint, "TransactGetItems", request), validation(message));
    });
  }
});
