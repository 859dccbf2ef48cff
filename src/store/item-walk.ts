/**
 * Sees to every item of a table once, a few at a time, while writers go on. A walk is for what writers maintain from
 * its first moment, so a step need only see to items that nobody has written since: it reads them by key in its own
 * transaction. Its record is in the engine: any server can go on with it.
 */
import { afterKey } from "../base/bytes.ts";
import type { Engine, ReadView, Transaction } from "../engine/engine.ts";
import { decodeBuildRecord, encodeBuildRecord, type BuildRecord } from "./indexes/build-record.ts";
import { stampKey, tableRange } from "./keyspace.ts";
import { isHeldByAnother, leaseEnd, type Lease } from "./lease.ts";
import { readTableById } from "./table-record.ts";
import { decodeStamp } from "./table-stamp.ts";
import type { Table } from "./table.ts";

/** What is to be done with the items, for the sake of a `Subject`: an index, a queue. */
export interface ItemWalk<Subject> {
  /** Where its record is kept. */
  readonly key: Uint8Array;
  readonly tableId: number;
  /** Undefined where there is nothing to walk for, and never will be again. */
  readonly subjectIn: (table: Table) => Subject | undefined;
  readonly visit: (transaction: Transaction, visit: Visit<Subject>) => Promise<void>;
  /** Stages what follows from the end of the walk. */
  readonly finish: (transaction: Transaction, table: Table, subject: Subject) => void;
}

/** One step's share of the items. */
export interface Visit<Subject> {
  readonly table: Table;
  readonly subject: Subject;
  readonly itemKeys: readonly Uint8Array[];
  /** As they are now, in the order of their keys. */
  readonly items: readonly (Uint8Array | undefined)[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** `busy`: another owner is at work. `gone`: there is nothing to walk for, it was removed or its table. */
export type WalkStep = "more" | "done" | "busy" | "gone";

/** How much one step takes on. */
export interface StepBounds {
  readonly itemsMax: number;
  readonly bytesMax: number;
}

/** Other writes wait until a step is on disk: a few milliseconds for so many items. */
export const stepBounds: StepBounds = { itemsMax: 100, bytesMax: 131_072 };

export interface WalkContext {
  readonly engine: Engine;
  readonly bounds: StepBounds;
  readonly lease: Lease;
  readonly now: number;
}

/**
 * Sees to a bounded number of items, in one small transaction, or ends the walk when there are no more. Safe to repeat
 * and to run twice at once.
 */
export async function stepWalk<Subject>(walk: ItemWalk<Subject>, context: WalkContext): Promise<WalkStep> {
  const { engine, lease, now } = context;
  const task = await engine.read((view) => readTask(view, walk, context));
  if (task === "gone") return dropRecord(engine, walk.key);
  if (task === "busy") return "busy";
  return engine.write((transaction) => workOn(transaction, { walk, task, lease, now }));
}

/** Lets others go on with a walk at once; nothing happens when it is not the owner's any more. */
export function releaseWalk(engine: Engine, key: Uint8Array, owner: string): Promise<void> {
  return engine.write(async (transaction) => {
    const [value] = await transaction.getMany([key]);
    if (value === undefined) return;
    const record = decodeBuildRecord(value);
    if (record.owner === owner) transaction.put(key, encodeBuildRecord({ ...record, leasedUntil: 0 }));
  });
}

/** One step's share of a walk, as it was when the step began. */
interface Task<Subject> {
  readonly record: BuildRecord;
  readonly table: Table;
  readonly subject: Subject;
  readonly itemKeys: readonly Uint8Array[];
}

async function readTask<Subject>(
  view: ReadView,
  { key, tableId, subjectIn }: ItemWalk<Subject>,
  { bounds: { itemsMax, bytesMax }, lease, now }: WalkContext,
): Promise<Task<Subject> | "gone" | "busy"> {
  const [value] = await view.getMany([key]);
  const table = await readTableById(view, tableId);
  const subject = table && subjectIn(table);
  if (value === undefined || table === undefined || subject === undefined) return "gone";
  const record = decodeBuildRecord(value);
  if (isHeldByAnother(record, lease.owner, now)) return "busy";
  const { from, until } = tableRange(tableId);
  const rest = { from: record.cursor === undefined ? from : afterKey(record.cursor), until };
  // Values are read for their sizes alone: a step must not load a hundred items of 400 KB.
  const { entries } = await view.scan(rest, { entriesMax: itemsMax, bytesMax });
  return { record, table, subject, itemKeys: entries.map((entry) => entry.key) };
}

/** Safe at any time, because ids are not reused: what is not walked for will never be again. */
async function dropRecord(engine: Engine, key: Uint8Array): Promise<WalkStep> {
  await engine.write((transaction) => {
    transaction.delete(key);
    return Promise.resolve();
  });
  return "gone";
}

interface Step<Subject> {
  readonly walk: ItemWalk<Subject>;
  readonly task: Task<Subject>;
  readonly lease: Lease;
  readonly now: number;
}

async function workOn<Subject>(
  transaction: Transaction,
  { walk, task, lease, now }: Step<Subject>,
): Promise<WalkStep> {
  const { table, subject, itemKeys } = task;
  // The last step changes the table; all others leave it to the writers as well.
  const hold = itemKeys.length === 0 ? "sole" : "shared";
  const [[stamp], [value, ...items]] = await Promise.all([
    transaction.getMany([stampKey(table.id)], hold),
    transaction.getMany([walk.key, ...itemKeys]),
  ]);
  if (value === undefined || stamp === undefined) return "gone";
  const record = decodeBuildRecord(value);
  if (isHeldByAnother(record, lease.owner, now)) return "busy";
  // The definition changed, or another step went ahead: what this one set out from is no longer so.
  if (decodeStamp(stamp) !== table.version || record.itemsRead !== task.record.itemsRead) return "more";
  const cursor = itemKeys.at(-1);
  if (cursor === undefined) {
    transaction.delete(walk.key);
    walk.finish(transaction, table, subject);
    return "done";
  }
  await walk.visit(transaction, { table, subject, itemKeys, items, now });
  const itemsRead = record.itemsRead + itemKeys.length;
  const leased = { owner: lease.owner, leasedUntil: leaseEnd(now, lease.leaseMs) };
  transaction.put(walk.key, encodeBuildRecord({ ...record, ...leased, cursor, itemsRead }));
  return "more";
}
