import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import {
  DescribeTableCommand,
  QueryCommand,
  ScanCommand,
  UpdateTableCommand,
  waitUntilTableExists,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { createIndexedTable, putItems } from "./indexed-tables.ts";
import { refusalOf, validation } from "./refusals.ts";
import { startTestServer } from "./server.ts";

const TableName = "songs";
const IndexName = "ByGenre";

function query(client: DynamoDBClient) {
  const ExpressionAttributeValues = { ":g": { S: "soul" } };
  const KeyConditionExpression = "genre = :g";
  return client.send(
    new QueryCommand({ TableName, IndexName, KeyConditionExpression, ExpressionAttributeValues }),
  );
}

async function statusOfIndex(client: DynamoDBClient): Promise<string | undefined> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  return Table?.GlobalSecondaryIndexes?.[0]?.IndexStatus;
}

async function untilIndexIs(client: DynamoDBClient, status: string | undefined): Promise<void> {
  while ((await statusOfIndex(client)) !== status) await delay(20);
}

test("an index can be read when it has all its entries, and until it is deleted", async () => {
  const server = await startTestServer({ tableDelayMs: 200 });
  const { client } = server;
  try {
    await createIndexedTable(client, TableName, { hash: ["pk S"] });
    await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 1, maxDelay: 1 }, { TableName });
    await putItems(
      client,
      TableName,
      ["a", "b", "c"].map((S) => ({ pk: { S }, genre: { S: "soul" } })),
    );
    const missing = validation(`The table does not have the specified index: ${IndexName}`);
    assert.deepEqual(await refusalOf(query(client)), missing);

    await client.send(
      new UpdateTableCommand({
        TableName,
        AttributeDefinitions: [{ AttributeName: "genre", AttributeType: "S" }],
        GlobalSecondaryIndexUpdates: [
          {
            Create: {
              IndexName,
              KeySchema: [{ AttributeName: "genre", KeyType: "HASH" }],
              Projection: { ProjectionType: "ALL" },
            },
          },
        ],
      }),
    );
    const backfilling = validation(`Cannot read from backfilling global secondary index: ${IndexName}`);
    assert.deepEqual(await refusalOf(query(client)), backfilling);
    const scan = new ScanCommand({ TableName, IndexName, ConsistentRead: true });
    assert.deepEqual(await refusalOf(client.send(scan)), backfilling);

    await untilIndexIs(client, "ACTIVE");
    assert.equal((await query(client)).Count, 3);

    const GlobalSecondaryIndexUpdates = [{ Delete: { IndexName } }];
    await client.send(new UpdateTableCommand({ TableName, GlobalSecondaryIndexUpdates }));
    assert.deepEqual(await refusalOf(query(client)), missing);
    await untilIndexIs(client, undefined);
    assert.deepEqual(await refusalOf(query(client)), missing);
  } finally {
    await server.close();
  }
});
