import type { WorkloadName } from "./load/workloads.ts";

/** What the project asks of one workload, all in one run on one machine. */
export interface Aim {
  /** Operations per second against dynalite's. */
  readonly dynaliteTimes?: number;
  /** Share of what bare `node:http` with the same bytes does. */
  readonly bareHttpShare?: number;
  /** Share of what the engine does alone, flushing too. */
  readonly engineShare?: number;
}

export const aims: Record<WorkloadName, Aim> = {
  GetItem: { dynaliteTimes: 2, bareHttpShare: 0.6 },
  PutItem: { dynaliteTimes: 2, engineShare: 0.5 },
  UpdateItem: { dynaliteTimes: 2 },
  Query: { dynaliteTimes: 8 },
  QueryFilter: { dynaliteTimes: 6 },
  BatchWriteItem: { dynaliteTimes: 4 },
};

export const startAims = { launchMs: 200, startServerMs: 30, idleMb: 90 } as const;
