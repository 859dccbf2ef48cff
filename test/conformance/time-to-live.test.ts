/** Time to live, seen from outside; the development clock spares the waiting. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  UpdateTimeToLiveCommand,
  type AttributeValue,
} from "@aws-sdk/client-dynamodb";
import { createItemTable } from "./item-tables.ts";
import { openTestStorage, startTestServer, testsOwnServer } from "./server.ts";
import { openStreams, readStream } from "./stream-reader.ts";

const server = await startTestServer(testsOwnServer ? { devClock: true, tableDelayMs: 0 } : {});
const { client } = server;
const streams = await openStreams(server);
after(async () => {
  streams.destroy();
  await server.close();
});

/** What moves the clock is no test of another server. */
const own = { skip: !testsOwnServer };
const hour = 3_600_000;
/** The server's clock as this file has moved it. */
let movedMs = 0;

function advance(ms: number): void {
  movedMs += ms;
  server.advanceClock(ms);
}

/** So many seconds from now, as an attribute. */
function inSeconds(seconds: number): AttributeValue {
  return { N: String(Math.floor((Date.now() + movedMs) / 1000) + seconds) };
}

async function enable(tableName: string, attribute = "end"): Promise<void> {
  await client.send(
    new UpdateTimeToLiveCommand({
      TableName: tableName,
      TimeToLiveSpecification: { AttributeName: attribute, Enabled: true },
    }),
  );
}

async function put(tableName: string, pk: string, attributes: Record<string, AttributeValue>): Promise<void> {
  await client.send(new PutItemCommand({ TableName: tableName, Item: { pk: { S: pk }, ...attributes } }));
}

async function keysIn(tableName: string, indexName?: string): Promise<readonly (string | undefined)[]> {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: tableName, IndexName: indexName }));
  return Items.map((item) => item["pk"]?.S).sort();
}

/** The sweep runs beside requests: its work is seen a moment later. */
async function comesToHold(tableName: string, keys: readonly string[]): Promise<void> {
  for (let round = 0; round < 500; round += 1) {
    if ((await keysIn(tableName)).join() === keys.join()) return;
    await delay(10);
  }
  assert.deepEqual(await keysIn(tableName), keys);
}

test("the attribute is described while it is the one", async () => {
  await createItemTable(client, "Described", ["pk", "S"]);
  const describe = async () =>
    (await client.send(new DescribeTimeToLiveCommand({ TableName: "Described" }))).TimeToLiveDescription;
  assert.deepEqual(await describe(), { TimeToLiveStatus: "DISABLED" });
  await enable("Described");
  assert.deepEqual(await describe(), { TimeToLiveStatus: "ENABLED", AttributeName: "end" });
  await assert.rejects(enable("Described"), {
    name: "ValidationException",
    message: "TimeToLive is already enabled",
  });
});

test("items expire when their time is over, and others do not", own, async () => {
  await createItemTable(client, "Sessions", ["pk", "S"]);
  await put("Sessions", "from before", { end: inSeconds(60) });
  await enable("Sessions");
  await put("Sessions", "soon", { end: inSeconds(60) });
  await put("Sessions", "decimals", { end: { N: `${inSeconds(60).N}.5` } });
  await put("Sessions", "later", { end: inSeconds(7_200) });
  await put("Sessions", "text", { end: { S: inSeconds(60).N ?? "" } });
  await put("Sessions", "long ago", { end: inSeconds(-6 * 365 * 86_400) });
  await put("Sessions", "negative", { end: { N: "-1" } });
  await put("Sessions", "milliseconds", { end: { N: `${inSeconds(60).N}000` } });
  await put("Sessions", "none", {});
  const others = ["later", "long ago", "milliseconds", "negative", "none", "text"];
  assert.deepEqual(await keysIn("Sessions"), ["decimals", "from before", ...others, "soon"].sort());
  advance(63_000);
  await comesToHold("Sessions", others);
  advance(7_200_000);
  await comesToHold("Sessions", others.slice(1));
});

