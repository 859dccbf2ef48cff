/** What a table can serve at once: it only ever grows. */
import {
  warmThroughputAboveTableMaximum,
  warmThroughputBelowOnDemand,
  warmThroughputBelowProvisioned,
  warmThroughputDecreased,
} from "../model/messages/throughput.ts";
import type { WarmThroughput } from "../model/types.generated.ts";
import type { TableDefinition } from "../store/table.ts";
import { tableUnitsMax } from "./quotas.ts";

type Warm = Required<{ [Member in keyof WarmThroughput]: number }>;

const onDemandInitial: Warm = { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 4_000 };

/** What a table has by its mode and by all it ever had. */
export function warmThroughputOf({
  billing,
  throughput,
  warmThroughput,
}: Pick<TableDefinition, "billing" | "throughput" | "warmThroughput">): Warm {
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

/** The warm throughput of a new table that asks for one: no less than its mode gives it anyway. */
export function initialWarmThroughput(
  table: Pick<TableDefinition, "billing" | "throughput">,
  wanted: WarmThroughput,
): Warm {
  const below =
    table.billing.mode === "PAY_PER_REQUEST" ? warmThroughputBelowOnDemand : warmThroughputBelowProvisioned;
  return raise(warmThroughputOf(table), wanted, below);
}

/** The warm throughput after UpdateTable: a change names only what it raises. */
export function raiseWarmThroughput(definition: TableDefinition, wanted: WarmThroughput): Warm {
  return raise(warmThroughputOf(definition), wanted, warmThroughputDecreased);
}

export function checkWarmQuota(
  { ReadUnitsPerSecond: read = 0, WriteUnitsPerSecond: write = 0 }: WarmThroughput,
  region: string,
): void {
  if (read > tableUnitsMax) throw warmThroughputAboveTableMaximum("Read", region);
  if (write > tableUnitsMax) throw warmThroughputAboveTableMaximum("Write", region);
}

function raise(before: Warm, wanted: WarmThroughput, below: typeof warmThroughputDecreased): Warm {
  const { ReadUnitsPerSecond = before.ReadUnitsPerSecond, WriteUnitsPerSecond = before.WriteUnitsPerSecond } =
    wanted;
  if (ReadUnitsPerSecond < before.ReadUnitsPerSecond) throw below("Read");
  if (WriteUnitsPerSecond < before.WriteUnitsPerSecond) throw below("Write");
  return { ReadUnitsPerSecond, WriteUnitsPerSecond };
}
