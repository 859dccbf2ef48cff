import { fill } from "./comparison.ts";
import { summaryOf } from "./growth.ts";
import type { Round } from "./load/round.ts";
import { growingTable } from "./load/tables.ts";
import { askOnce } from "./subjects/answer.ts";
import { startLoadGenerator } from "./subjects/load-generator.ts";
import { processorSeconds, residentMb, type ServerProcess } from "./subjects/server-process.ts";
import { launchStator } from "./subjects/stator.ts";

/** What an update that moves the keys of two indexes costs in a table of one size. */
export interface IndexGrowthPoint {
  readonly megabytes: number;
  readonly items: number;
  readonly operationsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly longestMs: number;
  readonly processorMicros: number | undefined;
  readonly residentMb: number | undefined;
  /** Items stored a second on the way to this size. */
  readonly loadedPerSecond: number;
}

const firstItems = 1000;

/** Grows a table with two indexes through `sizes` (in megabytes) and measures updates of keys spread over all of it. */
export async function measureIndexGrowth(
  sizes: readonly number[],
  options: { connections: number; rounds: number; warmUpMs: number; measureMs: number },
): Promise<IndexGrowthPoint[]> {
  const { rounds, connections, warmUpMs, measureMs } = options;
  const generator = startLoadGenerator();
  const server = await launchStator();
  const { port } = server;
  const points: IndexGrowthPoint[] = [];
  try {
    await fill(server, { table: growingTable, generator, items: firstItems });
    const itemBytes = (await tableBytes(server)) / firstItems;
    let stored = firstItems;
    let seed = 1;
    for (const megabytes of sizes) {
      const items = Math.max(stored + 1, Math.round((megabytes * 1e6) / itemBytes));
      const loading = { kind: "load", port, table: growingTable.name, from: stored, until: items } as const;
      const { seconds } = await generator.run(loading);
      const loadedPerSecond = (items - stored) / seconds;
      stored = items;
      const taken: Round[] = [];
      const before = processorSeconds(server.process);
      for (let round = 0; round < rounds; round++) {
        // Every round moves the keys to other places.
        const task = { kind: "round", port, workload: "MoveIndexKeys", seed: seed++ } as const;
        taken.push(await generator.run({ ...task, items, connections, warmUpMs, measureMs }));
      }
      const used = (processorSeconds(server.process) ?? Number.NaN) - (before ?? Number.NaN);
      const point = {
        megabytes,
        items,
        ...summaryOf(taken, used, 1 + warmUpMs / measureMs),
        longestMs: Math.max(...taken.map(({ longestMs }) => longestMs)),
        residentMb: residentMb(server.process),
        loadedPerSecond,
      };
      points.push(point);
      console.log(`  index growth: ${megabytes} MB, ${Math.round(point.operationsPerSecond)} updates/s`);
    }
    return points;
  } finally {
    generator.stop();
    await server.stop();
  }
}

async function tableBytes({ port }: ServerProcess): Promise<number> {
  const { bodyBase64 } = await askOnce(
    port,
    "DescribeTable",
    JSON.stringify({ TableName: growingTable.name }),
  );
  const { Table } = JSON.parse(Buffer.from(bodyBase64, "base64").toString()) as {
    Table: { TableSizeBytes: number };
  };
  return Table.TableSizeBytes;
}
