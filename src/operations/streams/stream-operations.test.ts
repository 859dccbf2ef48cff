import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { openRunner, tableRequest } from "../../../test/fixtures/operations.ts";
import type { Engine } from "../../engine/engine.ts";
import { openMemoryEngine } from "../../engine/memory/open-memory-engine.ts";
import { ServiceError } from "../../model/errors.ts";
import { createTable } from "../dynamodb/create-table.ts";
import { putItem } from "../dynamodb/put-item.ts";
import { describeStream } from "../dynamodb-streams/describe-stream.ts";
import { getRecords } from "../dynamodb-streams/get-records.ts";
import { getShardIterator } from "../dynamodb-streams/get-shard-iterator.ts";
import { listStreams } from "../dynamodb-streams/list-streams.ts";
import type { Operation } from "../operation.ts";

async function openStream(engine?: Engine) {
  const runner = openRunner({ engine: engine ?? openMemoryEngine() });
  const StreamSpecification = { StreamEnabled: true, StreamViewType: "NEW_IMAGE" };
  const made = await runner.run(createTable, tableRequest({ StreamSpecification }));
  await runner.run(putItem, { TableName: "Music", Item: { pk: { S: "a" } } });
  const arn = made.TableDescription?.LatestStreamArn ?? "";
  const { StreamDescription: stream } = await runner.run(describeStream, { StreamArn: arn });
  const [shard] = stream?.Shards ?? [];
  const shardId = shard?.ShardId ?? "";
  const sequenceNumber = shard?.SequenceNumberRange?.StartingSequenceNumber ?? "";
  const { ShardIterator: iterator = "" } = await runner.run(getShardIterator, {
    StreamArn: arn,
    ShardId: shardId,
    ShardIteratorType: "TRIM_HORIZON",
  });
  return { runner, arn, shardId, sequenceNumber, iterator };
}

/** `text` as it is, and with a part of it replaced. */
function damaged(text: string): fc.Arbitrary<string> {
  const place = fc.nat({ max: text.length });
  return fc.oneof(
    fc.constant(text),
    fc
      .tuple(place, fc.nat({ max: 4 }), fc.string({ maxLength: 4 }))
      .map(([at, length, other]) => text.slice(0, at) + other + text.slice(at + length)),
  );
}

function optional<Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
  return fc.option(value, { nil: undefined, freq: 3 });
}

test("whatever operations on streams are sent, they answer or refuse", async () => {
  const { runner, arn, shardId, sequenceNumber, iterator } = await openStream();
  const types = ["TRIM_HORIZON", "LATEST", "AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER", "AT_TIMESTAMP"];
  const limit = optional(fc.integer({ min: -1, max: 1002 }));
  const filter = fc.record({
    Type: optional(fc.constantFrom("CHILD_SHARDS", "x")),
    ShardId: optional(damaged(shardId)),
  });
  const requests: fc.Arbitrary<readonly [Operation, object]> = fc.oneof(
    fc
      .record({
        TableName: optional(damaged("Music")),
        Limit: limit,
        ExclusiveStartStreamArn: optional(damaged(arn)),
      })
      .map((request) => [listStreams, request] as const),
    fc
      .record({
        StreamArn: damaged(arn),
        Limit: limit,
        ExclusiveStartShardId: optional(damaged(shardId)),
        ShardFilter: optional(filter),
      })
      .map((request) => [describeStream, request] as const),
    fc
      .record({
        StreamArn: damaged(arn),
        ShardId: damaged(shardId),
        ShardIteratorType: fc.constantFrom(...types),
        SequenceNumber: optional(damaged(sequenceNumber)),
      })
      .map((request) => [getShardIterator, request] as const),
    fc
      .record({ ShardIterator: damaged(iterator), Limit: limit })
      .map((request) => [getRecords, request] as const),
  );
  let answers = 0;
  await fc.assert(
    fc.asyncProperty(requests, async ([operation, request]) => {
      try {
        await runner.run(operation, request);
        answers += 1;
      } catch (error) {
        assert.ok(error instanceof ServiceError, String(error));
      }
    }),
    { numRuns: 500 },
  );
  assert.ok(answers > 20, `only ${answers} requests were answered`);
});

test("an iterator that was changed at any place is none", async () => {
  const { runner, iterator } = await openStream();
  await runner.run(getRecords, { ShardIterator: iterator });
  const damagedOnes = damaged(iterator).filter((text) => text !== iterator && text !== "");
  await fc.assert(
    fc.asyncProperty(damagedOnes, async (text) => {
      await assert.rejects(runner.run(getRecords, { ShardIterator: text }), {
        message: "Invalid ShardIterator",
      });
    }),
    { numRuns: 300 },
  );
});

test("an iterator that one server gave leads on at another one", async () => {
  const engine = openMemoryEngine();
  const { runner, iterator } = await openStream(engine);
  const other = openRunner({ engine });
  const { Records: records, NextShardIterator: next = "" } = await other.run(getRecords, {
    ShardIterator: iterator,
  });
  assert.equal(records?.length, 1);
  await other.run(putItem, { TableName: "Music", Item: { pk: { S: "b" } } });
  const { Records: more } = await runner.run(getRecords, { ShardIterator: next });
  assert.deepEqual(
    more?.map(({ dynamodb }) => JSON.stringify(dynamodb?.Keys)),
    ['{"pk":{"S":"b"}}'],
  );
});
