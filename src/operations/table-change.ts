/** What UpdateTable makes of a table. Pure, because a catalog may run it again. */
import {
  encryptedByDefault,
  noStreamToDisable,
  tableBeingCreated,
  tableBeingDeleted,
  tableBeingUpdated,
  tableClassChangedTooOften,
  tableNotFound,
  throughputBeingUpdated,
} from "../model/messages/tables.ts";
import {
  onDemandLimitOfProvisionedTable,
  switchedOnDemandTooOften,
  throughputOnDemand,
} from "../model/messages/throughput.ts";
import type { UpdateTableInput } from "../model/types.generated.ts";
import type { Billing, TableDefinition } from "../store/table.ts";
import { firstLimit, keptLimits, mergeLimits } from "./on-demand-throughput.ts";
import { changeThroughput } from "./provisioned-throughput.ts";
import { recentTimes } from "./quotas.ts";
import { statusOf, transitionFor } from "./table-status.ts";
import { raiseWarmThroughput, warmThroughputOf } from "./warm-throughput.ts";

const dayMs = 86_400_000;
const tableClassWindowMs = 30 * dayMs;
const tableClassChangesMax = 2;
const onDemandSwitchesMax = 4;

export interface TableChange {
  readonly after: TableDefinition;
  /** What the answer shows: not every change is one that takes time. */
  readonly status: "ACTIVE" | "UPDATING";
  /** What the answer, and descriptions while the change takes time, show instead. */
  readonly shows?: Partial<TableDefinition> | undefined;
  readonly warming?: boolean | undefined;
}

export interface Moment {
  readonly now: number;
  readonly delayMs: number;
}

/** Applies a request that holds one kind of change; refuses it where the table does not allow it. */
export function changeTable(
  definition: TableDefinition,
  input: UpdateTableInput,
  moment: Moment,
): TableChange {
  const status = checkChangeable(definition, input, moment.now);
  const before = status === "ACTIVE" ? { ...definition, transition: undefined } : definition;
  const { DeletionProtectionEnabled: deletionProtected, TableClass, WarmThroughput } = input;
  if (deletionProtected !== undefined) return { after: { ...before, deletionProtected }, status };
  if (TableClass !== undefined) return changeTableClass(before, TableClass, moment);
  if (WarmThroughput !== undefined && Object.keys(WarmThroughput).length > 0) {
    const warmThroughput = raiseWarmThroughput(before, WarmThroughput);
    const shows = { warmThroughput: warmThroughputOf(before) };
    return { after: { ...before, warmThroughput }, status, shows, warming: true };
  }
  if (input.StreamSpecification !== undefined) throw noStreamToDisable(before.name);
  if (input.SSESpecification !== undefined) throw encryptedByDefault();
  return changeCapacity(before, { input, status, ...moment });
}

/** A table that is being updated still takes the changes that need no time. */
function checkChangeable(
  definition: TableDefinition,
  input: UpdateTableInput,
  now: number,
): "ACTIVE" | "UPDATING" {
  const status = statusOf(definition, now);
  if (status === "CREATING") throw tableBeingCreated(definition.name);
  if (status === "DELETING") throw tableBeingDeleted(definition.name);
  if (status === "GONE") throw tableNotFound(definition.name);
  if (status === "UPDATING") {
    if (input.TableClass !== undefined) throw tableBeingUpdated(definition.name);
    const switches = input.BillingMode !== undefined && input.BillingMode !== definition.billing.mode;
    if (switches || input.ProvisionedThroughput !== undefined) throw throughputBeingUpdated(definition.name);
  }
  return status;
}

/** The answer still shows the class before. Asking for the class a table has changes nothing and is not counted. */
function changeTableClass(
  before: TableDefinition,
  tableClass: NonNullable<TableDefinition["tableClass"]>,
  moment: Moment,
): TableChange {
  const changes = recentTimes(before.tableClassChanges, moment.now, tableClassWindowMs);
  if (changes.length >= tableClassChangesMax) throw tableClassChangedTooOften();
  if (tableClass === (before.tableClass ?? "STANDARD")) return { after: before, status: "UPDATING" };
  const shows = { tableClass: before.tableClass, tableClassChanges: before.tableClassChanges };
  const after = { ...before, tableClass, tableClassChanges: [...changes, moment.now] };
  return slow(after, shows, moment);
}

interface CapacityChange extends Moment {
  readonly input: UpdateTableInput;
  readonly status: "ACTIVE" | "UPDATING";
}

function changeCapacity(before: TableDefinition, change: CapacityChange): TableChange {
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
  const throughput = changeThroughput(before.throughput, wanted, now);
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
  return {
    after: { ...after, transition: transitionFor("UPDATING", moment, shows) },
    status: "UPDATING",
    shows,
  };
}
