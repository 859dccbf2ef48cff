import {
  DeleteTableCommand,
  PutItemCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import {
  DescribeStreamCommand,
  ListStreamsCommand,
  TrimmedDataAccessException,
  type DynamoDBStreamsClient,
  type Shard,
} from "@aws-sdk/client-dynamodb-streams";
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { refusalOf } from "./refusals.ts";
import type { Storage } from "../storage.ts";
import { openTestStorage, startTestServer, testsOwnServer, type TestServer } from "./server.ts";
import {
  createStreamTable,
  describedStream,
  iteratorAt,
  openStreams,
  read,
  readStream,
  shardsOf,
} from "./stream-reader.ts";

const hourMs = 3_600_000;
const TableName = "Music";

let storage: Storage;
let server: TestServer;
let streams: DynamoDBStreamsClient;

async function start(): Promise<void> {
  server = await startTestServer({ ...storage.serverOptions, devClock: true });
  streams = await openStreams(server);
}

async function stop(): Promise<void> {
  streams.destroy();
  await server.close();
}

beforeEach(async () => {
  storage = await openTestStorage();
  await start();
});

afterEach(async () => {
  await stop();
  await storage.close();
});

async function put(sk: number, pk = "a"): Promise<void> {
  await server.client.send(new PutItemCommand({ TableName, Item: { pk: { S: pk }, sk: { N: String(sk) } } }));
}

async function sortKeys(arn: string): Promise<readonly (string | undefined)[]> {
  return (await readStream(streams, arn)).map(({ dynamodb }) => dynamodb?.Keys?.["sk"]?.N);
}

async function switchStream(enabled: boolean): Promise<string> {
  const specification = enabled
    ? { StreamEnabled: true, StreamViewType: "KEYS_ONLY" as const }
    : { StreamEnabled: false };
  const { TableDescription: table } = await server.client.send(
    new UpdateTableCommand({ TableName, StreamSpecification: specification }),
  );
  return table?.LatestStreamArn ?? "";
}

/** What the background makes of a moved clock comes a little later. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 500 && !(await condition()); attempt += 1) await delay(10);
  assert.ok(await condition());
}

/** The oldest record can be trimmed between the making of an iterator that leads to it and its use. */
function ifTrimmed(error: unknown): undefined {
  if (!(error instanceof TrimmedDataAccessException)) throw error;
}

const isClosed = ({ SequenceNumberRange: range }: Shard) => range?.EndingSequenceNumber !== undefined;

const notFound = (arn: string) => ({
  name: "ResourceNotFoundException",
  message: `Requested resource not found: Stream: ${arn} not found`,
});

void describe("A stream", { skip: !testsOwnServer && "moves the clock of its server" }, () => {
  test("that is disabled stays readable for a day, beside the next one", async () => {
    const first = await createStreamTable(server.client, TableName);
    await put(1);
    await switchStream(false);
    await put(2);
    server.advanceClock(1000);
    const second = await switchStream(true);
    await put(3);
    assert.notEqual(first, second);
    assert.deepEqual([await sortKeys(first), await sortKeys(second)], [["1"], ["3"]]);
    assert.equal((await describedStream(streams, first)).StreamStatus, "DISABLED");
    const [shard, ...others] = await shardsOf(streams, first);
    assert.deepEqual(others, []);
    assert.ok(shard && isClosed(shard));
    const { next } = await read(streams, await iteratorAt(streams, { arn: first, shard }));
    assert.equal(next, undefined);
    const [newShard] = await shardsOf(streams, second);
    assert.equal(newShard?.ParentShardId, undefined);

    server.advanceClock(24 * hourMs);
    assert.deepEqual(await refusalOf(describedStream(streams, first)), notFound(first));
    assert.equal((await describedStream(streams, second)).StreamStatus, "ENABLED");
    const { Streams: listed } = await streams.send(new ListStreamsCommand({ TableName }));
    assert.deepEqual(
      listed?.map(({ StreamArn }) => StreamArn),
      [second],
    );
  });

  test("of a table that is dropped stays readable for a day, beside that of a new one", async () => {
    const first = await createStreamTable(server.client, TableName);
    await put(1);
    await server.client.send(new DeleteTableCommand({ TableName }));
    assert.equal((await describedStream(streams, first)).StreamStatus, "DISABLED");
    assert.deepEqual(await sortKeys(first), ["1"]);
    server.advanceClock(23 * hourMs);
    const second = await createStreamTable(server.client, TableName);
    await put(2);
    assert.deepEqual(await sortKeys(second), ["2"]);
    const { Streams: listed } = await streams.send(new ListStreamsCommand({ TableName }));
    assert.deepEqual(
      listed?.map(({ StreamArn }) => StreamArn),
      [first, second],
    );
    server.advanceClock(hourMs);
    assert.deepEqual(await refusalOf(describedStream(streams, first)), notFound(first));
    assert.deepEqual(await sortKeys(second), ["2"]);
  });

  test("and its iterators survive a restart of the server", async () => {
    const arn = await createStreamTable(server.client, TableName);
    for (const sk of [1, 2, 3]) await put(sk);
    const before = await readStream(streams, arn);
    const [shard] = await shardsOf(streams, arn);
    const { next } = await read(streams, await iteratorAt(streams, { arn, shard }), 1);
    await stop();
    await start();
    await put(4);
    const after = await readStream(streams, arn);
    assert.deepEqual(after.slice(0, 3), before);
    assert.deepEqual(await sortKeys(arn), ["1", "2", "3", "4"]);
    const { records } = await read(streams, next ?? "");
    assert.deepEqual(records, after.slice(1));
    const numbers = after.map(({ dynamodb }) => BigInt(dynamodb?.SequenceNumber ?? 0));
    assert.ok(numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0n)));
  });

  test("rolls its shards over, and leads from parents to their children", async () => {
    const arn = await createStreamTable(server.client, TableName);
    const generations = 3;
    for (let generation = 0; generation < generations; generation += 1) {
      for (let sk = 0; sk < 5; sk += 1) await put(10 * generation + sk, `p${sk}`);
      server.advanceClock(4 * hourMs + 60_000);
      await until(async () => (await shardsOf(streams, arn)).filter(isClosed).length > generation);
    }
    await put(99);
    const shards = await shardsOf(streams, arn);
    assert.equal(shards.length, generations + 1);
    const ids = shards.map(({ ShardId }) => ShardId);
    assert.deepEqual(
      shards.map(({ ParentShardId }) => ParentShardId),
      [undefined, ...ids.slice(0, -1)],
    );
    assert.deepEqual(shards.map(isClosed), [true, true, true, false]);
    assert.deepEqual(ids, ids.toSorted());
    const expected = [0, 1, 2].flatMap((generation) =>
      [0, 1, 2, 3, 4].map((sk) => `${10 * generation + sk}`),
    );
    assert.deepEqual(await sortKeys(arn), [...expected, "99"]);
    await checkRanges(arn, shards);

    const children = async (shard: Shard | undefined) => {
      const { StreamDescription: stream } = await streams.send(
        new DescribeStreamCommand({
          StreamArn: arn,
          ShardFilter: { Type: "CHILD_SHARDS", ShardId: shard?.ShardId },
        }),
      );
      return stream?.Shards?.map(({ ShardId }) => ShardId);
    };
    assert.deepEqual(await children(shards[0]), [shards[1]?.ShardId]);
    assert.deepEqual(await children(shards[3]), []);

    const paged: (string | undefined)[] = [];
    let startId: string | undefined;
    do {
      const { StreamDescription: page } = await streams.send(
        new DescribeStreamCommand({ StreamArn: arn, Limit: 3, ExclusiveStartShardId: startId }),
      );
      for (const shard of page?.Shards ?? []) {
        paged.push(shard.ShardId);
        assert.equal(
          shard.ParentShardId,
          shards.find(({ ShardId }) => ShardId === shard.ShardId)?.ParentShardId,
        );
      }
      startId = page?.LastEvaluatedShardId;
    } while (startId !== undefined);
    assert.deepEqual(paged, ids);
  });

  /** The records of a shard lie within its range, and the ranges of children above those of their parents. */
  async function checkRanges(arn: string, shards: readonly Shard[]): Promise<void> {
    let low = 0n;
    for (const shard of shards) {
      const { StartingSequenceNumber: start, EndingSequenceNumber: end } = shard.SequenceNumberRange ?? {};
      assert.ok(BigInt(start ?? 0) > low);
      const { records, next } = await read(streams, await iteratorAt(streams, { arn, shard }));
      assert.equal(next === undefined, end !== undefined);
      low = BigInt(start ?? 0) - 1n;
      for (const { dynamodb } of records) {
        const number = BigInt(dynamodb?.SequenceNumber ?? 0);
        assert.ok(number > low);
        low = number;
      }
      if (end !== undefined) {
        assert.ok(low <= BigInt(end));
        low = BigInt(end);
      }
    }
  }

  test("gives iterators that hold for a quarter of an hour", async () => {
    const arn = await createStreamTable(server.client, TableName);
    await put(1);
    const [shard] = await shardsOf(streams, arn);
    const iterator = await iteratorAt(streams, { arn, shard });
    server.advanceClock(14 * 60_000);
    const { records, next } = await read(streams, iterator);
    assert.equal(records.length, 1);
    server.advanceClock(2 * 60_000);
    assert.deepEqual(await refusalOf(read(streams, iterator)), {
      name: "ExpiredIteratorException",
      message: "The provided iterator exceeds the maximum age allowed.",
    });
    assert.deepEqual((await read(streams, next ?? "")).records, []);
  });

  test("keeps records for a day", async () => {
    const arn = await createStreamTable(server.client, TableName);
    await put(1);
    server.advanceClock(3 * hourMs);
    await put(2);
    const [first] = await readStream(streams, arn);
    const sequenceNumber = first?.dynamodb?.SequenceNumber;
    server.advanceClock(21 * hourMs - 5 * 60_000);
    const [shard] = await shardsOf(streams, arn);
    const horizon = await iteratorAt(streams, { arn, shard });
    assert.deepEqual(await sortKeys(arn), ["1", "2"]);
    server.advanceClock(10 * 60_000);
    await until(async () => (await sortKeys(arn).catch(ifTrimmed))?.join() === "2");
    const trimmed = {
      name: "TrimmedDataAccessException",
      message: "The data you are trying to access has been trimmed.",
    };
    assert.deepEqual(await refusalOf(read(streams, horizon)), trimmed);
    const again = { arn, shard, type: "AT_SEQUENCE_NUMBER", sequenceNumber } as const;
    assert.deepEqual(await refusalOf(iteratorAt(streams, again)), trimmed);

    // The shard itself stays for a day after it was closed.
    server.advanceClock(24 * hourMs);
    const isGone = async () =>
      !(await shardsOf(streams, arn)).some(({ ShardId }) => ShardId === shard?.ShardId);
    await until(isGone);
    assert.deepEqual(await sortKeys(arn), []);
    assert.deepEqual(await refusalOf(iteratorAt(streams, { arn, shard })), {
      name: "ResourceNotFoundException",
      message: "Requested resource not found: Shard does not exist",
    });
    await put(3);
    assert.deepEqual(await sortKeys(arn), ["3"]);
  });

  test("names the service as the one who deletes items whose time is over", async () => {
    const arn = await createStreamTable(server.client, TableName);
    await server.client.send(
      new UpdateTimeToLiveCommand({
        TableName,
        TimeToLiveSpecification: { Enabled: true, AttributeName: "until" },
      }),
    );
    const expiry = { N: String(Math.floor(Date.now() / 1000) + 3600) };
    const Item = { pk: { S: "a" }, sk: { N: "1" }, until: expiry };
    await server.client.send(new PutItemCommand({ TableName, Item }));
    server.advanceClock(2 * hourMs);
    await until(async () => (await readStream(streams, arn)).length === 2);
    const [made, gone] = await readStream(streams, arn);
    assert.deepEqual([made?.eventName, made?.userIdentity], ["INSERT", undefined]);
    assert.deepEqual([gone?.eventName, gone?.dynamodb?.OldImage], ["REMOVE", Item]);
    assert.deepEqual(gone?.userIdentity, { PrincipalId: "dynamodb.amazonaws.com", Type: "Service" });
  });
});
