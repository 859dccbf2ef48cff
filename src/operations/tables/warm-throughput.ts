/** What a table or an index can serve at once: it only ever grows. */
import {
  warmThroughputAboveMaximum,
  warmThroughputBelowOnDemand,
  warmThroughputBelowProvisioned,
  warmThroughputDecreased,
} from "../../model/messages/throughput.ts";
import type { WarmThroughput } from "../../model/types.generated.ts";
import type { Billing, Throughput } from "../../store/table.ts";
import { tableUnitsMax } from "./quotas.ts";

type Warm = Required<{ [Member in keyof WarmThroughput]: number }>;

/** A table, or an index in its table's mode. */
export interface Warmable {
  readonly billing: Billing;
  readonly throughput: Throughput;
  /** The most it was ever made ready for. */
  readonly warmThroughput?: Required<WarmThroughput> | undefined;
  /** Of an index. */
  readonly indexName?: string | undefined;
}

const onDemandInitial: Warm = { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 4_000 };

/** What it has by its mode and by all it ever had. */
export function warmThroughputOf({ billing, throughput, warmThroughput }: Warmable): Warm {
  const given =
    billing.mode === "PAY_PER_REQUEST"
      ? onDemandInitial
      : {
          ReadUnitsPerSecond: throughput.ReadCapacityUnits,
          WriteUnitsPerSecond: throughput.WriteCapacityUnits,
        };
  return {
    ReadUnitsPerSecond: Math.max(given.ReadUnitsPerSecond, warmThroughput?.ReadUnitsPerSecond ?? 0),
    WriteUnitsPerSecond: Math.max(given.WriteUnitsPerSecond, warmThroughput?.WriteUnitsPerSecond ?? 0),
  };
}

/** What a new one gets that asks for some: no less than its mode gives it anyway. */
export function initialWarmThroughput(of: Warmable, wanted: WarmThroughput): Warm {
  const below =
    of.billing.mode === "PAY_PER_REQUEST" ? warmThroughputBelowOnDemand : warmThroughputBelowProvisioned;
  return raise(of, wanted, below);
}

/** The warm throughput after UpdateTable: a change names only what it raises. */
export function raiseWarmThroughput(of: Warmable, wanted: WarmThroughput): Warm {
  return raise(of, wanted, warmThroughputDecreased);
}

export function checkWarmQuota(
  { ReadUnitsPerSecond: read = 0, WriteUnitsPerSecond: write = 0 }: WarmThroughput,
  region: string,
  index?: string,
): void {
  if (read > tableUnitsMax) throw warmThroughputAboveMaximum("Read", region, index);
  if (write > tableUnitsMax) throw warmThroughputAboveMaximum("Write", region, index);
}

function raise(of: Warmable, wanted: WarmThroughput, below: typeof warmThroughputDecreased): Warm {
  const before = warmThroughputOf(of);
  const { ReadUnitsPerSecond = before.ReadUnitsPerSecond, WriteUnitsPerSecond = before.WriteUnitsPerSecond } =
    wanted;
  if (ReadUnitsPerSecond < before.ReadUnitsPerSecond) throw below("Read", of.indexName);
  if (WriteUnitsPerSecond < before.WriteUnitsPerSecond) throw below("Write", of.indexName);
  return { ReadUnitsPerSecond, WriteUnitsPerSecond };
}
