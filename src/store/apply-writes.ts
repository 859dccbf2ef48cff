/** The one road of all writes: read what is there, decide, stage all or nothing. */
import { unreachable } from "../base/assert.ts";
import type { Transaction } from "../engine/engine.ts";
import { logMaintainer } from "./change-log/log-maintainer.ts";
import { expiryMaintainer } from "./expiry/expiry-maintainer.ts";
import { indexMaintainer } from "./indexes/index-maintainer.ts";
import { decodeItem, encodeItem } from "./item-codec.ts";
import { itemKey, stampKey } from "./keyspace.ts";
import type { Maintainer, MaintainerOf, MaintenanceTerms, PlannedWrite } from "./maintainer.ts";
import { StatisticsChange } from "./statistics.ts";
import type { StoredItem } from "./stored-item.ts";
import { checkStamp } from "./table-stamp.ts";
import type { Table } from "./table.ts";
import type { Change, IndexChange, Outcome, Write, WrittenOutcome } from "./write.ts";

/**
 * What is derived from items, beside their statistics, which every table has: everything else that is to be kept in
 * step with items gets a line here.
 */
const maintainerKinds: readonly MaintainerOf[] = [indexMaintainer, logMaintainer, expiryMaintainer];

/** Writes with everything worked out that needs no data, so that a body that runs again repeats little. */
export interface PlannedWrites extends MaintenanceTerms {
  readonly writes: readonly PlannedWrite[];
  readonly tables: readonly Table[];
  readonly maintainers: readonly Maintainer[];
  /** One a table: what its version stands under. */
  readonly stamps: readonly Uint8Array[];
  /** One a write, then those of the maintainers. */
  readonly keys: readonly Uint8Array[];
}

export function planWrites(
  writes: readonly Write[],
  writtenAt: number,
  collectionBytesMax: number,
): PlannedWrites {
  const tables: Table[] = [];
  for (const { table } of writes) {
    // By id: two readings of the catalog may have given two objects of one table, whose statistics are kept once.
    if (tables.some(({ id }) => id === table.id)) continue;
    tables.push(table);
  }
  const planned = writes.map((write) => planWrite(write, writtenAt));
  const keys = planned.map(({ key }) => key);
  const terms = { writtenAt, collectionBytesMax };
  const maintainers: Maintainer[] = [];
  for (const kind of maintainerKinds) {
    const maintainer = kind(planned, terms);
    if (maintainer === undefined) continue;
    maintainers.push(maintainer);
    keys.push(...maintainer.keys);
  }
  const stamps = tables.map(({ id }) => stampKey(id));
  return { writes: planned, tables, stamps, maintainers, keys, ...terms };
}

function planWrite(write: Write, writtenAt: number): PlannedWrite {
  const { table, change } = write;
  return {
    write,
    key: itemKey(table, write.key),
    put: change.kind === "put" ? encodeItem(change.item, change.sizeBytes, writtenAt) : undefined,
  };
}

/** What is there, before anything is decided: the versions of the tables, and the values of the plan's keys. */
export interface ReadForWrites {
  readonly stamps: readonly (Uint8Array | undefined)[];
  readonly values: readonly (Uint8Array | undefined)[];
}

export async function readForWrites(
  transaction: Transaction,
  { stamps, keys }: PlannedWrites,
): Promise<ReadForWrites> {
  const [ofTables, values] = await Promise.all([
    transaction.getMany(stamps, "shared"),
    transaction.getMany(keys),
  ]);
  return { stamps: ofTables, values };
}

/** Stages every write or, when one is refused, none. */
export async function applyWrites(
  transaction: Transaction,
  plan: PlannedWrites,
  read: ReadForWrites,
): Promise<readonly Outcome[]> {
  const { writes, tables, writtenAt } = plan;
  const { stamps, values } = read;
  tables.forEach((table, index) => {
    checkStamp(table, stamps[index]);
  });
  const decided: Outcome[] = [];
  const written: WrittenOutcome[] = [];
  writes.forEach(({ write, put }, index) => {
    const value = values[index];
    const outcome = decide(write, put, value === undefined ? undefined : decodeItem(value), writtenAt);
    decided.push(outcome);
    if (outcome.kind === "written") written.push(outcome);
  });
  if (written.length < decided.length) return decided;
  const statistics = new Map(tables.map(({ id }) => [id, new StatisticsChange(id)] as const));
  const outcomes =
    plan.maintainers.length === 0
      ? written
      : await maintain(transaction, plan, { values, written, statistics });
  if (outcomes.some(({ kind }) => kind !== "written")) return outcomes;
  writes.forEach((planned, index) => {
    const outcome = written[index];
    if (outcome !== undefined) stage(transaction, planned, outcome, statistics.get(planned.write.table.id));
  });
  for (const change of statistics.values()) change.stage(transaction);
  return outcomes;
}

interface Decided {
  readonly values: readonly (Uint8Array | undefined)[];
  readonly written: readonly WrittenOutcome[];
  readonly statistics: ReadonlyMap<number, StatisticsChange>;
}

/** Stages what follows from the writes, unless a maintainer refuses them: then nothing is staged. */
async function maintain(
  transaction: Transaction,
  { writes, maintainers }: PlannedWrites,
  { values, written, statistics }: Decided,
): Promise<readonly Outcome[]> {
  let at = writes.length;
  let current = written;
  const stagings: (() => void)[] = [];
  for (const maintainer of maintainers) {
    const own = values.slice(at, at + maintainer.keys.length);
    at += own.length;
    const batch = { transaction, writes, written: current, values: own, statistics };
    const maintenance = await maintainer.prepare(batch);
    const { outcomes = current } = maintenance;
    current = outcomes.filter((outcome) => outcome.kind === "written");
    if (current.length < outcomes.length) return outcomes;
    stagings.push(() => {
      maintenance.stage();
    });
  }
  for (const stageOwn of stagings) stageOwn();
  return current;
}

const noIndexes: readonly IndexChange[] = [];

/** What a write comes to, by what is there. */
export function decide(
  write: Write,
  put: StoredItem | undefined,
  before: StoredItem | undefined,
  writtenAt: number,
): Extract<Outcome, { kind: "written" | "refused" }> {
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
