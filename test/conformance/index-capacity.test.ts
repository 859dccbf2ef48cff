/** What writes to tables with indexes say that they cost, and how large they may be. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type AttributeValue,
  type ConsumedCapacity,
} from "@aws-sdk/client-dynamodb";
import { createIndexedTable, type Item } from "./indexed-tables.ts";
import { createItemTable } from "./item-tables.ts";
import { refusalOf, validation } from "./refusals.ts";
import { startTestServer, type TestServer } from "./server.ts";

let server: TestServer;
before(async () => {
  server = await startTestServer();
  await createIndexedTable(server.client, "metered", {
    hash: ["pk S"],
    range: ["sk S"],
    global: {
      all: { hash: ["g1 S"] },
      some: { hash: ["g2 S"], projection: ["p"] },
      keys: { hash: ["g3 S"], projection: "KEYS_ONLY" },
    },
    local: { local: { hash: ["pk S"], range: ["l S"] } },
  });
  await createIndexedTable(server.client, "narrow", {
    hash: ["pk S"],
    range: ["sk S"],
    local: { keys: { hash: ["pk S"], range: ["l S"], projection: "KEYS_ONLY" } },
  });
  await createItemTable(server.client, "plain", ["pk", "S"]);
});
after(() => server.close());

const key = (sk: string): Item => ({ pk: { S: "a" }, sk: { S: sk } });

/** What each part of an answer says; parts that it leaves out are absent. */
interface Units {
  readonly total: number;
  readonly table: number;
  readonly all?: number;
  readonly some?: number;
  readonly keys?: number;
  readonly local?: number;
}

/** Fails where an answer has anything but these units. */
function assertUnits(
  capacity: ConsumedCapacity | undefined,
  { total, table, local, ...global }: Units,
): void {
  const globalUnits = Object.entries(global).map(
    ([name, units]) => [name, { CapacityUnits: units }] as const,
  );
  assert.deepEqual(capacity, {
    TableName: "metered",
    CapacityUnits: total,
    Table: { CapacityUnits: table },
    ...(local === undefined ? {} : { LocalSecondaryIndexes: { local: { CapacityUnits: local } } }),
    ...(globalUnits.length === 0 ? {} : { GlobalSecondaryIndexes: Object.fromEntries(globalUnits) }),
  });
}

