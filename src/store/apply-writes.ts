/** The one road of all writes: read what is there, decide, stage all or nothing. */
import { assert, unreachable } from "../base/assert.ts";
import type { Transaction } from "../engine/engine.ts";
import { CollectionSizesChange } from "./collection-sizes.ts";
import {
  grownBytes,
  indexEdits,
  metered,
  settled,
  stageEdit,
  uncertainKeys,
  type IndexEdit,
} from "./index-edits.ts";
import { indexPlans, type IndexPlan } from "./index-entries.ts";
import { decodeItem, encodeItem } from "./item-codec.ts";
import { collectionSizeKey, itemKey, stampKey, statisticsKey } from "./keyspace.ts";
import { StatisticsChange } from "./statistics.ts";
import type { StoredItem } from "./stored-item.ts";
import { checkStamp } from "./table-stamp.ts";
import type { Table } from "./table.ts";
import type { Change, IndexChange, Outcome, Write, WrittenOutcome } from "./write.ts";

/** Writes with everything worked out that needs no data, so that a body that runs again repeats little. */
export interface PlannedWrites {
  readonly writes: readonly PlannedWrite[];
  readonly tables: readonly Table[];
  /** Two keys a table (stamp, statistics), then one a write, then those of item collections whose size is kept. */
  readonly keys: readonly Uint8Array[];
  readonly writtenAt: number;
  /** How large an item collection of a table with local indexes may grow. */
  readonly collectionBytesMax: number;
  readonly maintainsIndexes: boolean;
}

interface PlannedWrite {
  readonly write: Write;
  readonly key: Uint8Array;
  /** What a put stores. */
  readonly put: StoredItem | undefined;
  readonly indexes: readonly IndexPlan[];
  /** Under which the size of the item's collection is kept; absent where it is not. */
  readonly collectionKey: Uint8Array | undefined;
}

export function planWrites(
  writes: readonly Write[],
  writtenAt: number,
  collectionBytesMax: number,
): PlannedWrites {
  const tables: Table[] = [];
  const keys: Uint8Array[] = [];
  for (const { table } of writes) {
    // By id: two readings of the catalog may have given two objects of one table, whose statistics are kept once.
    if (tables.some(({ id }) => id === table.id)) continue;
    tables.push(table);
    keys.push(stampKey(table.id), statisticsKey(table.id));
  }
  const planned = writes.map((write) => planWrite(write, writtenAt));
  for (const { key } of planned) keys.push(key);
  for (const { collectionKey } of planned) if (collectionKey !== undefined) keys.push(collectionKey);
  const maintainsIndexes = planned.some(({ indexes }) => indexes.length > 0);
  return { writes: planned, tables, keys, writtenAt, collectionBytesMax, maintainsIndexes };
}

function planWrite(write: Write, writtenAt: number): PlannedWrite {
  const { table, change } = write;
  const key = itemKey(table, write.key);
  const indexes = indexPlans(table);
  const hasLocal = indexes.some(({ index }) => index.kind === "local");
  return {
    write,
    key,
    put: change.kind === "put" ? encodeItem(change.item, change.sizeBytes, writtenAt) : undefined,
    indexes,
    collectionKey: hasLocal ? collectionSizeKey(key) : undefined,
  };
}

/** Stages every write or, when one is refused, none. */
export async function applyWrites(
  transaction: Transaction,
  plan: PlannedWrites,
): Promise<readonly Outcome[]> {
  const { writes, tables, keys, writtenAt } = plan;
  const values = await transaction.getMany(keys);
  tables.forEach((table, index) => {
    checkStamp(table, values[2 * index]);
  });
  const decided: Outcome[] = [];
  const written: WrittenOutcome[] = [];
  writes.forEach(({ write, put }, index) => {
    const value = values[2 * tables.length + index];
    const outcome = decide(write, put, value === undefined ? undefined : decodeItem(value), writtenAt);
    decided.push(outcome);
    if (outcome.kind === "written") written.push(outcome);
  });
  if (written.length < decided.length) return decided;
  const statistics = new Map(
    tables.map(({ id }, index) => [id, new StatisticsChange(id, values[2 * index + 1])] as const),
  );
  const maintained = plan.maintainsIndexes
    ? await maintainIndexes(transaction, { plan, values, written, statistics })
    : written;
  if (maintained.some(({ kind }) => kind !== "written")) return maintained;
  writes.forEach((planned, index) => {
    const outcome = written[index];
    if (outcome !== undefined) stage(transaction, planned, outcome, statistics.get(planned.write.table.id));
  });
  for (const change of statistics.values()) change.stage(transaction);
  return maintained;
}

