import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  type AttributeValue,
  type DeleteItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { createItemTable } from "./item-tables.ts";
import { refusalOf, validation } from "./refusals.ts";
import { startTestServer, type TestServer } from "./server.ts";

let server: TestServer;
before(async () => {
  server = await startTestServer();
  await createItemTable(server.client, "pets", ["pk", "S"]);
});
after(() => server.close());

type Item = Record<string, AttributeValue>;

function remove(pk: string, input: Partial<DeleteItemCommandInput> = {}) {
  return server.client.send(new DeleteItemCommand({ TableName: "pets", Key: { pk: { S: pk } }, ...input }));
}

async function put(Item: Item): Promise<Item> {
  await server.client.send(new PutItemCommand({ TableName: "pets", Item }));
  return Item;
}

async function stored(pk: string): Promise<Item | undefined> {
  const command = new GetItemCommand({ TableName: "pets", Key: { pk: { S: pk } }, ConsistentRead: true });
  return (await server.client.send(command)).Item;
}

describe("DeleteItem", () => {
  test("removes the item and returns it only when asked", async () => {
    const item = await put({ pk: { S: "a" }, n: { N: "1" } });
    assert.deepEqual((await remove("a", { ReturnValues: "ALL_OLD" })).Attributes, item);
    assert.equal(await stored("a"), undefined);
    await put(item);
    assert.equal((await remove("a")).Attributes, undefined);
    assert.equal(await stored("a"), undefined);
  });

  test("an item that is not there is no fault", async () => {
    assert.equal((await remove("absent", { ReturnValues: "ALL_OLD" })).Attributes, undefined);
  });

  test("a condition guards the item, there or not", async () => {
    const failed = { name: "ConditionalCheckFailedException", message: "The conditional request failed" };
    const item = await put({ pk: { S: "b" }, n: { N: "1" } });
    const atMost = (N: string) => ({
      ConditionExpression: "n <= :max",
      ExpressionAttributeValues: { ":max": { N } },
    });
    assert.deepEqual(await refusalOf(remove("b", atMost("0.9"))), failed);
    assert.deepEqual(await stored("b"), item);
    await remove("b", atMost("1"));
    assert.equal(await stored("b"), undefined);
    assert.deepEqual(await refusalOf(remove("b", { ConditionExpression: "attribute_exists(pk)" })), failed);
    assert.deepEqual(await refusalOf(remove("b", { Expected: { n: { Value: { N: "1" } } } })), failed);
  });

  test("capacity counts the item that was there", async () => {
    await put({ pk: { S: "c" }, a: { S: "x".repeat(2048) } });
    const first = await remove("c", { ReturnConsumedCapacity: "INDEXES" });
    assert.deepEqual(first.ConsumedCapacity, {
      TableName: "pets",
      CapacityUnits: 3,
      Table: { CapacityUnits: 3 },
    });
    const second = await remove("c", { ReturnConsumedCapacity: "TOTAL" });
    assert.deepEqual(second.ConsumedCapacity, { TableName: "pets", CapacityUnits: 1 });
  });
});

describe("DeleteItem refuses", () => {
  const enveloped = "1 validation error detected: ";
  const refusals: readonly (readonly [string, Partial<DeleteItemCommandInput>, string])[] = [
    [
      "values without expression, before a bad key",
      { Key: { pk: { N: "abc" } }, ExpressionAttributeValues: { ":v": { S: "x" } } },
      `${enveloped}ExpressionAttributeValues can only be specified when using expressions`,
    ],
    [
      "a bad number in the key, before bad ReturnValues",
      { Key: { pk: { N: "abc" } }, ReturnValues: "ALL_NEW" },
      `${enveloped}The parameter cannot be converted to a numeric value: abc`,
    ],
    [
      "new values to be returned",
      { ReturnValues: "ALL_NEW" },
      `${enveloped}ReturnValues can only be ALL_OLD or NONE`,
    ],
    [
      "updated values to be returned",
      { ReturnValues: "UPDATED_NEW" },
      `${enveloped}ReturnValues can only be ALL_OLD or NONE`,
    ],
    [
      "a condition that does not parse",
      { ConditionExpression: "attribute_exists(" },
      `${enveloped}Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "("`,
    ],
    [
      "a key of another shape",
      { Key: { id: { S: "a" } } },
      "The provided key element does not match the schema",
    ],
    [
      "a key of another type",
      { Key: { pk: { N: "1" } } },
      "The provided key element does not match the schema",
    ],
    [
      "an empty key",
      { Key: { pk: { S: "" } } },
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk",
    ],
    [
      "an empty table name, before anything else",
      { TableName: "", Key: {}, ReturnValues: "ALL_NEW" },
      `${enveloped}Value at 'TableName' failed to satisfy constraint: Member must have length greater than or equal to 1`,
    ],
  ];
  for (const [title, input, message] of refusals) {
    test(title, async () => {
      assert.deepEqual(await refusalOf(remove("a", input)), validation(message));
    });
  }

  test("a table that is not there", async () => {
    assert.deepEqual(await refusalOf(remove("a", { TableName: "nowhere" })), {
      name: "ResourceNotFoundException",
      message: "Requested resource not found",
    });
  });
});
