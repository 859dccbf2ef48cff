/** Streams as tests read them. */
import { CreateTableCommand, type DynamoDBClient, type StreamViewType } from "@aws-sdk/client-dynamodb";
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type _Record,
  type Shard,
  type ShardIteratorType,
  type StreamDescription,
} from "@aws-sdk/client-dynamodb-streams";
import assert from "node:assert/strict";
import type { TestServer } from "./server.ts";

/** A client of the server's streams; the caller destroys it. */
export async function openStreams({ client, endpoint }: TestServer): Promise<DynamoDBStreamsClient> {
  const { credentials, region } = client.config;
  const isAmazon = endpoint.endsWith("amazonaws.com");
  return new DynamoDBStreamsClient({
    region: await region(),
    credentials,
    maxAttempts: 1,
    ...(isAmazon ? {} : { endpoint }),
  });
}

/** Makes an on-demand table with the keys `pk` and `sk` and a stream, and answers the ARN of the stream. */
export async function createStreamTable(
  client: DynamoDBClient,
  tableName: string,
  viewType: StreamViewType = "NEW_AND_OLD_IMAGES",
): Promise<string> {
  const { TableDescription: table } = await client.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        { AttributeName: "pk", AttributeType: "S" },
        { AttributeName: "sk", AttributeType: "N" },
      ],
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      StreamSpecification: { StreamEnabled: true, StreamViewType: viewType },
    }),
  );
  assert.ok(table?.LatestStreamArn);
  return table.LatestStreamArn;
}

export async function describedStream(
  streams: DynamoDBStreamsClient,
  arn: string,
): Promise<StreamDescription> {
  const { StreamDescription: stream } = await streams.send(new DescribeStreamCommand({ StreamArn: arn }));
  assert.ok(stream);
  return stream;
}

export async function shardsOf(streams: DynamoDBStreamsClient, arn: string): Promise<readonly Shard[]> {
  return (await describedStream(streams, arn)).Shards ?? [];
}

export interface Place {
  readonly arn: string;
  readonly shard: Shard | undefined;
  readonly type?: ShardIteratorType;
  readonly sequenceNumber?: string | undefined;
}

export async function iteratorAt(streams: DynamoDBStreamsClient, place: Place): Promise<string> {
  const { arn, shard, type = "TRIM_HORIZON", sequenceNumber } = place;
  const { ShardIterator: iterator } = await streams.send(
    new GetShardIteratorCommand({
      StreamArn: arn,
      ShardId: shard?.ShardId,
      ShardIteratorType: type,
      SequenceNumber: sequenceNumber,
    }),
  );
  assert.ok(iterator);
  return iterator;
}

export interface Read {
  readonly records: readonly _Record[];
  /** Undefined at the end of a closed shard. */
  readonly next: string | undefined;
}

/** Reads what there is in one request. */
export async function read(streams: DynamoDBStreamsClient, iterator: string, limit?: number): Promise<Read> {
  const { Records: records = [], NextShardIterator: next } = await streams.send(
    new GetRecordsCommand({ ShardIterator: iterator, Limit: limit }),
  );
  return { records, next };
}

/** Everything in a stream, its shards in the order of their births: parents stand before their children. */
export async function readStream(streams: DynamoDBStreamsClient, arn: string): Promise<readonly _Record[]> {
  const records: _Record[] = [];
  for (const shard of await shardsOf(streams, arn)) {
    let iterator: string | undefined = await iteratorAt(streams, { arn, shard });
    for (;;) {
      const { records: some, next }: Read = await read(streams, iterator);
      records.push(...some);
      if (next === undefined || some.length === 0) break;
      iterator = next;
    }
  }
  return records;
}

/** What a record says of an item, without what differs from run to run. */
export function changeIn({ eventName, dynamodb }: _Record): object {
  const { Keys, OldImage, NewImage } = dynamodb ?? {};
  return { eventName, Keys, ...(OldImage && { OldImage }), ...(NewImage && { NewImage }) };
}