test(
  "an item that has expired can be read, and saved by giving it more time, until it is deleted",
  own,
  async () => {
    const slow = await startTestServer({ devClock: true, expiryLagMs: 30_000 });
    await createItemTable(slow.client, "Sessions", ["pk", "S"]);
    const TableName = "Sessions";
    const TimeToLiveSpecification = { AttributeName: "end", Enabled: true };
    await slow.client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
    const seconds = (count: number) => ({ N: String(Math.floor(Date.now() / 1000) + count) });
    for (const pk of ["saved", "lost", "spared"]) {
      await slow.client.send(new PutItemCommand({ TableName, Item: { pk: { S: pk }, end: seconds(10) } }));
    }
    slow.advanceClock(20_000);
    const keys = async () =>
      (await slow.client.send(new ScanCommand({ TableName }))).Items?.map(({ pk }) => pk?.S).sort();
    await delay(50);
    assert.deepEqual(await keys(), ["lost", "saved", "spared"]);
    await slow.client.send(
      new UpdateItemCommand({
        TableName,
        Key: { pk: { S: "saved" } },
        UpdateExpression: "SET #end = :end",
        ExpressionAttributeNames: { "#end": "end" },
        ExpressionAttributeValues: { ":end": seconds(1_000) },
      }),
    );
    await slow.client.send(
      new UpdateItemCommand({
        TableName,
        Key: { pk: { S: "spared" } },
        UpdateExpression: "REMOVE #end",
        ExpressionAttributeNames: { "#end": "end" },
      }),
    );
    slow.advanceClock(25_000);
    for (let round = 0; round < 500 && (await keys())?.length !== 2; round += 1) await delay(10);
    assert.deepEqual(await keys(), ["saved", "spared"]);
    await slow.close();
  },
);

test("indexes, counts and the stream follow, and the record says who deleted", own, async () => {
  const { TableDescription: made } = await client.send(
    new CreateTableCommand({
      TableName: "Indexed",
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: ["pk", "sk", "genre"].map((name) => ({
        AttributeName: name,
        AttributeType: "S",
      })),
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      LocalSecondaryIndexes: [
        {
          IndexName: "local",
          KeySchema: [
            { AttributeName: "pk", KeyType: "HASH" },
            { AttributeName: "genre", KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "ALL" },
        },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: "global",
          KeySchema: [{ AttributeName: "genre", KeyType: "HASH" }],
          Projection: { ProjectionType: "KEYS_ONLY" },
        },
      ],
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
    }),
  );
  await enable("Indexed");
  const itemOf = (pk: string, end: AttributeValue) => ({
    pk: { S: pk },
    sk: { S: "1" },
    genre: { S: "soul" },
    end,
  });
  const gone = itemOf("gone", inSeconds(60));
  const requests = [gone, itemOf("kept", inSeconds(86_400))].map((Item) => ({ PutRequest: { Item } }));
  await client.send(new BatchWriteItemCommand({ RequestItems: { Indexed: requests } }));
  advance(63_000);
  await comesToHold("Indexed", ["kept"]);
  for (const name of ["local", "global"]) assert.deepEqual(await keysIn("Indexed", name), ["kept"]);
  const { Table: table } = await client.send(new DescribeTableCommand({ TableName: "Indexed" }));
  const counts = [table, ...(table?.LocalSecondaryIndexes ?? []), ...(table?.GlobalSecondaryIndexes ?? [])];
  assert.deepEqual(
    counts.map((each) => each?.ItemCount),
    [1, 1, 1],
  );
  const records = await readStream(streams, made?.LatestStreamArn ?? "");
  assert.deepEqual(
    records.map(({ eventName, userIdentity }) => [eventName, userIdentity]),
    [
      ["INSERT", undefined],
      ["INSERT", undefined],
      ["REMOVE", { PrincipalId: "dynamodb.amazonaws.com", Type: "Service" }],
    ],
  );
  const last = records.at(-1)?.dynamodb;
  assert.deepEqual(last?.Keys, { pk: gone.pk, sk: gone.sk });
  assert.deepEqual(last?.OldImage, gone);
  assert.equal(last?.NewImage, undefined);
});

