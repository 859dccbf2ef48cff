import type { ComparedWorkload } from "./load/workloads.ts";

/** What the project asks of one workload, all in one run on one machine. */
export interface Aim {
  /** Operations per second against dynalite's. */
  readonly dynaliteTimes?: number;
  /** Share of what bare `node:http` with the same bytes does. */
  readonly bareHttpShare?: number;
  /** Share of what the engine does alone, flushing too. */
  readonly engineShare?: number;
  /** What it is told beside: the items that it and the other workload are about, a second. */
  readonly beside?: { readonly workload: ComparedWorkload; readonly itemsEach: number };
}

export const aims: Record<ComparedWorkload, Aim> = {
  GetItem: { dynaliteTimes: 2, bareHttpShare: 0.6 },
  PutItem: { dynaliteTimes: 2, engineShare: 0.5 },
  UpdateItem: { dynaliteTimes: 2 },
  Query: { dynaliteTimes: 8 },
  QueryFilter: { dynaliteTimes: 6 },
  BatchWriteItem: { dynaliteTimes: 4 },
  Put0Indexes: {},
  Put1Index: { beside: { workload: "Put0Indexes", itemsEach: 1 } },
  Put5Indexes: { beside: { workload: "Put0Indexes", itemsEach: 1 } },
  Put5KeysOnly: { beside: { workload: "Put0Indexes", itemsEach: 1 } },
  Put20Indexes: { beside: { workload: "Put0Indexes", itemsEach: 1 } },
  PutStream: { beside: { workload: "Put0Indexes", itemsEach: 1 } },
  IndexQuery: { beside: { workload: "Query", itemsEach: 1 } },
  TransactWrite2: { beside: { workload: "PutItem", itemsEach: 2 } },
  TransactWrite10: { beside: { workload: "PutItem", itemsEach: 10 } },
  TransactGet2: { beside: { workload: "GetItem", itemsEach: 2 } },
  ExecuteStatement: { beside: { workload: "GetItem", itemsEach: 1 } },
};

export const startAims = { launchMs: 200, startServerMs: 30, idleMb: 90 } as const;
