/** The one road of all writes: read what is there, decide, stage all or nothing. */
import { unreachable } from "../base/assert.ts";
import type { Transaction } from "../engine/engine.ts";
import { logMaintainer } from "./change-log/log-maintainer.ts";
import { expiryMaintainer } from "./expiry/expiry-maintainer.ts";
import { indexMaintainer } from "./indexes/index-maintainer.ts";
import { decodeItem, encodeItem } from "./item-codec.ts";
import { itemKey, stampKey, statisticsKey } from "./keyspace.ts";
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
  /** Two keys a table (stamp, statistics), then one a write, then those of the maintainers. */
  readonly keys: readonly Uint8Array[];
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
  const terms = { writtenAt, collectionBytesMax };
  const maintainers: Maintainer[] = [];
  for (const kind of maintainerKinds) {
    const maintainer = kind(planned, terms);
    if (maintainer === undefined) continue;
    maintainers.push(maintainer);
    keys.push(...maintainer.keys);
  }
  return { writes: planned, tables, maintainers, keys, ...terms };
}

function planWrite(write: Write, writtenAt: number): PlannedWrite {
  const { table, change } = write;
  return {
    write,
    key: itemKey(table, write.key),
    put: change.kind === "put" ? encodeItem(change.item, change.sizeBytes, writtenAt) : undefined,
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
  { writes, tables, maintainers }: PlannedWrites,
  { values, written, statistics }: Decided,
): Promise<readonly Outcome[]> {
  let at = 2 * tables.length + writes.length;
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
