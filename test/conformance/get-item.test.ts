import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  GetItemCommand,
  PutItemCommand,
  type AttributeValue,
  type GetItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { createItemTable } from "./item-tables.ts";
import { rawCall, rawRefusal, refusalOf, validation } from "./refusals.ts";
import { startTestServer, type TestServer } from "./server.ts";

const song: Record<string, AttributeValue> = {
  pk: { S: "Björk" },
  sk: { N: "1997" },
  title: { S: "Jóga" },
  places: { L: [{ S: "zero" }, { M: { a: { N: "1" }, b: { N: "2" } } }, { S: "two" }] },
  toString: { S: "own" },
};

let server: TestServer;
before(async () => {
  server = await startTestServer();
  await createItemTable(server.client, "songs", ["pk", "S"], ["sk", "N"]);
  await createItemTable(server.client, "blobs", ["pk", "B"]);
  await server.client.send(new PutItemCommand({ TableName: "songs", Item: song }));
});
after(() => server.close());

const Key = { pk: { S: "Björk" }, sk: { N: "1997" } };

function get(input: Partial<GetItemCommandInput> = {}) {
  return server.client.send(new GetItemCommand({ TableName: "songs", Key, ...input }));
}

describe("GetItem", () => {
  test("returns the whole item by its key, however its numbers are written", async () => {
    assert.deepEqual((await get()).Item, song);
    assert.deepEqual((await get({ Key: { ...Key, sk: { N: "1.997E+3" } } })).Item, song);
    assert.deepEqual((await get({ ConsistentRead: true })).Item, song);
  });

  test("answers without Item where there is none", async () => {
    const { body } = await rawCall(server.endpoint, "GetItem", {
      TableName: "songs",
      Key: { ...Key, sk: { N: "0" } },
    });
    assert.deepEqual(body, {});
  });

  const projections: readonly (readonly [string, Partial<GetItemCommandInput>, object])[] = [
    ["top-level attributes", { ProjectionExpression: "title, sk" }, { title: song["title"], sk: song["sk"] }],
    [
      "list elements, compacted and ascending",
      { ProjectionExpression: "places[2], places[0]" },
      { places: { L: [{ S: "zero" }, { S: "two" }] } },
    ],
    [
      "two members of one element together",
      { ProjectionExpression: "places[1].b, places[1].a" },
      { places: { L: [{ M: { a: { N: "1" }, b: { N: "2" } } }] } },
    ],
    [
      "names through placeholders",
      { ProjectionExpression: "#t", ExpressionAttributeNames: { "#t": "toString" } },
      { toString: { S: "own" } },
    ],
    ["nothing that is there", { ProjectionExpression: "nowhere, title.x, places[9]" }, {}],
    [
      "inherited members as absent",
      { ProjectionExpression: "#p", ExpressionAttributeNames: { "#p": "hasOwnProperty" } },
      {},
    ],
    ["AttributesToGet", { AttributesToGet: ["title", "nowhere"] }, { title: song["title"] }],
  ];
  for (const [title, input, expected] of projections) {
    test(`projects ${title}`, async () => {
      assert.deepEqual({ ...(await get(input)).Item }, expected);
    });
  }

  test("capacity counts started 4 KB, half of that when eventually consistent", async () => {
    const Item = { ...Key, sk: { N: "1" }, a: { S: "x".repeat(4097) } };
    await server.client.send(new PutItemCommand({ TableName: "songs", Item }));
    const capacity = async (input: Partial<GetItemCommandInput>) =>
      (await get({ ReturnConsumedCapacity: "TOTAL", ...input })).ConsumedCapacity;
    const total = (CapacityUnits: number) => ({ TableName: "songs", CapacityUnits });
    const large = { ...Key, sk: { N: "1" } };
    const absent = { ...Key, sk: { N: "2" } };
    assert.deepEqual(await capacity({}), total(0.5));
    assert.deepEqual(await capacity({ ConsistentRead: true }), total(1));
    assert.deepEqual(await capacity({ Key: large }), total(1));
    assert.deepEqual(await capacity({ Key: large, ConsistentRead: true }), total(2));
    assert.deepEqual(await capacity({ Key: large, ProjectionExpression: "sk" }), total(1));
    assert.deepEqual(await capacity({ Key: absent }), total(0.5));
    assert.deepEqual(await capacity({ Key: absent, ConsistentRead: true }), total(1));
    assert.deepEqual(await capacity({ ReturnConsumedCapacity: "INDEXES" }), {
      ...total(0.5),
      Table: { CapacityUnits: 0.5 },
    });
    assert.equal(await capacity({ ReturnConsumedCapacity: "NONE" }), undefined);
  });
});

