import { fill, type ComparisonOptions } from "./comparison.ts";
import type { Round } from "./load/round.ts";
import { plainTable } from "./load/tables.ts";
import type { WorkloadName } from "./load/workloads.ts";
import { median } from "./median.ts";
import { startLoadGenerator } from "./subjects/load-generator.ts";
import { processorSeconds, residentMb } from "./subjects/server-process.ts";
import { launchStator } from "./subjects/stator.ts";

/** What one workload costs in a table of so many items. */
export interface GrowthPoint {
  readonly workload: WorkloadName;
  readonly items: number;
  readonly operationsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly processorMicros: number | undefined;
}

const growthWorkloads: readonly WorkloadName[] = ["GetItem", "PutItem", "Query"];

/** Grows one table through `sizes` and measures reads and writes of keys spread over all of it. */
export async function measureGrowth(
  sizes: readonly number[],
  options: Pick<ComparisonOptions, "connections" | "rounds" | "warmUpMs" | "measureMs">,
): Promise<GrowthPoint[]> {
  const { rounds, connections, warmUpMs, measureMs } = options;
  const generator = startLoadGenerator();
  const server = await launchStator();
  const { port } = server;
  const points: GrowthPoint[] = [];
  let stored = 0;
  try {
    for (const items of sizes) {
      if (stored === 0) await fill(server, { table: plainTable, generator, items });
      else await generator.run({ kind: "load", port, table: plainTable.name, from: stored, until: items });
      stored = items;
      console.log(
        `  growth: ${items} items stored, ${Math.round(residentMb(server.process) ?? 0)} MB resident`,
      );
      for (const workload of growthWorkloads) {
        const before = processorSeconds(server.process);
        const taken: Round[] = [];
        for (let round = 0; round < rounds; round++) {
          taken.push(
            await generator.run({ kind: "round", port, workload, items, connections, warmUpMs, measureMs }),
          );
        }
        const used = (processorSeconds(server.process) ?? Number.NaN) - (before ?? Number.NaN);
        points.push({ workload, items, ...summaryOf(taken, used, 1 + warmUpMs / measureMs) });
      }
    }
    return points;
  } finally {
    generator.stop();
    await server.stop();
  }
}

/** Medians of rounds, and the processor time of one operation. `share`: how much longer than the rounds it was used. */
export function summaryOf(
  rounds: readonly Round[],
  processorUsed: number,
  share: number,
): Omit<GrowthPoint, "workload" | "items"> {
  const operations = rounds.reduce((sum, round) => sum + round.operations, 0) * share;
  return {
    operationsPerSecond: median(rounds.map((round) => round.operations / round.seconds)),
    p50Ms: median(rounds.map(({ p50Ms }) => p50Ms)),
    p99Ms: median(rounds.map(({ p99Ms }) => p99Ms)),
    processorMicros: Number.isNaN(processorUsed) ? undefined : (processorUsed * 1e6) / operations,
  };
}
