import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { CreateEventSourceMappingCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { askOnce } from "./subjects/answer.ts";
import { launchStator } from "./subjects/stator.ts";

/** How long after a client sent an item a function hears of it. */
export interface TriggerLag {
  readonly connections: number;
  readonly records: number;
  readonly recordsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly longestMs: number;
}

const functionPath = join(import.meta.dirname, "subjects/lag-function.js");

/** Puts `records` items, first over one connection and then over several, into a table whose stream calls a module. */
export async function measureTriggers(records: number): Promise<TriggerLag[]> {
  const server = await launchStator(["--function", `lag=${functionPath}`]);
  const folder = mkdtempSync(join(tmpdir(), "stator-bench-"));
  try {
    await startTrigger(server.port);
    // The first records find a function that is still to be loaded.
    await put(server.port, { from: 0, until: 20, connections: 1, lags: join(folder, "warm-up") });
    const points: TriggerLag[] = [];
    for (const connections of [1, 16]) {
      const lags = join(folder, String(connections));
      const begun = performance.now();
      await put(server.port, { from: 0, until: records, connections, lags });
      const sent = (await untilWritten(lags, records)).toSorted((left, right) => left - right);
      const seconds = (performance.now() - begun) / 1_000;
      points.push({ connections, records, recordsPerSecond: records / seconds, ...percentilesOf(sent) });
    }
    return points;
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}

function percentilesOf(sorted: readonly number[]) {
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
  return { p50Ms: at(0.5), p99Ms: at(0.99), longestMs: at(1) };
}

async function startTrigger(port: number): Promise<void> {
  const table = {
    TableName: "Lags",
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" },
  };
  const { bodyBase64 } = await askOnce(port, "CreateTable", JSON.stringify(table));
  const { TableDescription } = JSON.parse(Buffer.from(bodyBase64, "base64").toString()) as {
    TableDescription: { LatestStreamArn: string };
  };
  const lambda = new LambdaClient({
    endpoint: `http://127.0.0.1:${String(port)}`,
    region: "us-east-1",
    // The account of the other requests.
    credentials: { accessKeyId: "AKIABENCHBENCHBENCH1", secretAccessKey: "bench" },
  });
  const EventSourceArn = TableDescription.LatestStreamArn;
  const mapping = { FunctionName: "lag", EventSourceArn, StartingPosition: "TRIM_HORIZON" } as const;
  await lambda.send(new CreateEventSourceMappingCommand(mapping));
  lambda.destroy();
}

interface Puts {
  readonly from: number;
  readonly until: number;
  readonly connections: number;
  /** Where the function writes. */
  readonly lags: string;
}

async function put(port: number, { from, until, connections, lags }: Puts): Promise<void> {
  let next = from;
  async function putOneByOne(): Promise<void> {
    while (next < until) {
      const id = `${String(connections)}-${String(next++)}`;
      const sentAt = String(performance.timeOrigin + performance.now());
      const Item = { id: { S: id }, sentAt: { N: sentAt }, lags: { S: lags }, text: { S: "x".repeat(300) } };
      await askOnce(port, "PutItem", JSON.stringify({ TableName: "Lags", Item }));
    }
  }
  await Promise.all(Array.from({ length: connections }, putOneByOne));
}

async function untilWritten(path: string, lines: number): Promise<number[]> {
  for (let tries = 0; tries < 600; tries++) {
    await delay(50);
    const lags = readFileSync(path, { encoding: "utf8", flag: "a+" }).split("\n").filter(Boolean);
    if (lags.length >= lines) return lags.map(Number);
  }
  throw new Error("records did not arrive");
}
