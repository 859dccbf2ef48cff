/** A stream with records, for tests of how it is read. */
import { BatchWriteItemCommand, PutItemCommand, type AttributeValue } from "@aws-sdk/client-dynamodb";
import type { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { randomUUID } from "node:crypto";
import { startTestServer, type TestServer } from "./server.ts";
import { createStreamTable, iteratorAt, openStreams, read, shardsOf, type Place } from "./stream-reader.ts";

export const recordsInStream = 60;

export interface FilledStream {
  readonly server: TestServer;
  readonly streams: DynamoDBStreamsClient;
  readonly tableName: string;
  readonly arn: string;
  /** Its one shard. */
  readonly place: Place;
  /** The sequence numbers of its records, in their order. */
  readonly numbers: readonly string[];
  close(): Promise<void>;
}

export async function openFilledStream(): Promise<FilledStream> {
  const server = await startTestServer();
  const streams = await openStreams(server);
  const tableName = `stream-${randomUUID()}`;
  const arn = await createStreamTable(server.client, tableName);
  const atOnce = 20;
  for (let from = 0; from < recordsInStream; from += atOnce) {
    const requests = Array.from({ length: atOnce }, (_, index) => ({
      PutRequest: { Item: itemOf(from + index) },
    }));
    await server.client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: requests } }));
  }
  const [shard] = await shardsOf(streams, arn);
  const place = { arn, shard };
  const numbers = await numbersFrom(streams, await iteratorAt(streams, place));
  return {
    ...{ server, streams, tableName, arn, place, numbers },
    async close() {
      streams.destroy();
      await server.close();
    },
  };
}

export function itemOf(sk: number): Record<string, AttributeValue> {
  return { pk: { S: "a" }, sk: { N: String(sk) } };
}

export async function putItem(
  { server }: FilledStream,
  tableName: string,
  item: Record<string, AttributeValue>,
): Promise<void> {
  await server.client.send(new PutItemCommand({ TableName: tableName, Item: item }));
}

/** The sequence numbers of what one request gets. */
export async function numbersFrom(
  streams: DynamoDBStreamsClient,
  iterator: string,
  limit?: number,
): Promise<readonly string[]> {
  const { records } = await read(streams, iterator, limit);
  return records.map(({ dynamodb }) => dynamodb?.SequenceNumber ?? "");
}