interface Maintenance {
  readonly plan: PlannedWrites;
  readonly values: readonly (Uint8Array | undefined)[];
  readonly written: readonly WrittenOutcome[];
  readonly statistics: ReadonlyMap<number, StatisticsChange>;
}

/** Stages what the writes do to indexes, unless an item collection would grow too large. */
async function maintainIndexes(
  transaction: Transaction,
  maintenance: Maintenance,
): Promise<readonly Outcome[]> {
  const { plan, written, statistics } = maintenance;
  const edits = await settledEdits(transaction, plan, written);
  const sizes = knownSizes(maintenance);
  const outcomes = plan.writes.map(({ collectionKey }, index): Outcome => {
    const outcome = written[index];
    assert(outcome !== undefined, "every write was decided");
    const own = edits[index] ?? [];
    const indexes: readonly IndexChange[] = own.length === 0 ? noIndexes : own.map(metered);
    if (collectionKey === undefined) return { ...outcome, indexes };
    const grown = grownBy(outcome, own);
    const collectionBytes = sizes.grow(collectionKey, grown);
    if (grown > 0 && collectionBytes > plan.collectionBytesMax) return { kind: "collection-full" };
    return { ...outcome, indexes, collectionBytes };
  });
  if (outcomes.some(({ kind }) => kind !== "written")) return outcomes;
  plan.writes.forEach(({ write }, index) => {
    for (const edit of edits[index] ?? []) stageEdit(transaction, edit, statistics.get(write.table.id));
  });
  sizes.stage(transaction);
  return outcomes;
}

/** What each write does to the indexes of its table. */
async function settledEdits(
  transaction: Transaction,
  { writes, writtenAt }: PlannedWrites,
  written: readonly WrittenOutcome[],
): Promise<readonly (readonly IndexEdit[])[]> {
  const edits = writes.map(({ write, key, indexes }, index) => {
    const { before, after } = written[index] ?? {};
    return indexEdits(write.table, indexes, { key, before, after, writtenAt });
  });
  const uncertain = edits.flatMap(uncertainKeys);
  if (uncertain.length === 0) return edits;
  const found = (await transaction.getMany(uncertain)).values();
  return edits.map((own) => settled(own, found));
}

function knownSizes({ plan, values }: Maintenance): CollectionSizesChange {
  const sizes = new CollectionSizesChange();
  let at = 2 * plan.tables.length + plan.writes.length;
  for (const { collectionKey } of plan.writes) {
    if (collectionKey === undefined) continue;
    sizes.know(collectionKey, values[at]);
    at += 1;
  }
  return sizes;
}

function grownBy({ before, after }: WrittenOutcome, edits: readonly IndexEdit[]): number {
  let bytes = (after?.sizeBytes ?? 0) - (before?.sizeBytes ?? 0);
  for (const edit of edits) if (edit.index.kind === "local") bytes += grownBytes(edit);
  return bytes;
}

const noIndexes: readonly IndexChange[] = [];

function decide(
  write: Write,
  put: StoredItem | undefined,
  before: StoredItem | undefined,
  writtenAt: number,
): Outcome {
  if (write.allows !== undefined && !write.allows(before?.item)) return { kind: "refused", before };
  const after = afterChange(write.change, { put, before, writtenAt });
  return { kind: "written", before, after, indexes: noIndexes };
}

interface Circumstances {
  readonly put: StoredItem | undefined;
  readonly before: StoredItem | undefined;
  readonly writtenAt: number;
}

/** The item that a change leaves: the very same one where it changes nothing. */
function afterChange(change: Change, { put, before, writtenAt }: Circumstances): StoredItem | undefined {
  switch (change.kind) {
    case "put":
      return put;
    case "delete":
      return undefined;
    case "check":
      return before;
    case "update": {
      const changed = change.apply(before?.item);
      return changed === undefined ? before : encodeItem(changed.item, changed.sizeBytes, writtenAt);
    }
    default:
      return unreachable(change);
  }
}

function stage(
  transaction: Transaction,
  { key }: PlannedWrite,
  { before, after }: WrittenOutcome,
  statistics: StatisticsChange | undefined,
): void {
  if (after === before) return;
  if (after === undefined) transaction.delete(key);
  else transaction.put(key, after.bytes);
  statistics?.add(before?.sizeBytes, after?.sizeBytes);
}
