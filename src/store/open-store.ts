import type { Engine } from "../engine/engine.ts";
import { applyWrites, planWrites } from "./apply-writes.ts";
import { openCatalog } from "./catalog.ts";
import { openEventSourceMappings } from "./event-source-mappings.ts";
import { openChangeLog } from "./change-log/open-change-log.ts";
import { openCursors } from "./change-log/open-cursors.ts";
import { openExpiryQueues } from "./expiry/open-expiry-queues.ts";
import { openIndexBuilds } from "./index-builds.ts";
import { decodeItem } from "./item-codec.ts";
import { openExpiredTokens } from "./idempotency.ts";
import { itemKey, stampKey } from "./keyspace.ts";
import { readPage } from "./read-page.ts";
import { openRemovals } from "./removals.ts";
import type { ItemRead, Store, StoreOptions } from "./store.ts";
import { checkStamp } from "./table-stamp.ts";
import type { Table } from "./table.ts";
import { conflictsOf, transact } from "./transact.ts";
import { TransactionsUnderWay } from "./transactions-under-way.ts";
import type { Outcome, Write } from "./write.ts";

/** Puts tables and items on an engine. The engine stays the caller's to close. */
export function openStore({ engine, clock, onWork, collectionBytesMax = 10 * 2 ** 30 }: StoreOptions): Store {
  const underWay = new TransactionsUnderWay();
  const transactions = { engine, clock, underWay };

  async function write(writes: readonly Write[]): Promise<readonly Outcome[]> {
    if (writes.length === 0) return [];
    const plan = planWrites(writes, clock.now(), collectionBytesMax);
    const conflicts = underWay.none ? undefined : conflictsOf(plan, underWay);
    return conflicts ?? engine.write((transaction) => applyWrites(transaction, plan));
  }

  return {
    tables: openCatalog(engine, onWork),
    removals: openRemovals(engine),
    indexBuilds: openIndexBuilds(engine, clock),
    readItems: (reads, consistency) => readItems(engine, reads, consistency),
    readPage: (request) => engine.read((view) => readPage(view, request), request.consistency),
    write,
    transact: (writes, token) =>
      transact(transactions, planWrites(writes, clock.now(), collectionBytesMax), token),
    contended: (reads) =>
      reads.map(({ table, key }) => !underWay.none && underWay.isWriting(itemKey(table, key))),
    idempotency: openExpiredTokens(engine, clock),
    expiry: openExpiryQueues({ engine, clock, write }),
    changeLog: openChangeLog(),
    cursors: openCursors(),
    eventSourceMappings: openEventSourceMappings(engine),
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
