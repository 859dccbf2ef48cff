import type { Engine } from "../engine/engine.ts";
import { applyWrites, planWrites } from "./apply-writes.ts";
import { openCatalog } from "./catalog.ts";
import { decodeItem } from "./item-codec.ts";
import { itemKey, stampKey } from "./keyspace.ts";
import { readPage } from "./read-page.ts";
import { openRemovedTables } from "./removed-tables.ts";
import type { ItemRead, Store, StoreOptions } from "./store.ts";
import { checkStamp } from "./table-stamp.ts";
import type { Table } from "./table.ts";

/** Puts tables and items on an engine. The engine stays the caller's to close. */
export function openStore({
  engine,
  clock,
  onTableRemoved,
  collectionBytesMax = 10 * 2 ** 30,
}: StoreOptions): Store {
  return {
    tables: openCatalog(engine, onTableRemoved),
    removedTables: openRemovedTables(engine),
    readItems: (reads, consistency) => readItems(engine, reads, consistency),
    readPage: (request) => engine.read((view) => readPage(view, request), request.consistency),
    async write(writes) {
      if (writes.length === 0) return [];
      const plan = planWrites(writes, clock.now(), collectionBytesMax);
      return engine.write((transaction) => applyWrites(transaction, plan));
    },
  };
}

async function readItems(engine: Engine, reads: readonly ItemRead[], consistency: "strong" | "eventual") {
  const tables: Table[] = [];
  for (const { table } of reads) if (!tables.includes(table)) tables.push(table);
  const keys = tables.map(({ id }) => stampKey(id));
  for (const { table, key } of reads) keys.push(itemKey(table, key));
  const values = await engine.read((view) => view.getMany(keys), consistency);
  tables.forEach((table, index) => {
    checkStamp(table, values[index]);
  });
  return values.slice(tables.length).map((value) => (value === undefined ? undefined : decodeItem(value)));
}
