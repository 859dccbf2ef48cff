/** Provisioned read and write units: their bounds, and how often they may be lowered. */
import {
  throughputAboveMaximum,
  throughputOutOfBounds,
  throughputUnchanged,
  tooManyDecreases,
} from "../../model/messages/throughput.ts";
import type { ProvisionedThroughput } from "../../model/types.generated.ts";
import type { Throughput } from "../../store/table.ts";
import { tableUnitsMax } from "./quotas.ts";

const unitsMax = 1_000_000_000_000;
const dayMs = 86_400_000;
const hourMs = 3_600_000;
/** So many decreases in a UTC day come free; each further one waits an hour after the last. */
const freeDecreases = 4;

/** What no account's quota would allow. An index is named in refusals. */
export function checkThroughputBounds(
  { ReadCapacityUnits, WriteCapacityUnits }: ProvisionedThroughput,
  index?: string,
): void {
  if (ReadCapacityUnits > unitsMax) throw throughputOutOfBounds("Read", ReadCapacityUnits, index);
  if (WriteCapacityUnits > unitsMax) throw throughputOutOfBounds("Write", WriteCapacityUnits, index);
}

/** The same as a question. */
export function isOutOfBounds({ ReadCapacityUnits, WriteCapacityUnits }: ProvisionedThroughput): boolean {
  return ReadCapacityUnits > unitsMax || WriteCapacityUnits > unitsMax;
}

/** What the quota of a table or index allows. */
export function checkThroughputQuota(
  { ReadCapacityUnits: read, WriteCapacityUnits: write }: ProvisionedThroughput,
  region: string,
  index?: string,
): void {
  if (read > tableUnitsMax) throw throughputAboveMaximum({ kind: "Read", units: read, region }, index);
  if (write > tableUnitsMax) throw throughputAboveMaximum({ kind: "Write", units: write, region }, index);
}

/** The throughput after a change in provisioned mode, with its dates and counter kept; refuses what may not be. */
export function changeThroughput(
  before: Throughput,
  { ReadCapacityUnits, WriteCapacityUnits }: ProvisionedThroughput,
  { now, index }: { readonly now: number; readonly index?: string },
): Throughput {
  const read = ReadCapacityUnits - before.ReadCapacityUnits;
  const write = WriteCapacityUnits - before.WriteCapacityUnits;
  if (read === 0 && write === 0) throw throughputUnchanged(before, index);
  const after = { ...before, ReadCapacityUnits, WriteCapacityUnits };
  const increased = read > 0 || write > 0 ? { ...after, lastIncreaseAt: now } : after;
  return read < 0 || write < 0 ? { ...increased, ...countDecrease(before, now) } : increased;
}

/** Zero again from midnight UTC on. */
export function decreasesToday({ lastDecreaseAt, decreasesToday: count }: Throughput, now: number): number {
  return lastDecreaseAt !== undefined && dayOf(lastDecreaseAt) === dayOf(now) ? count : 0;
}

function countDecrease(
  before: Throughput,
  now: number,
): Pick<Throughput, "lastDecreaseAt" | "decreasesToday"> {
  const count = decreasesToday(before, now);
  const lastAt = before.lastDecreaseAt ?? 0;
  if (count >= freeDecreases && now < lastAt + hourMs) {
    const nextAt = Math.min(lastAt + hourMs, (dayOf(now) + 1) * dayMs);
    throw tooManyDecreases({ decreasesToday: count, lastAt, nextAt });
  }
  return { lastDecreaseAt: now, decreasesToday: count + 1 };
}

function dayOf(at: number): number {
  return Math.floor(at / dayMs);
}
