import { fill, untilActive } from "./comparison.ts";
import type { Round } from "./load/round.ts";
import { plainTable } from "./load/tables.ts";
import { median } from "./median.ts";
import { askOnce } from "./subjects/answer.ts";
import { startLoadGenerator, type LoadGenerator } from "./subjects/load-generator.ts";
import { processorSeconds, residentMb } from "./subjects/server-process.ts";
import { launchStator } from "./subjects/stator.ts";

/** How an index is added to a table with items, and what a client who writes meanwhile notices of it. */
export interface IndexBuild {
  readonly items: number;
  readonly seconds: number;
  readonly itemsPerSecond: number;
  /** Processor time of the server for one item, in microseconds; the writer's share is in it. */
  readonly processorMicros: number | undefined;
  readonly residentMb: { readonly before: number | undefined; readonly after: number | undefined };
  readonly writer: { readonly before: Writing; readonly during: Writing };
}

/** What one client saw that writes one item after the other. */
export interface Writing {
  readonly operationsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly longestMs: number;
}

const roundMs = 1000;
const index = {
  IndexName: "by-amount",
  KeySchema: [
    { AttributeName: "amount", KeyType: "HASH" },
    { AttributeName: "order", KeyType: "RANGE" },
  ],
  Projection: { ProjectionType: "ALL" },
};

/** Stores `items` items, then adds an index of whole items while a client goes on writing. */
export async function measureIndexBuild(items: number): Promise<IndexBuild> {
  const generator = startLoadGenerator();
  const server = await launchStator();
  const { port, process } = server;
  try {
    await fill(server, { table: plainTable, generator, items });
    console.log(`  index build: ${items} items stored`);
    const rounds: Round[] = [];
    for (let round = 0; round < 3; round++) rounds.push(await write(generator, { port, items }));
    const before = { mb: residentMb(process), seconds: processorSeconds(process) };
    const begun = performance.now();
    await addIndex(port);
    const building = untilActive(port, plainTable.name, 20).then(() => (performance.now() - begun) / 1000);
    const during: Round[] = [];
    let seconds: number | undefined;
    void building.then((taken) => (seconds = taken));
    while (seconds === undefined) during.push(await write(generator, { port, items }));
    const used = (processorSeconds(process) ?? Number.NaN) - (before.seconds ?? Number.NaN);
    return {
      items,
      seconds,
      itemsPerSecond: items / seconds,
      processorMicros: Number.isNaN(used) ? undefined : (used * 1e6) / items,
      residentMb: { before: before.mb, after: residentMb(process) },
      writer: { before: summaryOf(rounds), during: summaryOf(during) },
    };
  } finally {
    generator.stop();
    await server.stop();
  }
}

function write(generator: LoadGenerator, { port, items }: { port: number; items: number }): Promise<Round> {
  const load = { connections: 1, warmUpMs: 0, measureMs: roundMs };
  return generator.run({ kind: "round", port, workload: "UpdateItem", items, ...load });
}

async function addIndex(port: number): Promise<void> {
  const update = {
    TableName: plainTable.name,
    AttributeDefinitions: [
      { AttributeName: "amount", AttributeType: "N" },
      { AttributeName: "order", AttributeType: "S" },
    ],
    GlobalSecondaryIndexUpdates: [{ Create: index }],
  };
  await askOnce(port, "UpdateTable", JSON.stringify(update));
}

function summaryOf(rounds: readonly Round[]): Writing {
  return {
    operationsPerSecond: median(rounds.map(({ operations, seconds }) => operations / seconds)),
    p50Ms: median(rounds.map(({ p50Ms }) => p50Ms)),
    p99Ms: median(rounds.map(({ p99Ms }) => p99Ms)),
    longestMs: Math.max(...rounds.map(({ longestMs }) => longestMs)),
  };
}