describe("GetItem refuses", () => {
  const mismatch = "The provided key element does not match the schema";
  const emptyKey = (kind: string, name: string) =>
    `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${kind} value. Key: ${name}`;
  const text = "One or more parameter values were invalid";

  const refusals: readonly (readonly [string, Partial<GetItemCommandInput>, string])[] = [
    ["a key of another shape", { Key: { id: { S: "a" } } }, mismatch],
    ["a key without its sort key", { Key: { pk: { S: "a" } } }, mismatch],
    ["a key with one attribute more", { Key: { ...Key, more: { S: "a" } } }, mismatch],
    ["a key of another type", { Key: { pk: { S: "a" }, sk: { S: "1" } } }, mismatch],
    ["a key that is a list", { Key: { pk: { L: [] }, sk: { N: "1" } } }, mismatch],
    ["an empty key object", { Key: {} }, mismatch],
    ["an empty key", { Key: { ...Key, pk: { S: "" } } }, emptyKey("string", "pk")],
    [
      "an empty binary key",
      { TableName: "blobs", Key: { pk: { B: new Uint8Array() } } },
      emptyKey("binary", "pk"),
    ],
    [
      "a partition key that is too long",
      { Key: { ...Key, pk: { S: "x".repeat(2049) } } },
      `${text}: Size of hashkey has exceeded the maximum size limit of2048 bytes`,
    ],
    [
      "a bad number in the key, before it looks for the table",
      { TableName: "nowhere", Key: { ...Key, sk: { N: "abc" } } },
      "The parameter cannot be converted to a numeric value: abc",
    ],
    [
      "a repeated string in a set in the key",
      { Key: { ...Key, sk: { SS: ["b", "a", "b"] } } },
      `${text}: Input collection ["a", "b", "b"] contains duplicates.`,
    ],
    [
      "both styles of projection",
      { AttributesToGet: ["a"], ProjectionExpression: "a" },
      "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {AttributesToGet} Expression parameters: {ProjectionExpression}",
    ],
    [
      "names without expression",
      { ExpressionAttributeNames: { "#a": "a" } },
      "ExpressionAttributeNames can only be specified when using expressions",
    ],
    [
      "a name asked for twice",
      { AttributesToGet: ["a", "b", "a"] },
      `${text}: Duplicate value in attribute name: a`,
    ],
    [
      "an empty projection",
      { ProjectionExpression: "" },
      "Invalid ProjectionExpression: The expression can not be empty;",
    ],
    [
      "paths that overlap",
      { ProjectionExpression: "a, a.b" },
      "Invalid ProjectionExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a, b]",
    ],
    [
      "one path twice, through placeholders",
      { ProjectionExpression: "#a, #b", ExpressionAttributeNames: { "#a": "a", "#b": "a" } },
      "Invalid ProjectionExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a]",
    ],
    [
      "an unused name",
      { ProjectionExpression: "a", ExpressionAttributeNames: { "#b": "b" } },
      "Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}",
    ],
  ];
  for (const [title, input, message] of refusals) {
    test(title, async () => {
      assert.deepEqual(await refusalOf(get(input)), validation(message));
    });
  }

  test("a table that is not there, whatever the key", async () => {
    assert.deepEqual(await refusalOf(get({ TableName: "nowhere", Key: {} })), {
      name: "ResourceNotFoundException",
      message: "Requested resource not found",
    });
  });

  test("a request without key", async () => {
    assert.deepEqual(
      await rawRefusal(server.endpoint, "GetItem", { TableName: "songs" }),
      validation(
        "1 validation error detected: Value null at 'key' failed to satisfy constraint: Member must not be null",
      ),
    );
  });
});
