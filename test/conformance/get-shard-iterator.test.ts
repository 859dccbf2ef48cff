import { GetShardIteratorCommand, type GetShardIteratorCommandInput } from "@aws-sdk/client-dynamodb-streams";
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openFilledStream, type FilledStream } from "./filled-stream.ts";
import { refusalOf } from "./refusals.ts";

let stream: FilledStream;

before(async () => {
  stream = await openFilledStream();
});

after(() => stream.close());

describe("GetShardIterator refuses", () => {
  const rows: readonly [
    title: string,
    request: () => Partial<GetShardIteratorCommandInput>,
    name: string,
    message: (request: Partial<GetShardIteratorCommandInput>) => string,
  ][] = [
    [
      "a stream that there is not",
      () => ({ StreamArn: stream.arn.replace("/stream/2", "/stream/3") }),
      "ResourceNotFoundException",
      ({ StreamArn }) => `Requested resource not found: Stream: ${StreamArn} not found`,
    ],
    [
      "a stream of a table that there is not",
      () => ({ StreamArn: stream.arn.replace("table/", "table/no-") }),
      "ResourceNotFoundException",
      ({ StreamArn }) => `Requested resource not found: Stream: ${StreamArn} not found`,
    ],
    [
      "a stream of another region",
      () => ({ StreamArn: stream.arn.replace("us-east-1", "eu-west-1") }),
      "ResourceNotFoundException",
      ({ StreamArn }) => `Requested resource not found: Stream: ${StreamArn} not found`,
    ],
    [
      "the ARN of a table",
      () => ({ StreamArn: stream.arn.slice(0, stream.arn.indexOf("/stream/")) }),
      "ValidationException",
      () => "Invalid StreamArn",
    ],
    [
      "what is no ARN",
      () => ({ StreamArn: "x".repeat(40) }),
      "ValidationException",
      () => "Invalid StreamArn",
    ],
    [
      "what is too short for an ARN",
      () => ({ StreamArn: "stream" }),
      "ValidationException",
      () =>
        "1 validation error detected: Value 'stream' at 'streamArn' failed to satisfy constraint: Member must have length greater than or equal to 37",
    ],
    [
      "a shard that there is not",
      () => ({ ShardId: "shardId-00000001790000000000-0000ffff" }),
      "ResourceNotFoundException",
      () => "Requested resource not found: Shard does not exist",
    ],
    [
      "what is no shard's id",
      () => ({ ShardId: "shardId-of-nothing-at-all-that-there-is" }),
      "ResourceNotFoundException",
      () => "Requested resource not found: Shard does not exist",
    ],
    [
      "another type",
      () => ({ ShardIteratorType: "AT_TIMESTAMP" as "LATEST" }),
      "ValidationException",
      () =>
        "1 validation error detected: Value 'AT_TIMESTAMP' at 'shardIteratorType' failed to satisfy constraint: Member must satisfy enum value set: [TRIM_HORIZON, LATEST, AT_SEQUENCE_NUMBER, AFTER_SEQUENCE_NUMBER]",
    ],
    [
      "no sequence number where one is needed",
      () => ({ ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber: undefined }),
      "ValidationException",
      () => "SequenceNumber is required for ShardIteratorType AFTER_SEQUENCE_NUMBER",
    ],
    [
      "a sequence number where none is",
      () => ({ ShardIteratorType: "LATEST" }),
      "ValidationException",
      () => "SequenceNumber must not be specified for ShardIteratorType LATEST",
    ],
    [
      "a sequence number behind all there are",
      () => ({ SequenceNumber: "100000000000099999999" }),
      "ValidationException",
      () => "Invalid SequenceNumber: 100000000000099999999",
    ],
    [
      "a sequence number before all there are",
      () => ({ SequenceNumber: "100000000000000000000" }),
      "ValidationException",
      () => "Invalid SequenceNumber: 100000000000000000000",
    ],
    [
      "what is no sequence number",
      () => ({ SequenceNumber: "twenty-one characters" }),
      "ValidationException",
      () => "Invalid SequenceNumber: twenty-one characters",
    ],
  ];
  for (const [title, requestOf, name, message] of rows) {
    test(title, async () => {
      const request = requestOf();
      const refusal = await refusalOf(
        stream.streams.send(
          new GetShardIteratorCommand({
            StreamArn: stream.arn,
            ShardId: stream.place.shard?.ShardId,
            ShardIteratorType: "AT_SEQUENCE_NUMBER",
            SequenceNumber: stream.numbers[0],
            ...request,
          }),
        ),
      );
      assert.deepEqual(refusal, { name, message: message(request) });
    });
  }
});