describe("The capacity of a write", () => {
  const request = { TableName: "metered", ReturnConsumedCapacity: "INDEXES" } as const;

  async function put(item: Item) {
    return (await server.client.send(new PutItemCommand({ ...request, Item: item }))).ConsumedCapacity;
  }

  async function update(
    sk: string,
    UpdateExpression: string,
    ExpressionAttributeValues?: Record<string, AttributeValue>,
  ) {
    const command = new UpdateItemCommand({
      ...request,
      Key: key(sk),
      UpdateExpression,
      ExpressionAttributeValues,
    });
    return (await server.client.send(command)).ConsumedCapacity;
  }

  async function remove(sk: string) {
    const command = new DeleteItemCommand({ ...request, Key: key(sk) });
    return (await server.client.send(command)).ConsumedCapacity;
  }

  const everywhere = (sk: string): Item => ({
    ...key(sk),
    ...Object.fromEntries(["g1", "g2", "g3", "l", "p", "q"].map((name) => [name, { S: name }])),
    set: { SS: ["a", "b", "c"] },
  });
  const large = { S: "x".repeat(2500) };

  test("counts every index that the item enters, and none that it does not", async () => {
    assertUnits(await put(everywhere("1")), { total: 5, table: 1, all: 1, some: 1, keys: 1, local: 1 });
    assertUnits(await put({ ...key("2"), p: { S: "p" } }), { total: 1, table: 1 });
    assertUnits(await put({ ...key("3"), g2: { S: "x" } }), { total: 2, table: 1, some: 1 });
    assertUnits(await put({ ...key("4"), l: { S: "x" } }), { total: 2, table: 1, local: 1 });
  });

  test("tells the total alone when it is asked for that", async () => {
    const command = new PutItemCommand({
      ...request,
      ReturnConsumedCapacity: "TOTAL",
      Item: everywhere("total"),
    });
    assert.deepEqual((await server.client.send(command)).ConsumedCapacity, {
      TableName: "metered",
      CapacityUnits: 5,
    });
  });

  test("counts entries by their own sizes", async () => {
    const item = { ...everywhere("sizes"), q: large };
    assertUnits(await put(item), { total: 11, table: 3, all: 3, some: 1, keys: 1, local: 3 });
    const shorter = await update("sizes", "SET q = :v", { ":v": { S: "x" } });
    assertUnits(shorter, { total: 9, table: 3, all: 3, local: 3 });
    assertUnits(await remove("sizes"), { total: 5, table: 1, all: 1, some: 1, keys: 1, local: 1 });
  });

  test("is that of the table alone for an item that stays the same, also with its sets in another order", async () => {
    await put(everywhere("same"));
    assertUnits(await put(everywhere("same")), { total: 1, table: 1 });
    const reordered = { ...everywhere("same"), set: { SS: ["c", "a", "b"] } };
    assertUnits(await put(reordered), { total: 1, table: 1 });
    assertUnits(await update("same", "SET p = p"), { total: 1, table: 1 });
  });

  test("counts the indexes that show what changed", async () => {
    await put(everywhere("changed"));
    const unprojected = await update("changed", "SET q = :v", { ":v": { S: "new" } });
    assertUnits(unprojected, { total: 3, table: 1, all: 1, local: 1 });
    const projected = await update("changed", "SET p = :v", { ":v": { S: "new" } });
    assertUnits(projected, { total: 4, table: 1, all: 1, some: 1, local: 1 });
    const gone = await update("changed", "REMOVE p");
    assertUnits(gone, { total: 4, table: 1, all: 1, some: 1, local: 1 });
  });

  test("counts an entry that moves twice", async () => {
    await put({ ...everywhere("moved"), q: large });
    assertUnits(await update("moved", "SET g1 = :v", { ":v": { S: "new" } }), {
      total: 12,
      table: 3,
      all: 6,
      local: 3,
    });
    assertUnits(await update("moved", "SET g2 = :v", { ":v": { S: "new" } }), {
      total: 11,
      table: 3,
      all: 3,
      some: 2,
      local: 3,
    });
    assertUnits(await update("moved", "SET l = :v", { ":v": { S: "new" } }), {
      total: 12,
      table: 3,
      all: 3,
      local: 6,
    });
  });

  test("counts an entry that comes or goes once", async () => {
    await put(everywhere("gone"));
    assertUnits(await update("gone", "REMOVE g3"), { total: 4, table: 1, all: 1, keys: 1, local: 1 });
    assertUnits(await update("gone", "SET g3 = :v", { ":v": { S: "x" } }), {
      total: 4,
      table: 1,
      all: 1,
      keys: 1,
      local: 1,
    });
    assertUnits(await remove("gone"), { total: 5, table: 1, all: 1, some: 1, keys: 1, local: 1 });
    assertUnits(await remove("gone"), { total: 1, table: 1 });
  });

  test("of a batch is the sum of its writes, by table", async () => {
    const command = new BatchWriteItemCommand({
      RequestItems: {
        metered: [
          { PutRequest: { Item: everywhere("b1") } },
          { PutRequest: { Item: { ...key("b2"), g2: { S: "x" } } } },
          { DeleteRequest: { Key: key("nothing") } },
        ],
        plain: [{ PutRequest: { Item: { pk: { S: "a" } } } }],
      },
      ReturnConsumedCapacity: "INDEXES",
    });
    const { ConsumedCapacity, UnprocessedItems } = await server.client.send(command);
    assert.deepEqual(UnprocessedItems, {});
    assertUnits(ConsumedCapacity?.[0], { total: 8, table: 3, all: 1, some: 2, keys: 1, local: 1 });
    assert.deepEqual(ConsumedCapacity?.slice(1), [
      { TableName: "plain", CapacityUnits: 1, Table: { CapacityUnits: 1 } },
    ]);
  });
});

