/** What UpdateTable makes of a table. Pure, because a catalog may run it again. */
import {
  onDemandLimitWhileIndexes,
  throughputWhileIndexes,
  type IndexesUnderWay,
} from "../../model/messages/index-changes.ts";
import {
  encryptedByDefault,
  tableBeingCreated,
  tableBeingDeleted,
  tableBeingUpdated,
  tableClassChangedTooOften,
  tableNotFound,
  throughputBeingUpdated,
} from "../../model/messages/tables.ts";
import {
  onDemandLimitWhileStream,
  streamBeingChanged,
  streamWhileIndexes,
  streamWhileTableClassUpdated,
  streamWhileThroughputUpdated,
  tableClassWhileStream,
  throughputWhileStream,
} from "../../model/messages/streams.ts";
import { onDemandLimitWhileModeUpdated } from "../../model/messages/throughput.ts";
import type { UpdateTableInput } from "../../model/types.generated.ts";
import type { TableDefinition } from "../../store/table.ts";
import { changeStream, streamUnderWay } from "../streams/change-stream.ts";
import { changeCapacity } from "./capacity-change.ts";
import { changeIndexes, withIndexes } from "./index-changes.ts";
import { isAllocating } from "./index-status.ts";
import { isOnline, type IndexUpdate } from "./index-updates.ts";
import type { Moment } from "./moment.ts";
import { firstLimit } from "./on-demand-throughput.ts";
import { recentTimes } from "./quotas.ts";
import { switchIndexes } from "./switch-indexes.ts";
import { slowChange, type TableChange } from "./table-change.ts";
import { shownStatusOf, statusOf } from "./table-status.ts";
import { raiseWarmThroughput, warmThroughputOf } from "./warm-throughput.ts";

const tableClassWindowMs = 30 * 86_400_000;
const tableClassChangesMax = 2;

/** A request whose changes of indexes are checked. */
export interface TableChangeRequest {
  readonly input: UpdateTableInput;
  readonly indexUpdates: readonly IndexUpdate[];
  /** What a stream is called that the request may ask for. */
  readonly streamLabel: string;
}

/** Applies a request that holds one kind of change; refuses it where the table does not allow it. */
export function changeTable(
  definition: TableDefinition,
  request: TableChangeRequest,
  moment: Moment,
): TableChange {
  const { input } = request;
  checkChangeable(definition, input, moment.now);
  const isIdle = statusOf(definition, moment.now) === "ACTIVE";
  const before = isIdle ? { ...definition, transition: undefined } : definition;
  const status = shownStatusOf(definition, moment.now) === "ACTIVE" ? "ACTIVE" : "UPDATING";
  const { DeletionProtectionEnabled: deletionProtected, TableClass, WarmThroughput } = input;
  if (deletionProtected !== undefined) return { after: { ...before, deletionProtected }, status };
  if (TableClass !== undefined) return changeTableClass(before, TableClass, moment);
  if (WarmThroughput !== undefined && Object.keys(WarmThroughput).length > 0) {
    const warmThroughput = raiseWarmThroughput(before, WarmThroughput);
    const shows = { warmThroughput: warmThroughputOf(before) };
    return { after: { ...before, warmThroughput }, status, shows, warming: true };
  }
  if (input.SSESpecification !== undefined) throw encryptedByDefault();
  if (input.StreamSpecification === undefined) {
    return changeIndexesAndCapacity(before, request, { ...moment, status });
  }
  const stream = { specification: input.StreamSpecification, label: request.streamLabel, ...moment };
  const change = changeStream(before, stream);
  // The billing mode is the one thing that may change along with a stream.
  return input.BillingMode === undefined
    ? change
    : changeIndexesAndCapacity(change.after, request, { ...moment, status: change.status });
}

function checkChangeable(definition: TableDefinition, input: UpdateTableInput, now: number): void {
  const status = statusOf(definition, now);
  if (status === "CREATING") throw tableBeingCreated(definition.name);
  if (status === "DELETING") throw tableBeingDeleted(definition.name);
  if (status === "GONE") throw tableNotFound(definition.name);
  if (input.StreamSpecification !== undefined) checkNoIndexesUnderWay(definition, now);
  if (status !== "UPDATING") return;
  if (definition.transition?.changes === "stream") checkWithStream(definition, input);
  else checkWithUpdate(definition, input);
}

