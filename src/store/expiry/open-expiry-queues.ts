import { assert } from "../../base/assert.ts";
import type { Clock } from "../../base/clock.ts";
import type { Engine, ReadView, Transaction } from "../../engine/engine.ts";
import { decodeItem } from "../item-codec.ts";
import { stepBounds, stepWalk, type ItemWalk, type StepBounds, type Visit } from "../item-walk.ts";
import { pickKey, tableKeyAttributes } from "../key-attributes.ts";
import { eraseFrom } from "../removals.ts";
import type { StoredItem } from "../stored-item.ts";
import { readTableById } from "../table-record.ts";
import type { Table } from "../table.ts";
import type { Outcome, Write } from "../write.ts";
import {
  allEntriesRange,
  entriesRange,
  entryKey,
  fillKey,
  itemKeyOfEntry,
  queueInKey,
  queueKey,
  queuesRange,
  type QueueRef,
} from "./expiry-keys.ts";
import type { ExpiryQueues } from "./expiry-queues.ts";
import { keptQueueId, type ExpiryState } from "./expiry-state.ts";
import { expiredAt, expirySecond } from "./expiry-time.ts";
import { entryValue } from "./expiry-maintainer.ts";
import { queueStates } from "./queue-changes.ts";

/** Entries do not tell how large their items are: so many are read before a step looks whether it has enough. */
const itemsPerRead = 10;

export interface ExpiryContext {
  readonly engine: Engine;
  readonly clock: Clock;
  /** The one road of all writes. */
  readonly write: (writes: readonly Write[]) => Promise<readonly Outcome[]>;
  /** Of what a step fills in or deletes. */
  readonly bounds?: StepBounds | undefined;
}

export function openExpiryQueues({ engine, clock, write, bounds = stepBounds }: ExpiryContext): ExpiryQueues {
  return {
    list: ({ after, queuesMax }) =>
      engine.read(async (view) => {
        const { entries } = await view.scan(queuesRange(after), { entriesMax: queuesMax });
        const fills = await view.getMany(entries.map(({ key }) => fillKey(queueInKey(key))));
        return entries.map(({ key, value }, index) => {
          const filled = fills[index] === undefined ? "full" : "filling";
          return { ...queueInKey(key), state: isRemoved(value) ? "removed" : filled };
        });
      }),
    fill: (queue, lease) => stepWalk(fillOf(queue), { engine, bounds, lease, now: clock.now() }),
    async sweep(queue, moment) {
      const due = await engine.read((view) => readDue(view, queue, { moment, bounds }));
      if (due === undefined) return { deleted: 0, more: false };
      const writes = due.items.map((item) => deletion(due.table, item, moment));
      const deleted = await deleteAll(writes, write);
      return { deleted, more: deleted > 0 };
    },
    async eraseSome(queue) {
      if (await eraseFrom(engine, allEntriesRange(queue))) return true;
      await engine.write((transaction) => {
        transaction.delete(queueKey(queue));
        return Promise.resolve();
      });
      return false;
    },
  };
}

function isRemoved(value: Uint8Array): boolean {
  return value[0] === queueStates.removed[0];
}

// Filling ------------------------------------------------------------------------------------------------------

function fillOf(queue: QueueRef): ItemWalk<ExpiryState> {
  return {
    key: fillKey(queue),
    tableId: queue.tableId,
    subjectIn: (table) => keptState(table, queue),
    visit: addEntries,
    finish: () => undefined,
  };
}

function keptState({ definition }: Table, { queueId }: QueueRef): ExpiryState | undefined {
  return keptQueueId(definition.expiry) === queueId ? definition.expiry : undefined;
}

function addEntries(
  transaction: Transaction,
  { table, subject, itemKeys, items }: Visit<ExpiryState>,
): Promise<void> {
  const queue = { tableId: table.id, queueId: subject.queueId };
  itemKeys.forEach((key, position) => {
    const value = items[position];
    const second = expirySecond(value && decodeItem(value).item, subject.attribute);
    if (second !== undefined) transaction.put(entryKey(queue, second, key), entryValue);
  });
  return Promise.resolve();
}

// Sweeping -----------------------------------------------------------------------------------------------------

interface Due {
  readonly table: Table;
  readonly items: readonly StoredItem[];
}

/** Undefined when nothing has expired, or the queue is no longer kept. */
async function readDue(
  view: ReadView,
  queue: QueueRef,
  { moment, bounds: { itemsMax, bytesMax } }: { readonly moment: number; readonly bounds: StepBounds },
): Promise<Due | undefined> {
  const range = entriesRange(queue, expiredAt(moment));
  const { entries } = await view.scan(range, { entriesMax: itemsMax, values: false });
  // Most of the time nothing has expired: the definition is not read and parsed for that.
  if (entries.length === 0) return undefined;
  const table = await readTableById(view, queue.tableId);
  if (table === undefined || keptState(table, queue) === undefined) return undefined;
  const items: StoredItem[] = [];
  let bytes = 0;
  for (let at = 0; at < entries.length && bytes < bytesMax; at += itemsPerRead) {
    const keys = entries.slice(at, at + itemsPerRead).map(({ key }) => itemKeyOfEntry(key));
    for (const value of await view.getMany(keys)) {
      assert(value !== undefined, "an entry of a queue leads to an item");
      items.push(decodeItem(value));
      bytes += value.length;
    }
  }
  return { table, items };
}

/** Deletes the item unless it was given more time since it was looked up. */
function deletion(table: Table, { item }: StoredItem, moment: number): Write {
  const { keySchema, expiry } = table.definition;
  const { from, until } = expiredAt(moment);
  return {
    table,
    key: pickKey(tableKeyAttributes(keySchema), item),
    allows(before) {
      const second = expiry && expirySecond(before, expiry.attribute);
      return second !== undefined && from <= second && second < until;
    },
    change: { kind: "delete" },
    origin: "expiry",
  };
}

/** Answers how many were deleted: without those that somebody has written, or is writing, meanwhile. */
async function deleteAll(writes: readonly Write[], write: ExpiryContext["write"]): Promise<number> {
  const outcomes = await write(writes);
  if (outcomes.every(({ kind }) => kind === "written")) return outcomes.length;
  const others = writes.filter((_, index) => {
    const kind = outcomes[index]?.kind;
    return kind === "written" || kind === "untouched";
  });
  const second = await write(others);
  return second.every(({ kind }) => kind === "written") ? second.length : 0;
}