describe("The size of an item collection", () => {
  const wanted = { ReturnItemCollectionMetrics: "SIZE" } as const;
  const expected = { ItemCollectionKey: { pk: { S: "a" } }, SizeEstimateRangeGB: [0, 1] };

  test("is told by writes to a table with local indexes, when it is asked for", async () => {
    const TableName = "metered";
    const put = await server.client.send(new PutItemCommand({ TableName, Item: key("m"), ...wanted }));
    assert.deepEqual(put.ItemCollectionMetrics, expected);
    const update = await server.client.send(new UpdateItemCommand({ TableName, Key: key("m"), ...wanted }));
    assert.deepEqual(update.ItemCollectionMetrics, expected);
    const remove = await server.client.send(new DeleteItemCommand({ TableName, Key: key("m"), ...wanted }));
    assert.deepEqual(remove.ItemCollectionMetrics, expected);
    const unasked = await server.client.send(new PutItemCommand({ TableName, Item: key("m") }));
    assert.equal(unasked.ItemCollectionMetrics, undefined);
  });

  test("is not told of a table without", async () => {
    const put = new PutItemCommand({ TableName: "plain", Item: { pk: { S: "a" } }, ...wanted });
    assert.equal((await server.client.send(put)).ItemCollectionMetrics, undefined);
  });

  test("is told by a batch, table by table, once a collection", async () => {
    const item = (pk: string, sk: string): Item => ({ pk: { S: pk }, sk: { S: sk } });
    const command = new BatchWriteItemCommand({
      RequestItems: {
        metered: [
          { PutRequest: { Item: item("m1", "1") } },
          { PutRequest: { Item: item("m1", "2") } },
          { DeleteRequest: { Key: item("m2", "1") } },
        ],
        plain: [{ PutRequest: { Item: { pk: { S: "a" } } } }],
      },
      ...wanted,
    });
    assert.deepEqual((await server.client.send(command)).ItemCollectionMetrics, {
      metered: [
        { ItemCollectionKey: { pk: { S: "m1" } }, SizeEstimateRangeGB: [0, 1] },
        { ItemCollectionKey: { pk: { S: "m2" } }, SizeEstimateRangeGB: [0, 1] },
      ],
    });
  });
});

describe("An item with entries in local indexes", () => {
  /** An item of this size by the service's rules, with an entry in `local` or without. */
  const sized = (bytes: number, extra: Item = {}): Item => {
    const extraBytes = "l" in extra ? 2 : 0;
    return { ...key("z"), ...extra, q: { S: "x".repeat(bytes - "pkaskzq".length - extraBytes) } };
  };
  const indexed = { l: { S: "x" } };

  function put(item: Item) {
    return server.client.send(new PutItemCommand({ TableName: "metered", Item: item }));
  }

  test("must fit the limit together with them", async () => {
    await put(sized(204_800, indexed));
    await put(sized(409_600));
    const message = "Item size has exceeded the maximum allowed size";
    assert.deepEqual(await refusalOf(put(sized(204_801, indexed))), validation(message));
    const batch = new BatchWriteItemCommand({
      RequestItems: { metered: [{ PutRequest: { Item: sized(204_801, indexed) } }] },
    });
    assert.deepEqual(await refusalOf(server.client.send(batch)), validation(message));
  });

  test("may not grow into them by an update, but has room beside entries that hold keys alone", async () => {
    const grown = (TableName: string) =>
      server.client.send(
        new UpdateItemCommand({
          TableName,
          Key: key("grown"),
          UpdateExpression: "SET l = :v, q = :q",
          ExpressionAttributeValues: {
            ":v": { S: "x" },
            ":q": { S: "x".repeat(204_800) },
          },
        }),
      );
    assert.deepEqual(
      await refusalOf(grown("metered")),
      validation("Item size to update has exceeded the maximum allowed size"),
    );
    await grown("narrow");
  });
});
