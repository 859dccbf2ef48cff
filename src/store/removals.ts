/** Erases what removed tables and indexes left, a little at a time, so that no transaction grows with a table. */
import type { Engine, KeyRange, Transaction } from "../engine/engine.ts";
import {
  collectionSizesRange,
  indexRange,
  removalInKey,
  removalKey,
  removalsRange,
  statisticsKey,
  tableIndexesRange,
  tableRange,
} from "./keyspace.ts";
import type { Removal, Removals } from "./store.ts";
import { holdTableById, putTable } from "./table-record.ts";

const entriesPerTransaction = 500;

export function openRemovals(engine: Engine): Removals {
  return {
    async list(removalsMax) {
      const options = { entriesMax: removalsMax, values: false };
      const { entries } = await engine.read((view) => view.scan(removalsRange, options));
      return entries.map(({ key }) => removalInKey(key));
    },
    async eraseSome(removal) {
      for (const range of rangesOf(removal)) if (await eraseFrom(engine, range)) return true;
      await engine.write((transaction) => finish(transaction, removal));
      return false;
    },
  };
}

function rangesOf({ tableId, indexId }: Removal): readonly KeyRange[] {
  if (indexId !== undefined) return [indexRange(tableId, indexId)];
  return [tableRange(tableId), tableIndexesRange(tableId), collectionSizesRange(tableId)];
}

/** Erases a bounded part of a range; answers whether it erased anything. */
export async function eraseFrom(engine: Engine, range: KeyRange): Promise<boolean> {
  const options = { entriesMax: entriesPerTransaction, values: false };
  const { entries } = await engine.read((view) => view.scan(range, options));
  if (entries.length === 0) return false;
  await engine.write((transaction) => {
    for (const { key } of entries) transaction.delete(key);
    return Promise.resolve();
  });
  return true;
}

/** Nothing is left: nobody writes entries of what was removed, since writers hold the table's version against it. */
async function finish(transaction: Transaction, { tableId, indexId }: Removal): Promise<void> {
  if (indexId === undefined) transaction.removeTally(statisticsKey(tableId));
  else await forgetIndex(transaction, tableId, indexId);
  transaction.delete(removalKey(tableId, indexId));
}

async function forgetIndex(transaction: Transaction, tableId: number, indexId: number): Promise<void> {
  const table = await holdTableById(transaction, tableId);
  if (table === undefined) return;
  const { definition, version } = table;
  const indexes = definition.indexes.filter(({ id }) => id !== indexId);
  if (indexes.length < definition.indexes.length) {
    putTable(transaction, { ...table, version: version + 1, definition: { ...definition, indexes } });
  }
  transaction.removeTally(statisticsKey(tableId), indexId);
}
