/** What each operation costs on a database that is far away, in round trips. More of them is a regression. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openRunner, tableRequest, type Runner } from "../../test/fixtures/operations.ts";
import { skipWithoutPostgres } from "../../test/postgres/binaries.ts";
import { openTestEngines, type TestEngines } from "../../test/postgres/test-engines.ts";
import type { Engine } from "../engine/engine.ts";
import { batchGetItem } from "./dynamodb/batch-get-item.ts";
import { batchWriteItem } from "./dynamodb/batch-write-item.ts";
import { createTable } from "./dynamodb/create-table.ts";
import { deleteItem } from "./dynamodb/delete-item.ts";
import { executeStatement } from "./dynamodb/execute-statement.ts";
import { getItem } from "./dynamodb/get-item.ts";
import { putItem } from "./dynamodb/put-item.ts";
import { query } from "./dynamodb/query.ts";
import { scan } from "./dynamodb/scan.ts";
import { transactGetItems } from "./dynamodb/transact-get-items.ts";
import { transactWriteItems } from "./dynamodb/transact-write-items.ts";
import { updateItem } from "./dynamodb/update-item.ts";

let engines: TestEngines;
let engine: Engine;
let runner: Runner;
let flushes = 0;

before(async () => {
  if (skipWithoutPostgres !== false) return;
  engines = await openTestEngines();
  engine = await engines.open({ connectionsMax: 1, onFlush: () => (flushes += 1) });
  runner = openRunner({ engine });
  await runner.run(createTable, tableRequest());
  await runner.run(createTable, tableRequest({ TableName: "Indexed", ...indexed }));
  await runner.run(createTable, tableRequest({ TableName: "Streamed", ...streamed }));
  for (const TableName of ["Music", "Indexed", "Streamed"]) {
    for (const pk of ["a", "b", "c"]) await runner.run(putItem, { TableName, Item: itemOf(pk) });
  }
});

after(async () => {
  if (skipWithoutPostgres !== false) return;
  await engine.close();
  await engines.close();
});

const indexed = {
  AttributeDefinitions: ["pk", "group"].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
  GlobalSecondaryIndexes: [
    {
      IndexName: "by-group",
      KeySchema: [{ AttributeName: "group", KeyType: "HASH" }],
      Projection: { ProjectionType: "ALL" },
    },
  ],
};
const streamed = { StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" } };
const condition = { ConditionExpression: "attribute_exists(pk)" };

function itemOf(pk: string) {
  return { pk: { S: pk }, group: { S: "g" }, text: { S: "x" } };
}

function puts(TableName: string) {
  return { TableName, Item: itemOf("a") };
}

const Key = { pk: { S: "a" } };
const allOf = {
  KeyConditionExpression: "pk = :a",
  ExpressionAttributeValues: { ":a": { S: "a" } },
};

const trips: readonly [title: string, count: number, use: () => Promise<unknown>][] = [
  ["GetItem", 1, () => runner.run(getItem, { TableName: "Music", Key, ConsistentRead: true })],
  ["an eventually consistent GetItem", 1, () => runner.run(getItem, { TableName: "Music", Key })],
  ["BatchGetItem", 1, () => runner.run(batchGetItem, { RequestItems: { Music: { Keys: [Key] } } })],
  [
    "TransactGetItems",
    1,
    () => runner.run(transactGetItems, { TransactItems: [{ Get: { TableName: "Music", Key } }] }),
  ],
  ["a page of Query", 1, () => runner.run(query, { TableName: "Music", ...allOf })],
  ["a page of Scan", 1, () => runner.run(scan, { TableName: "Music" })],
  ["a page of an index", 1, () => runner.run(scan, { TableName: "Indexed", IndexName: "by-group" })],
  ["a PutItem", 1, () => runner.run(putItem, puts("Music"))],
  [
    "a PutItem that answers the old item",
    1,
    () => runner.run(putItem, { ...puts("Music"), ReturnValues: "ALL_OLD" }),
  ],
  ["a DeleteItem", 1, () => runner.run(deleteItem, { TableName: "Music", Key: { pk: { S: "b" } } })],
  ["a PutItem with a condition", 2, () => runner.run(putItem, { ...puts("Music"), ...condition })],
  [
    "an UpdateItem",
    2,
    () =>
      runner.run(updateItem, {
        TableName: "Music",
        Key,
        UpdateExpression: "ADD plays :one",
        ExpressionAttributeValues: { ":one": { N: "1" } },
      }),
  ],
  [
    "a condition that does not hold",
    1,
    () =>
      refused(() =>
        runner.run(deleteItem, { TableName: "Music", Key, ConditionExpression: "attribute_not_exists(pk)" }),
      ),
  ],
  ["a PutItem with an index to keep", 2, () => runner.run(putItem, puts("Indexed"))],
  ["a PutItem with a stream", 2, () => runner.run(putItem, puts("Streamed"))],
  [
    "BatchWriteItem",
    2,
    () =>
      runner.run(batchWriteItem, {
        RequestItems: { Music: ["a", "c"].map((pk) => ({ PutRequest: { Item: itemOf(pk) } })) },
      }),
  ],
  [
    "TransactWriteItems with a token",
    2,
    () =>
      runner.run(transactWriteItems, {
        ClientRequestToken: "token",
        TransactItems: ["a", "c"].map((pk) => ({ Put: { TableName: "Music", Item: itemOf(pk) } })),
      }),
  ],
  [
    "a statement that reads an item",
    1,
    () => runner.run(executeStatement, { Statement: `SELECT * FROM "Music" WHERE pk = 'a'` }),
  ],
];

for (const [title, count, use] of trips) {
  test(
    `${title} takes ${String(count)} round trip${count === 1 ? "" : "s"}`,
    { skip: skipWithoutPostgres },
    async () => {
      await settled();
      const before = flushes;
      await use();
      assert.equal(flushes - before, count);
    },
  );
}

/** There is but one connection: whoever has it after everybody else waited for what travelled behind an answer. */
async function settled(): Promise<void> {
  await engine.getMany([Buffer.of(255)]);
}

async function refused(run: () => Promise<unknown>): Promise<void> {
  await assert.rejects(run(), { name: "ConditionalCheckFailedException" });
}
