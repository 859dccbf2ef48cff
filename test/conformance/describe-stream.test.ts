import { DescribeStreamCommand } from "@aws-sdk/client-dynamodb-streams";
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openFilledStream, type FilledStream } from "./filled-stream.ts";
import { refusalOf } from "./refusals.ts";

let stream: FilledStream;

before(async () => {
  stream = await openFilledStream();
});

after(() => stream.close());

describe("DescribeStream", () => {
  test("tells of a stream and its shards", async () => {
    const { StreamDescription: described } = await stream.streams.send(
      new DescribeStreamCommand({ StreamArn: stream.arn }),
    );
    const { CreationRequestDateTime: requested, Shards: shards, ...description } = described ?? {};
    assert.ok(requested && Math.abs(requested.getTime() - Date.now()) < 60_000);
    assert.deepEqual(description, {
      StreamArn: stream.arn,
      StreamLabel: stream.arn.slice(stream.arn.lastIndexOf("/") + 1),
      StreamStatus: "ENABLED",
      StreamViewType: "NEW_AND_OLD_IMAGES",
      TableName: stream.tableName,
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
    });
    const [shard, ...others] = shards ?? [];
    assert.deepEqual(others, []);
    assert.match(shard?.ShardId ?? "", /^shardId-\d{20}-[0-9a-f]{8}$/);
    assert.deepEqual(Object.keys(shard ?? {}).sort(), ["SequenceNumberRange", "ShardId"]);
    assert.deepEqual(Object.keys(shard?.SequenceNumberRange ?? {}), ["StartingSequenceNumber"]);
  });

  const rows: readonly [title: string, request: object, name: string, message: string][] = [
    [
      "101 shards",
      { Limit: 101 },
      "ValidationException",
      "1 validation error detected: Value '101' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 100",
    ],
    [
      "an id that is too short",
      { ExclusiveStartShardId: "shardId-1" },
      "ValidationException",
      "1 validation error detected: Value 'shardId-1' at 'exclusiveStartShardId' failed to satisfy constraint: Member must have length greater than or equal to 28",
    ],
    [
      "a start that is no shard",
      { ExclusiveStartShardId: "shardId-of-nothing-at-all-that-there-is" },
      "ResourceNotFoundException",
      "Requested resource not found: Shard does not exist",
    ],
    [
      "a filter of another type",
      { ShardFilter: { Type: "PARENT_SHARDS" } },
      "ValidationException",
      "1 validation error detected: Value 'PARENT_SHARDS' at 'shardFilter.type' failed to satisfy constraint: Member must satisfy enum value set: [CHILD_SHARDS]",
    ],
    [
      "a filter with an id that is too short",
      { ShardFilter: { Type: "CHILD_SHARDS", ShardId: "1" } },
      "ValidationException",
      "1 validation error detected: Value '1' at 'shardFilter.shardId' failed to satisfy constraint: Member must have length greater than or equal to 28",
    ],
    [
      "a filter without an id",
      { ShardFilter: { Type: "CHILD_SHARDS" } },
      "ValidationException",
      "1 validation error detected: Value null at 'shardFilter.shardId' failed to satisfy constraint: Member must not be null",
    ],
    [
      "a filter without a type",
      { ShardFilter: { ShardId: "shardId-00000001790000000000-00000001" } },
      "ValidationException",
      "1 validation error detected: Value null at 'shardFilter.type' failed to satisfy constraint: Member must not be null",
    ],
  ];
  for (const [title, request, name, message] of rows) {
    test(`refuses ${title}`, async () => {
      const call = stream.streams.send(new DescribeStreamCommand({ StreamArn: stream.arn, ...request }));
      assert.deepEqual(await refusalOf(call), { name, message });
    });
  }
});
