import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  PutItemCommand,
  type AttributeValue,
  type BatchGetItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { createItemTable } from "./item-tables.ts";
import { rawRefusal, refusalOf, validation } from "./refusals.ts";
import { startTestServer, type TestServer } from "./server.ts";

let server: TestServer;
before(async () => {
  server = await startTestServer();
  await createItemTable(server.client, "pets", ["pk", "S"]);
  await createItemTable(server.client, "songs", ["pk", "S"], ["sk", "N"]);
  await createItemTable(server.client, "__proto__", ["pk", "S"]);
  const put = (...items: readonly Record<string, AttributeValue>[]) =>
    items.map((Item) => ({ PutRequest: { Item } }));
  await server.client.send(
    new BatchWriteItemCommand({
      RequestItems: {
        pets: put({ pk: { S: "a" }, n: { N: "1" }, m: { M: { x: { S: "y" } } } }, { pk: { S: "b" } }),
        songs: put({ pk: { S: "a" }, sk: { N: "1" }, title: { S: "t" } }),
      },
    }),
  );
});
after(() => server.close());

type RequestItems = NonNullable<BatchGetItemCommandInput["RequestItems"]>;

function batchGet(RequestItems: RequestItems, input: Partial<BatchGetItemCommandInput> = {}) {
  return server.client.send(new BatchGetItemCommand({ RequestItems, ...input }));
}

function keysOf(...names: readonly string[]): Record<string, AttributeValue>[] {
  return names.map((S) => ({ pk: { S } }));
}

describe("BatchGetItem", () => {
  test("reads items of several tables, each its own way", async () => {
    const answer = await batchGet(
      {
        pets: {
          Keys: keysOf("b", "absent", "a"),
          ProjectionExpression: "#n, m.x",
          ExpressionAttributeNames: { "#n": "n" },
        },
        songs: {
          Keys: [{ pk: { S: "a" }, sk: { N: "1.0" } }],
          ConsistentRead: true,
          ProjectionExpression: "title",
        },
      },
      { ReturnConsumedCapacity: "INDEXES" },
    );
    assert.deepEqual(answer.Responses, {
      pets: [{}, { n: { N: "1" }, m: { M: { x: { S: "y" } } } }],
      songs: [{ title: { S: "t" } }],
    });
    assert.deepEqual(answer.UnprocessedKeys, {});
    assert.deepEqual(answer.ConsumedCapacity, [
      { TableName: "pets", CapacityUnits: 1.5, Table: { CapacityUnits: 1.5 } },
      { TableName: "songs", CapacityUnits: 1, Table: { CapacityUnits: 1 } },
    ]);
  });

  test("takes the older AttributesToGet", async () => {
    const answer = await batchGet({ pets: { Keys: keysOf("a"), AttributesToGet: ["n", "nowhere"] } });
    assert.deepEqual(answer.Responses, { pets: [{ n: { N: "1" } }] });
  });

  test("a table of which nothing is found has an empty list", async () => {
    const answer = await batchGet({ pets: { Keys: keysOf("absent") } });
    assert.deepEqual(answer.Responses, { pets: [] });
    assert.equal(answer.ConsumedCapacity, undefined);
  });

  test("a table may be called like a member of every object", async () => {
    await server.client.send(new PutItemCommand({ TableName: "__proto__", Item: { pk: { S: "p" } } }));
    const response = await fetch(server.endpoint, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": "DynamoDB_20120810.BatchGetItem",
        "x-amz-date": "20261121T120000Z",
        authorization:
          "AWS4-HMAC-SHA256 Credential=test/20261121/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
      },
      body: '{"RequestItems":{"__proto__":{"Keys":[{"pk":{"S":"p"}}]}}}',
    });
    assert.equal(
      await response.text(),
      '{"Responses":{"__proto__":[{"pk":{"S":"p"}}]},"UnprocessedKeys":{}}',
    );
  });

  test("leaves what goes over 16 MB for the next call, and reading on gets all", async () => {
    const names = Array.from({ length: 50 }, (_, index) => `large-${index}`);
    for (const S of names) {
      const Item = { pk: { S }, a: { S: "x".repeat(400_000) } };
      await server.client.send(new PutItemCommand({ TableName: "pets", Item }));
    }
    let pending: RequestItems | undefined = {
      pets: { Keys: keysOf(...names), ProjectionExpression: "pk", ConsistentRead: true },
    };
    const seen: (string | undefined)[] = [];
    const counts: number[] = [];
    while (pending?.["pets"] !== undefined) {
      const answer = await batchGet(pending, { ReturnConsumedCapacity: "TOTAL" });
      const items = answer.Responses?.["pets"] ?? [];
      assert.equal(answer.ConsumedCapacity?.[0]?.CapacityUnits, items.length * 98);
      counts.push(items.length);
      seen.push(...items.map(({ pk }) => pk?.S));
      pending = answer.UnprocessedKeys;
      if (pending?.["pets"] !== undefined) assert.equal(pending["pets"].ProjectionExpression, "pk");
    }
    // 41 items of 400,010 bytes or so fit into 16,777,216 bytes.
    assert.deepEqual(counts, [41, 9]);
    assert.deepEqual(seen, names);
  });
});

