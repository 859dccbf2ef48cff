import type { Consistency, Engine } from "../engine/engine.ts";
import { applyWrites, planWrites, readForWrites, type PlannedWrites } from "./apply-writes.ts";
import { openCatalog } from "./catalog.ts";
import { openEventSourceMappings } from "./event-source-mappings.ts";
import { AppendListeners } from "./change-log/append-listeners.ts";
import { ItemExchanges } from "./exchange-item.ts";
import { isLogged } from "./change-log/open-shards.ts";
import { openChangeLog } from "./change-log/open-change-log.ts";
import type { ShardBounds } from "./change-log/roll-over.ts";
import { openCursors } from "./change-log/open-cursors.ts";
import { openExpiryQueues } from "./expiry/open-expiry-queues.ts";
import { openIndexBuilds } from "./indexes/index-builds.ts";
import { decodeItem } from "./item-codec.ts";
import { openExpiredTokens } from "./transactions/idempotency.ts";
import { itemKey, stampKey } from "./keyspace.ts";
import { openLeases } from "./leases.ts";
import { readPage } from "./read-page.ts";
import { openRemovals } from "./removals.ts";
import type { ItemRead, Store, StoreOptions } from "./store.ts";
import { checkStamp, StaleTableError } from "./table-stamp.ts";
import type { Table } from "./table.ts";
import { conflictsOf, transact } from "./transactions/transact.ts";
import { TransactionsUnderWay } from "./transactions/transactions-under-way.ts";
import type { Outcome, Write } from "./write.ts";

/** As the service does, as far as that is seen from outside: about four hours. */
const shardBounds: ShardBounds = { openMsMax: 4 * 60 * 60_000, bytesMax: 2 ** 30, openShardsMax: 16 };

/** Puts tables and items on an engine. The engine stays the caller's to close. */
export function openStore(options: StoreOptions): Store {
  const {
    engine,
    clock,
    onWork,
    collectionBytesMax = 10 * 2 ** 30,
    logShardsAtFirst = 1,
    logShardBounds,
  } = options;
  const underWay = new TransactionsUnderWay();
  const transactions = { engine, clock, underWay };
  const listeners = new AppendListeners();
  const exchanges = new ItemExchanges(engine);

  async function write(writes: readonly Write[]): Promise<readonly Outcome[]> {
    if (writes.length === 0) return [];
    const plan = planWrites(writes, clock.now(), collectionBytesMax);
    const conflicts = underWay.none ? undefined : conflictsOf(plan, underWay);
    if (conflicts !== undefined) return conflicts;
    const exchanged = await exchanges.write(plan);
    if (exchanged !== undefined) return [exchanged];
    const outcomes = await engine.write(async (transaction) =>
      applyWrites(transaction, plan, await readForWrites(transaction, plan)),
    );
    tell(plan);
    return outcomes;
  }

  function tell({ tables }: PlannedWrites): void {
    for (const table of tables) if (isLogged(table)) listeners.tell(table.id);
  }

  return {
    tables: openCatalog({ engine, clock, onWork, logShardsAtFirst }),
    removals: openRemovals(engine),
    indexBuilds: openIndexBuilds(engine, clock),
    readItems: (reads, asked) => orStrongly(asked, (consistency) => readItems(engine, reads, consistency)),
    readPage: (request) =>
      orStrongly(request.consistency, (consistency) => readPage(engine, request, consistency)),
    write,
    async transact(writes, token) {
      const plan = planWrites(writes, clock.now(), collectionBytesMax);
      const outcome = await transact(transactions, plan, token);
      tell(plan);
      return outcome;
    },
    contended: (reads) =>
      reads.map(({ table, key }) => !underWay.none && underWay.isWriting(itemKey(table, key))),
    idempotency: openExpiredTokens(engine, clock),
    expiry: openExpiryQueues({ engine, clock, write }),
    changeLog: openChangeLog({ engine, clock, listeners, bounds: { ...shardBounds, ...logShardBounds } }),
    cursors: openCursors(engine, clock),
    leases: openLeases(engine, clock),
    eventSourceMappings: openEventSourceMappings(engine),
  };
}

/** A replica that lags may not know the table yet as it is: then the read goes where it is known. */
function orStrongly<T>(asked: Consistency, read: (consistency: Consistency) => Promise<T>): Promise<T> {
  if (asked === "strong") return read(asked);
  return read(asked).catch((error: unknown) => {
    if (error instanceof StaleTableError) return read("strong");
    throw error;
  });
}

async function readItems(engine: Engine, reads: readonly ItemRead[], consistency: Consistency) {
  const tables: Table[] = [];
  for (const { table } of reads) if (!tables.includes(table)) tables.push(table);
  const keys = tables.map(({ id }) => stampKey(id));
  for (const { table, key } of reads) keys.push(itemKey(table, key));
  const values = await engine.getMany(keys, consistency);
  tables.forEach((table, index) => {
    checkStamp(table, values[index]);
  });
  return values.slice(tables.length).map((value) => (value === undefined ? undefined : decodeItem(value)));
}
