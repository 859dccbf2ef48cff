/** The one road of all writes: read what is there, decide, stage all or nothing. */
import { unreachable } from "../base/assert.ts";
import type { Transaction } from "../engine/engine.ts";
import { decodeItem, encodeItem } from "./item-codec.ts";
import { itemKey, stampKey, statisticsKey } from "./keyspace.ts";
import { StatisticsChange } from "./statistics.ts";
import type { StoredItem } from "./stored-item.ts";
import { checkStamp } from "./table-stamp.ts";
import type { Table } from "./table.ts";
import type { Change, Outcome, Write } from "./write.ts";

/** Writes with everything worked out that needs no data, so that a body that runs again repeats little. */
export interface PlannedWrites {
  readonly writes: readonly PlannedWrite[];
  readonly tables: readonly Table[];
  /** Two keys a table (stamp, statistics), then one a write. */
  readonly keys: readonly Uint8Array[];
  readonly writtenAt: number;
}

interface PlannedWrite {
  readonly write: Write;
  readonly key: Uint8Array;
  /** What a put stores. */
  readonly put: StoredItem | undefined;
}

export function planWrites(writes: readonly Write[], writtenAt: number): PlannedWrites {
  const tables: Table[] = [];
  const keys: Uint8Array[] = [];
  for (const { table } of writes) {
    // By id: two readings of the catalog may have given two objects of one table, whose statistics are kept once.
    if (tables.some(({ id }) => id === table.id)) continue;
    tables.push(table);
    keys.push(stampKey(table.id), statisticsKey(table.id));
  }
  const planned = writes.map((write) => {
    const key = itemKey(write.table, write.key);
    keys.push(key);
    const { change } = write;
    return {
      write,
      key,
      put: change.kind === "put" ? encodeItem(change.item, change.sizeBytes, writtenAt) : undefined,
    };
  });
  return { writes: planned, tables, keys, writtenAt };
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
  const outcomes = writes.map(({ write, put }, index) => {
    const value = values[2 * tables.length + index];
    return decide(write, put, value === undefined ? undefined : decodeItem(value), writtenAt);
  });
  if (outcomes.some(({ kind }) => kind === "refused")) return outcomes;
  const statistics = new Map(
    tables.map(({ id }, index) => [id, new StatisticsChange(id, values[2 * index + 1])] as const),
  );
  writes.forEach((planned, index) => {
    const outcome = outcomes[index];
    if (outcome !== undefined) stage(transaction, planned, outcome, statistics.get(planned.write.table.id));
  });
  for (const change of statistics.values()) change.stage(transaction);
  return outcomes;
}

function decide(
  write: Write,
  put: StoredItem | undefined,
  before: StoredItem | undefined,
  writtenAt: number,
): Outcome {
  if (write.allows !== undefined && !write.allows(before?.item)) return { kind: "refused", before };
  return { kind: "written", before, after: afterChange(write.change, { put, before, writtenAt }) };
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
  outcome: Outcome,
  statistics: StatisticsChange | undefined,
): void {
  if (outcome.kind === "refused" || outcome.after === outcome.before) return;
  if (outcome.after === undefined) transaction.delete(key);
  else transaction.put(key, outcome.after.bytes);
  statistics?.add(outcome.before, outcome.after);
}
