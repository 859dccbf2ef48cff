/** What writes to tables with indexes refuse. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  BatchWriteItemCommand,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type AttributeValue,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { createIndexedTable, type Item } from "./indexed-tables.ts";
import { refusalOf, validation } from "./refusals.ts";
import { startTestServer, type TestServer } from "./server.ts";

let server: TestServer;
before(async () => {
  server = await startTestServer();
  await createIndexedTable(server.client, "refusing", {
    hash: ["pk S"],
    range: ["sk S"],
    global: {
      last: { hash: ["g S"] },
      gsi: { hash: ["g S"], range: ["b B"], projection: "KEYS_ONLY" },
    },
    local: {
      lsi: { hash: ["pk S"], range: ["g S"], projection: "KEYS_ONLY" },
      numbers: { hash: ["pk S"], range: ["n N"], projection: "KEYS_ONLY" },
    },
  });
});
after(() => server.close());

const key = (sk: string): Item => ({ pk: { S: "a" }, sk: { S: sk } });

async function stored(TableName: string, Key: Item): Promise<Item | undefined> {
  const answer = await server.client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
  return answer.Item;
}

const invalidText = "One or more parameter values were invalid";
const unsupported = "One or more parameter values are not valid.";
const emptyGiven = (kind: string, index: string, name: string) =>
  `${unsupported} A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty ${kind} value. IndexName: ${index}, IndexKey: ${name}`;
const emptyUpdated = (kind: string) =>
  `${unsupported} The update expression attempted to update a secondary index key to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty ${kind} value.`;
const unsupportedType =
  "The update expression attempted to update the secondary index key to unsupported type";

describe("An item that is put is refused", () => {
  const refusals: readonly (readonly [string, Item, string])[] = [
    [
      "with an index key of another type, for the index whose name comes first",
      { g: { N: "5" } },
      `${invalidText}: Type mismatch for Index Key g Expected: S Actual: N IndexName: gsi`,
    ],
    [
      "with an index key that is a list",
      { n: { L: [{ S: "x" }] } },
      `${invalidText}: Type mismatch for Index Key n Expected: N Actual: L IndexName: numbers`,
    ],
    [
      "with an index key that is null",
      { g: { NULL: true } },
      `${invalidText}: Type mismatch for Index Key g Expected: S Actual: NULL IndexName: gsi`,
    ],
    ["with an empty string as an index key", { g: { S: "" } }, emptyGiven("string", "gsi", "g")],
    ["with empty bytes as an index key", { b: { B: new Uint8Array() } }, emptyGiven("binary", "gsi", "b")],
    [
      "with a partition key of an index that is too long, counted in UTF-8",
      { g: { S: "é".repeat(1025) } },
      `${invalidText}: Size limit exceeded for Index Key g Actual Size: 2050 bytes Max Size: 2048 bytes IndexName: gsi`,
    ],
    [
      "with a sort key of an index that is too long",
      { b: { B: new Uint8Array(1025) } },
      `${invalidText}: Size limit exceeded for Index Key b Actual Size: 1025 bytes Max Size: 1024 bytes IndexName: gsi`,
    ],
    [
      "with a value that only suits another index",
      { g: { S: "x".repeat(1025) } },
      `${invalidText}: Size limit exceeded for Index Key g Actual Size: 1025 bytes Max Size: 1024 bytes IndexName: lsi`,
    ],
  ];
  for (const [title, attributes, message] of refusals) {
    test(`${title}: by PutItem and BatchWriteItem alike`, async () => {
      const Item = { ...key("refused"), ...attributes };
      const put = new PutItemCommand({ TableName: "refusing", Item });
      assert.deepEqual(await refusalOf(server.client.send(put)), validation(message));
      const batch = new BatchWriteItemCommand({
        RequestItems: {
          refusing: [{ PutRequest: { Item: key("sound") } }, { PutRequest: { Item } }],
        },
      });
      assert.deepEqual(await refusalOf(server.client.send(batch)), validation(message));
      assert.equal(await stored("refusing", key("refused")), undefined);
      assert.equal(await stored("refusing", key("sound")), undefined);
    });
  }

  test("before its condition is looked at, and behind its primary key", async () => {
    const put = (Item: Item) =>
      refusalOf(
        server.client.send(
          new PutItemCommand({
            TableName: "refusing",
            Item,
            ConditionExpression: "attribute_exists(pk)",
          }),
        ),
      );
    assert.deepEqual(
      await put({ ...key("absent"), g: { N: "5" } }),
      validation(`${invalidText}: Type mismatch for Index Key g Expected: S Actual: N IndexName: gsi`),
    );
    assert.deepEqual(
      await put({ pk: { S: "a" }, g: { N: "5" } }),
      validation(`${invalidText}: Missing the key sk in the item`),
    );
  });

  test("but not for lacking index keys, nor for those of the greatest length", async () => {
    const longest = {
      ...key("longest"),
      g: { S: "x".repeat(1024) },
      b: { B: new Uint8Array(1024) },
      n: { N: "0" },
    };
    for (const Item of [key("none"), longest]) {
      await server.client.send(new PutItemCommand({ TableName: "refusing", Item }));
    }
    assert.deepEqual(await stored("refusing", key("longest")), longest);
  });
});

describe("An update is refused", () => {
  const old: Item = {
    ...key("old"),
    empty: { S: "" },
    one: { N: "1" },
    g: { S: "x" },
    wide: { S: "x".repeat(1025) },
  };
  before(() => server.client.send(new PutItemCommand({ TableName: "refusing", Item: old })));

  function update(input: Partial<UpdateItemCommandInput>) {
    return server.client.send(new UpdateItemCommand({ TableName: "refusing", Key: key("old"), ...input }));
  }

  const given = (value: AttributeValue) => ({ ExpressionAttributeValues: { ":v": value } });
  const refusals: readonly (readonly [string, Partial<UpdateItemCommandInput>, string])[] = [
    [
      "that states a value of another type",
      { UpdateExpression: "SET g = :v", ...given({ N: "5" }) },
      `${invalidText}: Type mismatch for Index Key g Expected: S Actual: N IndexName: gsi`,
    ],
    [
      "that states a value of another type, by AttributeUpdates",
      { AttributeUpdates: { g: { Value: { N: "5" } } } },
      `${invalidText}: Type mismatch for Index Key g Expected: S Actual: N IndexName: gsi`,
    ],
    [
      "that adds a number to an index key that is text",
      { UpdateExpression: "ADD g :v", ...given({ N: "1" }) },
      `${invalidText}: Type mismatch for Index Key g Expected: S Actual: N IndexName: gsi`,
    ],
    [
      "whose arithmetic gives an index key that is text",
      { UpdateExpression: "SET c = g[1], g = one + :v", ...given({ N: "1" }) },
      `${invalidText}: Type mismatch for Index Key g Expected: S Actual: N IndexName: gsi`,
    ],
    [
      "that states a default of another type",
      { UpdateExpression: "SET g = if_not_exists(g, :v)", ...given({ BOOL: true }) },
      `${invalidText}: Type mismatch for Index Key g Expected: S Actual: BOOL IndexName: gsi`,
    ],
    ["that copies a value of another type", { UpdateExpression: "SET g = one" }, unsupportedType],
    [
      "that states an empty string",
      { UpdateExpression: "SET g = :v", ...given({ S: "" }) },
      emptyUpdated("string"),
    ],
    [
      "that states empty bytes, by AttributeUpdates",
      { AttributeUpdates: { b: { Value: { B: new Uint8Array() } } } },
      emptyUpdated("binary"),
    ],
    [
      "that copies an empty string",
      { UpdateExpression: "SET g = #e", ExpressionAttributeNames: { "#e": "empty" } },
      emptyUpdated("string"),
    ],
    [
      "that states a value that is too long",
      { UpdateExpression: "SET g = :v", ...given({ S: "x".repeat(2049) }) },
      `${invalidText}: Size limit exceeded for Index Key g Actual Size: 2049 bytes Max Size: 2048 bytes IndexName: gsi`,
    ],
    [
      "that copies a value that is too long",
      { UpdateExpression: "SET g = wide" },
      "The update expression attempted to update the secondary index key beyond allowed size limits",
    ],
    [
      "of a place in an index key",
      { UpdateExpression: "SET g.a = :v", ...given({ S: "x" }) },
      "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: IndexKey: g",
    ],
    [
      "that reads a place in an index key",
      { UpdateExpression: "SET a = list_append(pk, sk), c = n[1]" },
      "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: IndexKey: n",
    ],
    [
      "of the primary key before one of an index key",
      { UpdateExpression: "SET g = :v, sk = :v", ...given({ N: "5" }) },
      `${invalidText}: Cannot update attribute sk. This attribute is part of the key`,
    ],
    [
      "of another type before a path",
      { UpdateExpression: "SET n.a = :v, g = :v", ...given({ N: "5" }) },
      `${invalidText}: Type mismatch for Index Key g Expected: S Actual: N IndexName: gsi`,
    ],
    [
      "that states a value of another type, before its condition is looked at",
      {
        UpdateExpression: "SET g = :v",
        ConditionExpression: "attribute_not_exists(pk)",
        ...given({ N: "5" }),
      },
      `${invalidText}: Type mismatch for Index Key g Expected: S Actual: N IndexName: gsi`,
    ],
  ];
  for (const [title, input, message] of refusals) {
    test(title, async () => {
      assert.deepEqual(await refusalOf(update(input)), validation(message));
      assert.deepEqual(await stored("refusing", key("old")), old);
    });
  }

  test("that copies a value of another type, behind its condition", async () => {
    const refused = update({
      UpdateExpression: "SET g = one",
      ConditionExpression: "attribute_not_exists(pk)",
    });
    assert.equal((await refusalOf(refused)).name, "ConditionalCheckFailedException");
  });

  test("but not one that takes an index key away, or gives it its type", async () => {
    const Key = key("changed");
    await server.client.send(new PutItemCommand({ TableName: "refusing", Item: { ...Key, g: { S: "x" } } }));
    await update({ Key, UpdateExpression: "REMOVE g ADD n :v", ...given({ N: "2" }) });
    assert.deepEqual(await stored("refusing", Key), { ...Key, n: { N: "2" } });
  });

  test("as is a read of a place in a key", async () => {
    for (const [path, name] of [
      ["pk.a", "Key: pk"],
      ["g[0]", "IndexKey: g"],
    ]) {
      const get = new GetItemCommand({ TableName: "refusing", Key: key("old"), ProjectionExpression: path });
      assert.deepEqual(
        await refusalOf(server.client.send(get)),
        validation(
          `Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: ${name ?? ""}`,
        ),
      );
    }
  });
});
