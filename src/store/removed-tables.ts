/** Erases the items of removed tables a little at a time, so that no transaction grows with a table. */
import type { Engine } from "../engine/engine.ts";
import { removedKey, removedRange, removedTableIdInKey, statisticsKey, tableRange } from "./keyspace.ts";
import type { RemovedTables } from "./store.ts";

const entriesPerTransaction = 500;

export function openRemovedTables(engine: Engine): RemovedTables {
  return {
    async list(idsMax) {
      const options = { entriesMax: idsMax, values: false };
      const { entries } = await engine.read((view) => view.scan(removedRange, options));
      return entries.map(({ key }) => removedTableIdInKey(key));
    },
    async eraseSome(tableId) {
      const options = { entriesMax: entriesPerTransaction, values: false };
      const { entries, exhausted } = await engine.read((view) => view.scan(tableRange(tableId), options));
      await engine.write((transaction) => {
        for (const { key } of entries) transaction.delete(key);
        if (exhausted) {
          transaction.delete(statisticsKey(tableId));
          transaction.delete(removedKey(tableId));
        }
        return Promise.resolve();
      });
      return !exhausted;
    },
  };
}