test("a sort key may be the time", own, async () => {
  await createItemTable(client, "ByTime", ["pk", "S"], ["end", "N"]);
  await enable("ByTime");
  await put("ByTime", "a", { end: inSeconds(60) });
  await put("ByTime", "b", { end: inSeconds(7_200) });
  advance(63_000);
  await comesToHold("ByTime", ["b"]);
});

test("when time to live is disabled nothing expires, and another attribute may be next", own, async () => {
  await createItemTable(client, "Changing", ["pk", "S"]);
  await enable("Changing", "first");
  await put("Changing", "a", { first: inSeconds(7_260), second: inSeconds(86_400) });
  await put("Changing", "b", { first: inSeconds(86_400), second: inSeconds(14_400) });
  const specification = { AttributeName: "first", Enabled: false };
  const disable = () =>
    client.send(
      new UpdateTimeToLiveCommand({ TableName: "Changing", TimeToLiveSpecification: specification }),
    );
  await assert.rejects(disable(), {
    name: "ValidationException",
    message: "Time to live has been modified multiple times within a fixed interval",
  });
  advance(hour);
  await disable();
  advance(7_300_000 - hour);
  await enable("Changing", "second");
  await delay(50);
  assert.deepEqual(await keysIn("Changing"), ["a", "b"]);
  advance(2 * hour);
  await comesToHold("Changing", ["a"]);
});

test("what was to expire while the server was down expires after its start", own, async () => {
  const storage = await openTestStorage();
  const first = await startTestServer(storage.serverOptions);
  await createItemTable(first.client, "Sessions", ["pk", "S"]);
  const seconds = (count: number) => ({ N: String(Math.floor(Date.now() / 1000) + count) });
  const requests = ["a", "b", "c"].map((pk, index) => ({
    PutRequest: { Item: { pk: { S: pk }, end: seconds(60 * (index + 1)) } },
  }));
  await first.client.send(new BatchWriteItemCommand({ RequestItems: { Sessions: requests } }));
  const TimeToLiveSpecification = { AttributeName: "end", Enabled: true };
  await first.client.send(new UpdateTimeToLiveCommand({ TableName: "Sessions", TimeToLiveSpecification }));
  await first.close();
  const second = await startTestServer({ ...storage.serverOptions, devClock: true });
  second.advanceClock(130_000);
  const keys = async () =>
    (await second.client.send(new ScanCommand({ TableName: "Sessions" }))).Items?.map(({ pk }) => pk?.S);
  for (let round = 0; round < 500 && (await keys())?.length !== 1; round += 1) await delay(10);
  assert.deepEqual(await keys(), ["c"]);
  await second.close();
  await storage.close();
});

test("tokens of transactions follow the clock", own, async () => {
  await createItemTable(client, "Tokens", ["pk", "S"]);
  const transact = (value: string) =>
    client.send(
      new TransactWriteItemsCommand({
        ClientRequestToken: "again",
        TransactItems: [{ Put: { TableName: "Tokens", Item: { pk: { S: "a" }, value: { S: value } } } }],
      }),
    );
  const stored = async () => {
    const values = { ":pk": { S: "a" } };
    const { Items } = await client.send(
      new QueryCommand({
        TableName: "Tokens",
        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: values,
      }),
    );
    return Items?.[0]?.["value"]?.S;
  };
  await transact("one");
  await assert.rejects(transact("two"), { name: "IdempotentParameterMismatchException" });
  advance(10 * 60_000 + 1);
  await transact("two");
  assert.equal(await stored(), "two");
});

test("delays of tables follow the clock", own, async () => {
  const slow = await startTestServer({ devClock: true, tableDelayMs: hour });
  await createItemTable(slow.client, "Slow", ["pk", "S"]);
  const status = async () =>
    (await slow.client.send(new DescribeTableCommand({ TableName: "Slow" }))).Table?.TableStatus;
  assert.equal(await status(), "CREATING");
  slow.advanceClock(hour);
  assert.equal(await status(), "ACTIVE");
  await slow.close();
});
