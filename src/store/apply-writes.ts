/** The one road of all writes: read what is there, decide, stage all or nothing. */
import { unreachable } from "../base/assert.ts";
import type { Transaction } from "../engine/engine.ts";
import { itemSize } from "../values/size.ts";
import { decodeItem, encodeItem, type EncodedWrite } from "./item-codec.ts";
import { itemKey, stampKey, statisticsKey } from "./keyspace.ts";
import { StatisticsChange } from "./statistics.ts";
import type { StoredItem } from "./stored-item.ts";
import { checkStamp } from "./table-stamp.ts";
import type { Table } from "./table.ts";
import type { Outcome, Write } from "./write.ts";

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
  /** The value of a put. */
  readonly put: EncodedWrite | undefined;
}

export function planWrites(writes: readonly Write[], writtenAt: number): PlannedWrites {
  const tables: Table[] = [];
  const keys: Uint8Array[] = [];
  for (const { table } of writes) {
    if (tables.includes(table)) continue;
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
  const decisions = writes.map(({ write, put }, index) => {
    const value = values[2 * tables.length + index];
    return decide(write, put, value === undefined ? undefined : decodeItem(value), writtenAt);
  });
  if (!decisions.some(({ outcome }) => outcome.kind === "refused")) {
    const statistics = tables.map(({ id }, index) => new StatisticsChange(id, values[2 * index + 1]));
    writes.forEach(({ write, key }, index) => {
      const decision = decisions[index];
      if (decision !== undefined) stage(transaction, key, decision, statistics[tables.indexOf(write.table)]);
    });
    for (const change of statistics) change.stage(transaction);
  }
  return decisions.map(({ outcome }) => outcome);
}

interface Decision {
  readonly outcome: Outcome;
  /** What to store; absent to remove the item, or to leave things as they are where there is none. */
  readonly value?: Uint8Array | undefined;
  readonly unchanged?: boolean;
}

function decide(
  write: Write,
  put: EncodedWrite | undefined,
  before: StoredItem | undefined,
  writtenAt: number,
): Decision {
  if (write.allows !== undefined && !write.allows(before?.item))
    return { outcome: { kind: "refused", before } };
  const { change } = write;
  switch (change.kind) {
    case "put":
      return { outcome: { kind: "written", before, after: put?.stored }, value: put?.value };
    case "delete":
      return { outcome: { kind: "written", before, after: undefined } };
    case "check":
      return { outcome: { kind: "written", before, after: before }, unchanged: true };
    case "update": {
      const item = change.apply(before?.item);
      if (item === undefined) return { outcome: { kind: "written", before, after: before }, unchanged: true };
      const { value, stored } = encodeItem(item, itemSize(item), writtenAt);
      return { outcome: { kind: "written", before, after: stored }, value };
    }
    default:
      return unreachable(change);
  }
}

function stage(
  transaction: Transaction,
  key: Uint8Array,
  { outcome, value, unchanged }: Decision,
  statistics: StatisticsChange | undefined,
): void {
  if (outcome.kind === "refused" || unchanged === true) return;
  if (value !== undefined) transaction.put(key, value);
  else if (outcome.before !== undefined) transaction.delete(key);
  statistics?.add(outcome.before, outcome.after);
}
