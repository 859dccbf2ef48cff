/** What arrives in a Kinesis stream of what clients write. */
import assert from "node:assert/strict";
import { after, afterEach, describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeKinesisStreamingDestinationCommand,
  DisableKinesisStreamingDestinationCommand,
  EnableKinesisStreamingDestinationCommand,
  PutItemCommand,
  UpdateItemCommand,
  UpdateKinesisStreamingDestinationCommand,
  UpdateTimeToLiveCommand,
  type AttributeValue,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { changesOf, startTestKinesis, type Delivered } from "../fixtures/kinesis.ts";
import { createItemTable } from "./item-tables.ts";
import { openTestStorage, startTestServer, testsOwnServer, type TestServer } from "./server.ts";

const kinesis = await startTestKinesis();
const kinesisEndpoint = kinesis.endpoint;
const shared = await startTestServer({ kinesisEndpoint });
after(async () => {
  await shared.close();
  await kinesis.close();
});
afterEach(() => {
  kinesis.refuseWhere(() => false);
});

const skip = !testsOwnServer;

/** Makes a table, and delivers its changes to a stream of the same name unless another one is given. */
async function deliveredTable(client: DynamoDBClient, TableName: string, stream?: string): Promise<string> {
  await createItemTable(client, TableName, ["id", "S"]);
  const StreamArn = stream ?? (await kinesis.createStream(TableName, 4));
  await client.send(new EnableKinesisStreamingDestinationCommand({ TableName, StreamArn }));
  return StreamArn;
}

async function put(client: DynamoDBClient, TableName: string, item: Record<string, AttributeValue>) {
  await client.send(new PutItemCommand({ TableName, Item: item }));
}

/** Writes versions 1 to `versions` of `items` items, those of different items at once. */
async function writeVersions(
  client: DynamoDBClient,
  TableName: string,
  { items, from = 1, versions }: { items: number; from?: number; versions: number },
): Promise<void> {
  const writeItem = async (item: number) => {
    for (let version = from; version < from + versions; version += 1) {
      await put(client, TableName, { id: { S: `item ${item}` }, version: { N: String(version) } });
    }
  };
  await Promise.all(Array.from({ length: items }, (_, item) => writeItem(item)));
}

/** The versions of each item in the order of their first arrival. */
function versionsOf(records: readonly Delivered[]): Readonly<Record<string, readonly number[]>> {
  const versions: Record<string, number[]> = {};
  for (const { change } of records) {
    const { Keys, NewImage } = change.dynamodb;
    const of = (versions[Keys["id"]?.S ?? ""] ??= []);
    const version = Number(NewImage?.["version"]?.N);
    if (!of.includes(version)) of.push(version);
  }
  return versions;
}

function everyVersion(items: number, versions: number): Readonly<Record<string, readonly number[]>> {
  const all = Array.from({ length: versions }, (_, index) => index + 1);
  return Object.fromEntries(Array.from({ length: items }, (_, item) => [`item ${item}`, all]));
}

async function statusOf(client: DynamoDBClient, TableName: string): Promise<string | undefined> {
  const described = await client.send(new DescribeKinesisStreamingDestinationCommand({ TableName }));
  return described.KinesisDataStreamDestinations?.[0]?.DestinationStatus;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(10);
}

describe("Delivery to Kinesis", { skip }, () => {
  test("every change of an item becomes a record, and what changes nothing does not", async () => {
    const { client } = shared;
    const TableName = "Format";
    await deliveredTable(client, TableName);
    const item = { id: { S: "one" }, bytes: { B: Buffer.from("ab") }, list: { L: [{ N: "1.50" }] } };
    const before = Date.now();
    await put(client, TableName, item);
    await put(client, TableName, item);
    await client.send(
      new UpdateItemCommand({
        TableName,
        Key: { id: { S: "one" } },
        UpdateExpression: "REMOVE #list, bytes",
        ExpressionAttributeNames: { "#list": "list" },
      }),
    );
    await client.send(new DeleteItemCommand({ TableName, Key: { id: { S: "one" } } }));
    await client.send(new DeleteItemCommand({ TableName, Key: { id: { S: "one" } } }));
    const records = await kinesis.recordsOnce(TableName, 3);
    const image = { id: { S: "one" }, bytes: { B: "YWI=" }, list: { L: [{ N: "1.5" }] } };
    const seen = records.map(({ change: { eventID, dynamodb, ...change } }) => {
      assert.match(eventID, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      const { ApproximateCreationDateTime: at, ...members } = dynamodb;
      assert.ok(at >= before && at <= Date.now());
      return { ...change, dynamodb: members };
    });
    const rest = {
      awsRegion: "us-east-1",
      userIdentity: null,
      recordFormat: "application/json",
      tableName: TableName,
      eventSource: "aws:dynamodb",
    };
    const Keys = { id: { S: "one" } };
    assert.deepEqual(seen, [
      { ...rest, eventName: "INSERT", dynamodb: { Keys, NewImage: image, SizeBytes: 28 } },
      { ...rest, eventName: "MODIFY", dynamodb: { Keys, NewImage: Keys, OldImage: image, SizeBytes: 33 } },
      { ...rest, eventName: "REMOVE", dynamodb: { Keys, OldImage: Keys, SizeBytes: 10 } },
    ]);
    assert.equal(new Set(records.map(({ partitionKey }) => partitionKey)).size, 1);
  });

  test("records of an item are in order, those of many items in batches of up to 500", async () => {
    const { client } = shared;
    const TableName = "Order";
    await deliveredTable(client, TableName);
    await writeVersions(client, TableName, { items: 5, versions: 20 });
    assert.deepEqual(versionsOf(await kinesis.recordsOnce(TableName, 100)), everyVersion(5, 20));

    await kinesis.shut();
    const writes = Array.from({ length: 1_200 }, (_, index) => ({
      PutRequest: { Item: { id: { S: `bulk ${index}` }, version: { N: "1" } } },
    }));
    for (let start = 0; start < writes.length; start += 25) {
      const RequestItems = { [TableName]: writes.slice(start, start + 25) };
      await client.send(new BatchWriteItemCommand({ RequestItems }));
    }
    await kinesis.open();
    const records = await kinesis.recordsOnce(TableName, 1_300);
    assert.equal(records.length, 1_300);
    assert.equal(Math.max(...kinesis.batches), 500);
  });

  test("the precision is that of the moment of delivery", async () => {
    const { client } = shared;
    const TableName = "Precision";
    const StreamArn = await deliveredTable(client, TableName);
    await put(client, TableName, { id: { S: "milli" } });
    await kinesis.recordsOnce(TableName, 1);
    await until(async () => (await statusOf(client, TableName)) === "ACTIVE");
    const UpdateKinesisStreamingConfiguration = {
      ApproximateCreationDateTimePrecision: "MICROSECOND",
    } as const;
    await client.send(
      new UpdateKinesisStreamingDestinationCommand({
        TableName,
        StreamArn,
        UpdateKinesisStreamingConfiguration,
      }),
    );
    await put(client, TableName, { id: { S: "micro" } });
    const changes = (await kinesis.recordsOnce(TableName, 2)).map(({ change }) => change.dynamodb);
    const micro = changes.find(({ Keys }) => Keys["id"]?.S === "micro");
    assert.equal(micro?.ApproximateCreationDateTimePrecision, "MICROSECOND");
    assert.ok(Math.abs(micro.ApproximateCreationDateTime / 1_000 - Date.now()) < 60_000);
    const milli = changes.find(({ Keys }) => Keys["id"]?.S === "milli");
    assert.ok(milli && !("ApproximateCreationDateTimePrecision" in milli));
  });

  test("while the server is down nothing is lost, and the order is kept", async () => {
    const { client } = shared;
    const TableName = "Down";
    await deliveredTable(client, TableName);
    await writeVersions(client, TableName, { items: 4, versions: 5 });
    for (let from = 6; from <= 16; from += 5) {
      await kinesis.shut();
      const writing = writeVersions(client, TableName, { items: 4, from, versions: 5 });
      await delay(150);
      await kinesis.open();
      await writing;
    }
    assert.deepEqual(versionsOf(await kinesis.recordsOnce(TableName, 80)), everyVersion(4, 20));
  });

  test("what a stream refuses of a batch is sent again, and no change of an item overtakes another", async () => {
    const { client } = shared;
    const TableName = "Partial";
    await deliveredTable(client, TableName);
    const attempts = new Map<string, number>();
    kinesis.refuseWhere(({ eventID }) => {
      const attempt = (attempts.get(eventID) ?? 0) + 1;
      attempts.set(eventID, attempt);
      // Every third change, at its first two attempts.
      return attempt < 3 && parseInt(eventID.slice(0, 8), 16) % 3 === 0;
    });
    await writeVersions(client, TableName, { items: 8, versions: 6 });
    const records = await kinesis.recordsOnce(TableName, 48);
    assert.deepEqual(versionsOf(records), everyVersion(8, 6));
    assert.equal(records.length, 48, "nothing is sent twice that was taken");
    assert.ok([...attempts.values()].some((attempt) => attempt === 3));
  });

  test("two tables may share a stream", async () => {
    const { client } = shared;
    const stream = await kinesis.createStream("Common", 2);
    await deliveredTable(client, "Left", stream);
    await deliveredTable(client, "Right", stream);
    await writeVersions(client, "Left", { items: 3, versions: 4 });
    await writeVersions(client, "Right", { items: 3, versions: 4 });
    const records = await kinesis.recordsOnce("Common", 24);
    for (const name of ["Left", "Right"]) {
      const own = records.filter(({ change }) => change.tableName === name);
      assert.deepEqual(versionsOf(own), everyVersion(3, 4));
    }
  });

  test("a destination that is disabled still gets what was written before, and nothing after", async () => {
    const { client } = shared;
    const TableName = "Disabled";
    const StreamArn = await deliveredTable(client, TableName);
    await put(client, TableName, { id: { S: "first" } });
    await until(async () => (await statusOf(client, TableName)) === "ACTIVE");
    await kinesis.shut();
    await writeVersions(client, TableName, { items: 3, versions: 4 });
    await client.send(new DisableKinesisStreamingDestinationCommand({ TableName, StreamArn }));
    await delay(2);
    await put(client, TableName, { id: { S: "after" } });
    await kinesis.open();
    await until(async () => (await statusOf(client, TableName)) === "DISABLED");
    await put(client, TableName, { id: { S: "after that" } });
    const drained = await kinesis.records(TableName);
    const { first, ...versions } = versionsOf(drained);
    assert.ok(first);
    assert.deepEqual(versions, everyVersion(3, 4));
    assert.equal(changesOf(drained).size, 13);

    await client.send(new EnableKinesisStreamingDestinationCommand({ TableName, StreamArn }));
    await put(client, TableName, { id: { S: "again" } });
    const changes = changesOf(await kinesis.recordsOnce(TableName, 14));
    assert.equal(changes.size, 14);
  });

  test("the removal of a table ends its delivery, and one of the same name begins anew", async () => {
    const { client } = shared;
    const TableName = "Removed";
    const stream = await deliveredTable(client, TableName);
    await put(client, TableName, { id: { S: "old" } });
    await kinesis.recordsOnce(TableName, 1);
    await client.send(new DeleteTableCommand({ TableName }));
    await deliveredTable(client, TableName, stream);
    await put(client, TableName, { id: { S: "new" } });
    const records = await kinesis.recordsOnce(TableName, 2);
    assert.deepEqual(
      records.map(({ change }) => change.eventName),
      ["INSERT", "INSERT"],
    );
  });

  test("a change too large for Kinesis is dropped, and those behind it arrive", async () => {
    const { client } = shared;
    const TableName = "Large";
    await deliveredTable(client, TableName);
    // Two images of 390 KB, a third more in base64: above the 1 MiB of a record.
    const bytes = Buffer.alloc(390 * 1_024, 7);
    await put(client, TableName, { id: { S: "large" }, bytes: { B: bytes } });
    await put(client, TableName, { id: { S: "large" }, bytes: { B: Buffer.alloc(390 * 1_024, 8) } });
    await put(client, TableName, { id: { S: "large" }, version: { N: "3" } });
    const records = await kinesis.recordsOnce(TableName, 2);
    assert.deepEqual(
      records.map(({ change }) => change.eventName),
      ["INSERT", "MODIFY"],
    );
    assert.deepEqual(records[1]?.change.dynamodb.NewImage, { id: { S: "large" }, version: { N: "3" } });
  });
});

describe("Delivery to Kinesis across restarts", { skip }, () => {
  test("nothing is lost, the order is kept, and what comes twice has one id", async () => {
    const storage = await openTestStorage();
    const open = (): Promise<TestServer> => startTestServer({ kinesisEndpoint, ...storage.serverOptions });
    const TableName = "Restarted";
    let server = await open();
    await deliveredTable(server.client, TableName);
    for (let from = 1; from <= 21; from += 5) {
      // Some of each round are refused, so that the server stops while records wait.
      kinesis.refuseWhere(({ eventID }) => from < 21 && parseInt(eventID.slice(0, 8), 16) % 2 === 0);
      await writeVersions(server.client, TableName, { items: 4, from, versions: 5 });
      await server.close();
      server = await open();
    }
    const records = await kinesis.recordsOnce(TableName, 100);
    await server.close();
    await storage.close();
    assert.deepEqual(versionsOf(records), everyVersion(4, 25));
    assert.equal(changesOf(records).size, 100);
  });
});

describe("Delivery to Kinesis as time goes by", { skip }, () => {
  test("an expiry tells who removed the item", async () => {
    const server = await startTestServer({ kinesisEndpoint, devClock: true });
    const { client } = server;
    const TableName = "Expiring";
    await deliveredTable(client, TableName);
    const TimeToLiveSpecification = { Enabled: true, AttributeName: "until" };
    await client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
    const until_ = Math.floor(Date.now() / 1_000) + 60;
    await put(client, TableName, { id: { S: "short" }, until: { N: String(until_) } });
    await kinesis.recordsOnce(TableName, 1);
    server.advanceClock(120_000);
    const records = await kinesis.recordsOnce(TableName, 2);
    await server.close();
    const removal = records.find(({ change }) => change.eventName === "REMOVE");
    assert.deepEqual(removal?.change.userIdentity, {
      principalId: "dynamodb.amazonaws.com",
      type: "Service",
    });
  });

  test("a week without success disables the destination, and says why", async () => {
    const server = await startTestServer({ kinesisEndpoint, devClock: true });
    const { client } = server;
    const TableName = "Patience";
    await deliveredTable(client, TableName);
    await until(async () => (await statusOf(client, TableName)) === "ACTIVE");
    let refusals = 0;
    kinesis.refuseWhere(() => (refusals += 1) > 0);
    // An attempt is over before time leaps: it would fail of having taken too long.
    const nextRefusal = async (seen: number) => {
      await until(() => Promise.resolve(refusals > seen));
      await delay(20);
    };
    await put(client, TableName, { id: { S: "stuck" } });
    await nextRefusal(0);
    for (let day = 1; day <= 6; day += 1) {
      const seen = refusals;
      server.advanceClock(24 * 60 * 60_000);
      await nextRefusal(seen);
    }
    assert.equal(await statusOf(client, TableName), "ACTIVE");
    server.advanceClock(25 * 60 * 60_000);
    await until(async () => (await statusOf(client, TableName)) === "DISABLED");
    const described = await client.send(new DescribeKinesisStreamingDestinationCommand({ TableName }));
    assert.equal(
      described.KinesisDataStreamDestinations?.[0]?.DestinationStatusDescription,
      "No record could be delivered to the kinesis stream for 168 hours: Rate exceeded",
    );
    await server.close();
  });
});
