import { fill } from "./comparison.ts";
import { streamedTable } from "./load/tables.ts";
import { askOnce } from "./subjects/answer.ts";
import { startLoadGenerator } from "./subjects/load-generator.ts";
import { processorSeconds } from "./subjects/server-process.ts";
import { launchStator } from "./subjects/stator.ts";

/** How fast one reader follows a stream from its beginning. */
export interface StreamReading {
  readonly records: number;
  readonly seconds: number;
  readonly recordsPerSecond: number;
  /** Processor time of the server for one record, in microseconds. */
  readonly processorMicros: number | undefined;
}

/** Stores `items` items into a table with a stream of both images, then reads the stream once. */
export async function measureStreamReading(items: number): Promise<StreamReading> {
  const generator = startLoadGenerator();
  const server = await launchStator();
  const { port, process } = server;
  try {
    await fill(server, { table: streamedTable, generator, items });
    console.log(`  stream: ${items} items stored`);
    const { Table } = await ask<Described>(port, "DescribeTable", { TableName: streamedTable.name });
    const StreamArn = Table.LatestStreamArn;
    const { StreamDescription } = await askStreams<Shards>(port, "DescribeStream", { StreamArn });
    const before = processorSeconds(process);
    const begun = performance.now();
    let records = 0;
    for (const { ShardId } of StreamDescription.Shards) records += await readShard(port, StreamArn, ShardId);
    const seconds = (performance.now() - begun) / 1000;
    const used = (processorSeconds(process) ?? Number.NaN) - (before ?? Number.NaN);
    return {
      records,
      seconds,
      recordsPerSecond: records / seconds,
      processorMicros: Number.isNaN(used) ? undefined : (used * 1e6) / records,
    };
  } finally {
    generator.stop();
    await server.stop();
  }
}

interface Described {
  readonly Table: { readonly LatestStreamArn: string };
}

interface Shards {
  readonly StreamDescription: { readonly Shards: readonly { readonly ShardId: string }[] };
}

interface Read {
  readonly Records: readonly unknown[];
  readonly NextShardIterator?: string;
}

/** Reads until the shard ends or a page of an open one is empty. */
async function readShard(port: number, StreamArn: string, ShardId: string): Promise<number> {
  const start = { StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" };
  let { ShardIterator } = await askStreams<{ ShardIterator: string | undefined }>(
    port,
    "GetShardIterator",
    start,
  );
  let records = 0;
  while (ShardIterator !== undefined) {
    const page: Read = await askStreams<Read>(port, "GetRecords", { ShardIterator });
    if (page.Records.length === 0) break;
    records += page.Records.length;
    ShardIterator = page.NextShardIterator;
  }
  return records;
}

function askStreams<Output>(port: number, operation: string, request: object): Promise<Output> {
  return ask(port, `DynamoDBStreams_20120810.${operation}`, request);
}

async function ask<Output>(port: number, operation: string, request: object): Promise<Output> {
  const { bodyBase64 } = await askOnce(port, operation, JSON.stringify(request));
  return JSON.parse(Buffer.from(bodyBase64, "base64").toString()) as Output;
}