describe("BatchGetItem refuses", () => {
  const text = "One or more parameter values were invalid: ";
  const a = keysOf("a");

  const refusals: readonly (readonly [string, RequestItems, string])[] = [
    [
      "no table",
      {},
      "1 validation error detected: Value at 'RequestItems' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      "no key",
      { pets: { Keys: [] } },
      "1 validation error detected: Value at 'RequestItems.pets.member.Keys' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      "101 keys of one table",
      { pets: { Keys: keysOf(...Array.from({ length: 101 }, (_, index) => `k${index}`)) } },
      "1 validation error detected: Value at 'RequestItems.pets.member.Keys' failed to satisfy constraint: Member must have length less than or equal to 100",
    ],
    [
      "101 keys in all",
      {
        pets: { Keys: keysOf(...Array.from({ length: 100 }, (_, index) => `k${index}`)) },
        songs: { Keys: [{ pk: { S: "a" }, sk: { N: "1" } }] },
      },
      "Too many items requested for the BatchGetItem call",
    ],
    [
      "one key twice",
      { pets: { Keys: keysOf("a", "b", "a") } },
      "Provided list of item keys contains duplicates",
    ],
    [
      "one key twice, written in two ways, before it looks for the table",
      {
        nowhere: {
          Keys: [
            { pk: { S: "a" }, sk: { N: "1" } },
            { sk: { N: "1.0" }, pk: { S: "a" } },
          ],
        },
      },
      "Provided list of item keys contains duplicates",
    ],
    [
      "both styles of projection",
      { pets: { Keys: a, AttributesToGet: ["n"], ProjectionExpression: "n" } },
      "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {AttributesToGet} Expression parameters: {ProjectionExpression}",
    ],
    [
      "one style for one table and the other for another",
      {
        pets: { Keys: a, AttributesToGet: ["n"] },
        songs: { Keys: [{ pk: { S: "a" }, sk: { N: "1" } }], ProjectionExpression: "title" },
      },
      "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {AttributesToGet} Expression parameters: {ProjectionExpression}",
    ],
    [
      "one bad projection beside a good one",
      {
        songs: { Keys: [{ pk: { S: "a" }, sk: { N: "1" } }], ProjectionExpression: "title" },
        pets: { Keys: a, ProjectionExpression: "a, a" },
      },
      "Invalid ProjectionExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a]",
    ],
    [
      "names without expression",
      { pets: { Keys: a, ExpressionAttributeNames: { "#a": "a" } } },
      "ExpressionAttributeNames can only be specified when using expressions",
    ],
    [
      "a name asked for twice",
      { pets: { Keys: a, AttributesToGet: ["n", "n"] } },
      `${text}Duplicate value in attribute name: n`,
    ],
    [
      "a repeated string in a set in a key",
      { pets: { Keys: [{ pk: { SS: ["b", "a", "b"] } }] } },
      `${text}Input collection ["a", "b", "b"] contains duplicates.`,
    ],
    [
      "a key of another shape",
      { pets: { Keys: [{ id: { S: "a" } }] } },
      "The provided key element does not match the schema",
    ],
    [
      "an empty key",
      { pets: { Keys: keysOf("") } },
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk",
    ],
  ];
  for (const [title, input, message] of refusals) {
    test(title, async () => {
      assert.deepEqual(await refusalOf(batchGet(input)), validation(message));
    });
  }

  test("a bad table name and a bad ReturnConsumedCapacity together", async () => {
    assert.deepEqual(
      await rawRefusal(server.endpoint, "BatchGetItem", {
        RequestItems: { "bad!name": { Keys: [{ pk: { S: "a" } }] } },
        ReturnConsumedCapacity: "BOGUS",
      }),
      validation(
        `2 validation errors detected: Value '{"bad!name":{"Keys":[{"pk":{"S":"a"}}]}}' at 'requestItems' failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length less than or equal to 255, Member must have length greater than or equal to 3, Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+]; Value 'BOGUS' at 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]`,
      ),
    );
  });

  test("a table that is not there", async () => {
    assert.deepEqual(await refusalOf(batchGet({ pets: { Keys: a }, nowhere: { Keys: a } })), {
      name: "ResourceNotFoundException",
      message: "Requested resource not found",
    });
  });
});
