/**
 * Adds the items from before to a new index, a few at a time. Writers maintain an index from its first moment, so a
 * step need only see to items that nobody has written since. It reads them by key in its own transaction and leaves
 * alone what has an entry: whatever writers do meanwhile, every item gets one entry, and that is counted once.
 */
import type { Clock } from "../base/clock.ts";
import type { Engine, ReadView, Transaction } from "../engine/engine.ts";
import { afterKey } from "../base/bytes.ts";
import { decodeBuildRecord, encodeBuildRecord, type BuildRecord } from "./build-record.ts";
import { entryKey, entryOf, indexPlan } from "./index-entries.ts";
import { decodeItem } from "./item-codec.ts";
import { buildInKey, buildKey, buildsRange, stampKey, statisticsKey, tableRange } from "./keyspace.ts";
import type { Lease } from "./lease.ts";
import { StatisticsChange } from "./statistics.ts";
import type { IndexBuild, IndexBuilds, IndexBuildStep } from "./store.ts";
import { putTable, readTableById } from "./table-record.ts";
import { decodeStamp } from "./table-stamp.ts";
import type { IndexDefinition, Table } from "./table.ts";

/** How much one step takes on. */
export interface StepBounds {
  readonly itemsMax: number;
  readonly bytesMax: number;
}

/** Other writes wait until a step is on disk: a few milliseconds for so many items. */
const stepBounds: StepBounds = { itemsMax: 100, bytesMax: 131_072 };

export function openIndexBuilds(engine: Engine, clock: Clock, bounds = stepBounds): IndexBuilds {
  return {
    async list(buildsMax) {
      const { entries } = await engine.read((view) => view.scan(buildsRange, { entriesMax: buildsMax }));
      return entries.map(({ key, value }) => {
        const { tableName, indexName, startsAt, itemsRead } = decodeBuildRecord(value);
        return { ...buildInKey(key), tableName, indexName, startsAt, itemsRead };
      });
    },
    async step(build, lease) {
      const now = clock.now();
      const task = await engine.read((view) => readTask(view, build, bounds));
      if (task === undefined) return dropRecord(engine, build);
      if (isHeld(task.record, lease, now)) return "busy";
      return engine.write((transaction) => workOn(transaction, task, { lease, now }));
    },
  };
}

/** One step's share of a build, as it was when the step began. */
interface Task {
  readonly key: Uint8Array;
  readonly record: BuildRecord;
  readonly table: Table;
  readonly index: IndexDefinition;
  readonly itemKeys: readonly Uint8Array[];
}

/** Undefined when there is nothing to build. */
async function readTask(
  view: ReadView,
  { tableId, indexId }: IndexBuild,
  { itemsMax, bytesMax }: StepBounds,
): Promise<Task | undefined> {
  const key = buildKey(tableId, indexId);
  const [value] = await view.getMany([key]);
  const table = await readTableById(view, tableId);
  const index = table?.definition.indexes.find(({ id }) => id === indexId);
  if (value === undefined || table === undefined || index?.state !== "building") return undefined;
  const record = decodeBuildRecord(value);
  const { from, until } = tableRange(tableId);
  const rest = { from: record.cursor === undefined ? from : afterKey(record.cursor), until };
  // Values are read for their sizes alone: a step must not load a hundred items of 400 KB.
  const { entries } = await view.scan(rest, { entriesMax: itemsMax, bytesMax });
  return { key, record, table, index, itemKeys: entries.map((entry) => entry.key) };
}

/** Safe at any time, because ids are not reused: an index that is not being built will never be again. */
async function dropRecord(engine: Engine, { tableId, indexId }: IndexBuild): Promise<IndexBuildStep> {
  await engine.write((transaction) => {
    transaction.delete(buildKey(tableId, indexId));
    return Promise.resolve();
  });
  return "gone";
}

interface Circumstances {
  readonly lease: Lease;
  readonly now: number;
}

async function workOn(
  transaction: Transaction,
  task: Task,
  { lease, now }: Circumstances,
): Promise<IndexBuildStep> {
  const { key, table, index, itemKeys } = task;
  const head = [key, stampKey(table.id), statisticsKey(table.id)];
  const [value, stamp, statistics, ...items] = await transaction.getMany([...head, ...itemKeys]);
  if (value === undefined || stamp === undefined) return "gone";
  const record = decodeBuildRecord(value);
  if (isHeld(record, lease, now)) return "busy";
  // The definition changed, or another step went ahead: what this one set out from is no longer so.
  if (decodeStamp(stamp) !== table.version || record.itemsRead !== task.record.itemsRead) return "more";
  const cursor = itemKeys.at(-1);
  if (cursor === undefined) {
    transaction.delete(key);
    putTable(transaction, withActive(table, index));
    return "done";
  }
  const change = new StatisticsChange(table.id, statistics);
  await addEntries(transaction, task, { items, change, now });
  change.stage(transaction);
  const itemsRead = record.itemsRead + itemKeys.length;
  const leased = { owner: lease.owner, leasedUntil: now + lease.leaseMs };
  transaction.put(key, encodeBuildRecord({ ...record, ...leased, cursor, itemsRead }));
  return "more";
}

/** Whether somebody else works on the build. */
function isHeld(record: BuildRecord, { owner }: Lease, now: number): boolean {
  return record.owner !== owner && record.leasedUntil > now;
}

interface Batch {
  /** As they are now, in the order of their keys. */
  readonly items: readonly (Uint8Array | undefined)[];
  readonly change: StatisticsChange;
  readonly now: number;
}

async function addEntries(
  transaction: Transaction,
  { table, index, itemKeys }: Task,
  { items, change, now }: Batch,
): Promise<void> {
  const plan = indexPlan(table, index);
  const wanted = itemKeys.flatMap((key, position) => {
    const value = items[position];
    if (value === undefined) return [];
    const stored = decodeItem(value);
    const at = entryKey(table, index, { key, stored });
    return at === undefined ? [] : [{ at, stored }];
  });
  const present = await transaction.getMany(wanted.map(({ at }) => at));
  wanted.forEach(({ at, stored }, position) => {
    if (present[position] !== undefined) return;
    const entry = entryOf(plan, stored, now);
    transaction.put(at, entry.bytes);
    change.addEntry(index.id, undefined, entry.sizeBytes);
  });
}

function withActive(table: Table, { id }: IndexDefinition): Table {
  const indexes = table.definition.indexes.map((index) =>
    index.id === id ? { ...index, state: "active" as const, buildsFrom: undefined } : index,
  );
  return { ...table, version: table.version + 1, definition: { ...table.definition, indexes } };
}
