/** Changes of a table's billing mode and throughput. */
import {
  onDemandLimitOfProvisionedTable,
  switchedOnDemandTooOften,
  throughputOnDemand,
} from "../../model/messages/throughput.ts";
import type { UpdateTableInput } from "../../model/types.generated.ts";
import type { Billing, TableDefinition } from "../../store/table.ts";
import type { Moment } from "./moment.ts";
import { firstLimit, keptLimits, mergeLimits } from "./on-demand-throughput.ts";
import { changeThroughput } from "./provisioned-throughput.ts";
import { recentTimes } from "./quotas.ts";
import { slowChange, type TableChange } from "./table-change.ts";
import { warmThroughputOf } from "./warm-throughput.ts";

const dayMs = 86_400_000;
const onDemandSwitchesMax = 4;

/** A change of a table that shows `status` so far. */
export interface CapacityChange extends Moment {
  readonly input: UpdateTableInput;
  readonly status: "ACTIVE" | "UPDATING";
}

/** Applies what a request asks for, even if that is nothing; the indexes have seen to theirs. */
export function changeCapacity(before: TableDefinition, change: CapacityChange): TableChange {
  const mode = change.input.BillingMode ?? before.billing.mode;
  return mode === "PROVISIONED" ? changeProvisioned(before, change) : changeOnDemand(before, change);
}

function changeProvisioned(before: TableDefinition, change: CapacityChange): TableChange {
  const { input, now } = change;
  const limit = firstLimit(input.OnDemandThroughput);
  if (limit !== undefined) throw onDemandLimitOfProvisionedTable(limit);
  const wanted = input.ProvisionedThroughput;
  if (wanted === undefined) return { after: before, status: change.status };
  const { ReadCapacityUnits, WriteCapacityUnits, decreasesToday } = before.throughput;
  const kept = { warmThroughput: warmThroughputOf(before) };
  if (before.billing.mode === "PAY_PER_REQUEST") {
    const billing: Billing = { ...before.billing, mode: "PROVISIONED" };
    const throughput = { ...before.throughput, ...wanted };
    return slow({ ...before, ...kept, billing, throughput, onDemandThroughput: undefined }, {}, change);
  }
  const throughput = changeThroughput(before.throughput, wanted, { now });
  // The answer shows the units and the counter as they were, but already the new dates.
  const shows = {
    throughput: { ...throughput, ReadCapacityUnits, WriteCapacityUnits, decreasesToday },
    ...kept,
  };
  return slow({ ...before, ...kept, throughput }, shows, change);
}

function changeOnDemand(before: TableDefinition, change: CapacityChange): TableChange {
  const { input, now } = change;
  if (input.ProvisionedThroughput !== undefined) throw throughputOnDemand();
  const limits = input.OnDemandThroughput;
  const merged =
    limits === undefined ? before.onDemandThroughput : mergeLimits(before.onDemandThroughput, limits);
  const after = { ...before, onDemandThroughput: merged && keptLimits(merged) };
  const shows = { onDemandThroughput: merged };
  if (before.billing.mode === "PAY_PER_REQUEST") {
    // Naming the mode a table has changes nothing, but the answer looks as if it did.
    return { after, status: input.BillingMode === undefined ? change.status : "UPDATING", shows };
  }
  const switches = recentTimes(before.billing.onDemandSwitches, now, dayMs);
  if (switches.length >= onDemandSwitchesMax) throw switchedOnDemandTooOften();
  const mode = "PAY_PER_REQUEST";
  const billing: Billing = { mode, onDemandSince: now, onDemandSwitches: [...switches, now] };
  const throughput = { ...before.throughput, ReadCapacityUnits: 0, WriteCapacityUnits: 0 };
  const warmThroughput = warmThroughputOf(before);
  return slow({ ...after, billing, throughput, warmThroughput }, { ...shows, billing: { mode } }, change);
}

function slow(after: TableDefinition, shows: Partial<TableDefinition>, moment: Moment): TableChange {
  return slowChange(after, { changes: "throughput", shows }, moment);
}