/** A table that is being updated still takes the changes that need no time. */
function checkWithUpdate(definition: TableDefinition, input: UpdateTableInput): void {
  const { name, transition, billing } = definition;
  if (input.TableClass !== undefined) throw tableBeingUpdated(name);
  if (input.StreamSpecification !== undefined) {
    throw transition?.changes === "table-class"
      ? streamWhileTableClassUpdated()
      : streamWhileThroughputUpdated(name);
  }
  if (changesUnits(definition, input)) throw throughputBeingUpdated(name);
  const becomesOnDemand = transition?.changes === "throughput" && billing.mode === "PAY_PER_REQUEST";
  if (becomesOnDemand && firstLimit(input.OnDemandThroughput) !== undefined)
    throw onDemandLimitWhileModeUpdated();
}

/** The same of one whose stream is being enabled or disabled. */
function checkWithStream(definition: TableDefinition, input: UpdateTableInput): void {
  const stream = streamUnderWay(definition);
  if (input.TableClass !== undefined) throw tableClassWhileStream(stream);
  if (input.StreamSpecification !== undefined) throw streamBeingChanged(stream);
  if (changesUnits(definition, input)) throw throughputWhileStream(stream);
  if (firstLimit(input.OnDemandThroughput) !== undefined) throw onDemandLimitWhileStream();
}

function checkNoIndexesUnderWay(definition: TableDefinition, now: number): void {
  const { table, what, indexes } = indexesUnderWay(definition, now) ?? {};
  if (table !== undefined && what !== undefined) throw streamWhileIndexes(table, what, indexes ?? []);
}

function changesUnits({ billing }: TableDefinition, input: UpdateTableInput): boolean {
  const switches = input.BillingMode !== undefined && input.BillingMode !== billing.mode;
  return switches || input.ProvisionedThroughput !== undefined;
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
  return slowChange(after, { changes: "table-class", shows }, moment);
}

/** Indexes go first: what they refuse is told before anything about the table. */
function changeIndexesAndCapacity(
  before: TableDefinition,
  { input, indexUpdates: updates }: TableChangeRequest,
  moment: Moment & { readonly status: TableChange["status"] },
): TableChange {
  const { billing } = before;
  const mode = input.BillingMode ?? billing.mode;
  const asked = changeIndexes(
    before,
    { updates, attributeDefinitions: input.AttributeDefinitions, mode },
    moment,
  );
  checkIndexesAtRest(before, input, moment.now);
  const changed = withIndexes(before, asked);
  const given = new Set(updates.filter(givesUnits).map(({ action }) => action.IndexName));
  const old = changed.indexes.filter(({ id }) => id < before.nextIndexId);
  const switched = mode === billing.mode ? [] : switchIndexes(old, { billing, mode, given }, moment);
  const change = changeCapacity(withIndexes(changed, switched), { input, ...moment });
  return {
    ...change,
    status: updates.some(isOnline) ? "UPDATING" : change.status,
    indexes: new Map([...asked, ...switched].map(({ index, view }) => [index.id, view])),
  };
}

function givesUnits(update: IndexUpdate): boolean {
  return update.kind === "update" && update.action.ProvisionedThroughput !== undefined;
}

/** A table's capacity waits for indexes that are being allocated or removed; a backfill holds nothing up. */
function checkIndexesAtRest(definition: TableDefinition, input: UpdateTableInput, now: number): void {
  const units = changesUnits(definition, input);
  if (!units && firstLimit(input.OnDemandThroughput) === undefined) return;
  const underWay = indexesUnderWay(definition, now);
  if (underWay !== undefined) throw (units ? throughputWhileIndexes : onDemandLimitWhileIndexes)(underWay);
}

function indexesUnderWay({ name, indexes }: TableDefinition, now: number): IndexesUnderWay | undefined {
  const created = indexes.filter((index) => isAllocating(index, now));
  const deleted = indexes.filter(({ state }) => state === "deleting");
  const [what, those] =
    created.length > 0 ? (["created", created] as const) : (["deleted", deleted] as const);
  return those.length === 0 ? undefined : { table: name, what, indexes: those.map((index) => index.name) };
}
