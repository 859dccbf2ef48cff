/** Data that the SDK made, moved from engine to engine: what the SDK sees of it stays as it was. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateTimeToLiveCommand,
  type AttributeValue,
  type ScanCommandInput,
  type ScanCommandOutput,
} from "@aws-sdk/client-dynamodb";
import { openEngine } from "../../src/server/open-engine.ts";
import { openSource, parseSide } from "../../src/server/migration/migration-sides.ts";
import { startServer, type ServerOptions } from "../../src/server/start-server.ts";
import { migrate } from "../../src/store/migration/migrate.ts";
import { openStreams, readStream } from "../conformance/stream-reader.ts";
import { openTestDatabase } from "../postgres/test-database.ts";

const TableName = "Music";
const other = "Other";
const folder = mkdtempSync(join(tmpdir(), "stator-round-trip-"));
const database = await openTestDatabase();
after(async () => {
  rmSync(folder, { recursive: true, force: true });
  await database.close();
});

/** Starts a server on some data, for as long as `use` takes. */
async function withServer(
  options: ServerOptions,
  use: (
    client: DynamoDBClient,
    server: { endpoint: string; advanceClock(ms: number): void },
  ) => Promise<void>,
): Promise<void> {
  const server = await startServer({ ...options, devClock: true });
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const client = new DynamoDBClient({
    region: "us-east-1",
    maxAttempts: 1,
    endpoint: server.endpoint,
    credentials,
  });
  try {
    await use(client, server);
  } finally {
    client.destroy();
    await server.close();
  }
}

const dayFromNow = { N: String(Math.floor(Date.now() / 1_000) + 86_400) };

async function fill(client: DynamoDBClient): Promise<void> {
  const all = { ProjectionType: "ALL" } as const;
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: ["artist", "song", "genre", "year"].map((AttributeName) => ({
        AttributeName,
        AttributeType: AttributeName === "year" ? "N" : "S",
      })),
      KeySchema: [
        { AttributeName: "artist", KeyType: "HASH" },
        { AttributeName: "song", KeyType: "RANGE" },
      ],
      GlobalSecondaryIndexes: [
        { IndexName: "by-genre", KeySchema: [{ AttributeName: "genre", KeyType: "HASH" }], Projection: all },
      ],
      LocalSecondaryIndexes: [
        {
          IndexName: "by-year",
          KeySchema: [
            { AttributeName: "artist", KeyType: "HASH" },
            { AttributeName: "year", KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "KEYS_ONLY" },
        },
      ],
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
      Tags: [{ Key: "team", Value: "soul" }],
    }),
  );
  await client.send(
    new CreateTableCommand({
      TableName: other,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "B" }],
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
    }),
  );
  await client.send(
    new UpdateTimeToLiveCommand({
      TableName,
      TimeToLiveSpecification: { AttributeName: "end", Enabled: true },
    }),
  );
  for (let first = 0; first < 300; first += 25) {
    const items = Array.from({ length: 25 }, (_, index) => songOf(first + index));
    const others = items.map((_, index) => ({
      pk: { B: Buffer.of(first % 250, index) },
      n: { N: "1E-100" },
    }));
    const puts = (list: readonly Record<string, AttributeValue>[]) =>
      list.map((Item) => ({ PutRequest: { Item } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: puts(items) } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [other]: puts(others) } }));
  }
  await client.send(
    new DeleteItemCommand({ TableName, Key: { artist: { S: "artist 3" }, song: { S: "song 3" } } }),
  );
  await client.send(new TransactWriteItemsCommand(counted));
}

function songOf(number: number): Record<string, AttributeValue> {
  return {
    artist: { S: `artist ${number % 10}` },
    song: { S: `song ${number}` },
    year: { N: String(1950 + (number % 70)) },
    text: { S: "é".repeat(number) },
    ...(number % 2 === 0 && { genre: { S: number % 4 === 0 ? "soul" : "afrobeat" } }),
    ...(number < 5 && { end: dayFromNow }),
  };
}

/** However often it is asked for, it counts once. */
const counted = {
  ClientRequestToken: "once",
  TransactItems: [
    {
      Update: {
        TableName,
        Key: { artist: { S: "counter" }, song: { S: "count" } },
        UpdateExpression: "ADD plays :one",
        ExpressionAttributeValues: { ":one": { N: "1" } },
      },
    },
  ],
};

/** Everything that the SDK shows. */
async function viewOf(client: DynamoDBClient, endpoint: string): Promise<object> {
  const { TableNames: names = [] } = await client.send(new ListTablesCommand({}));
  const tables = [];
  for (const name of names) {
    const { Table: table } = await client.send(new DescribeTableCommand({ TableName: name }));
    const ttl = await client.send(new DescribeTimeToLiveCommand({ TableName: name }));
    const tags = await client.send(new ListTagsOfResourceCommand({ ResourceArn: table?.TableArn }));
    tables.push({
      table,
      ttl: ttl.TimeToLiveDescription,
      tags: tags.Tags,
      items: await itemsIn(client, { TableName: name }),
    });
  }
  const soul = await client.send(
    new QueryCommand({
      TableName,
      IndexName: "by-genre",
      KeyConditionExpression: "genre = :genre",
      ExpressionAttributeValues: { ":genre": { S: "soul" } },
    }),
  );
  const streams = await openStreams({ client, endpoint, advanceClock: () => undefined, close: delay });
  const arn = tables[0]?.table?.LatestStreamArn ?? "";
  const records = await readStream(streams, arn);
  streams.destroy();
  return {
    tables,
    byGenre: await itemsIn(client, { TableName, IndexName: "by-genre" }),
    byYear: await itemsIn(client, { TableName, IndexName: "by-year" }),
    soul: soul.Items,
    records,
  };
}

async function itemsIn(client: DynamoDBClient, input: ScanCommandInput) {
  const items = [];
  let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
  do {
    const page: ScanCommandOutput = await client.send(
      new ScanCommand({ ...input, ...(ExclusiveStartKey && { ExclusiveStartKey }) }),
    );
    items.push(...(page.Items ?? []));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  return items;
}

async function move(from: string, to: string): Promise<void> {
  const source = await openSource(parseSide("--from", from));
  const target = await openEngine(parseSide("--to", to));
  try {
    const { differences } = await migrate({ source, target, from, onProgress: () => undefined });
    assert.deepEqual(differences, []);
  } finally {
    await source.close();
    await target.close();
  }
}

test("tables, indexes, streams, counts and tokens come from disk to PostgreSQL and back as they were", async () => {
  const [first, last] = [join(folder, "first"), join(folder, "last")];
  const views: object[] = [];
  const look = async (client: DynamoDBClient, { endpoint }: { endpoint: string }) => {
    views.push(await viewOf(client, endpoint));
  };
  await withServer({ dataFolder: first }, async (client, server) => {
    await fill(client);
    await look(client, server);
  });
  await move(`lmdb:${first}`, database.url);
  await withServer({ engine: database.url }, look);
  await move(database.url, `lmdb:${last}`);
  await withServer({ dataFolder: last }, async (client, server) => {
    await look(client, server);
    await client.send(new TransactWriteItemsCommand(counted));
    await look(client, server);
    server.advanceClock(2 * 86_400_000);
    for (;;) {
      const { Count: left } = await client.send(
        new ScanCommand({
          TableName,
          FilterExpression: "attribute_exists(#end)",
          ExpressionAttributeNames: { "#end": "end" },
        }),
      );
      if (left === 0) break;
      await delay(20);
    }
  });
  const [original, ...copies] = views;
  assert.equal(copies.length, 3);
  for (const copy of copies) assert.deepEqual(copy, original);
});
