/**
 * The tables there are. The truth is in the engine; what is cached here carries the version it was read at, and every
 * read and write of items checks that version, so that several servers on one engine agree.
 */
import type { Clock } from "../base/clock.ts";
import type { Engine, ReadView, Transaction } from "../engine/engine.ts";
import { stageLogRemoval, stageLogWork, type LogTerms } from "./change-log/log-work.ts";
import { stageQueues } from "./expiry/queue-changes.ts";
import {
  definitionKey,
  nameInKey,
  nextTableIdKey,
  stampKey,
  statisticsKey,
  tableNameKey,
  tableNameRange,
} from "./keyspace.ts";
import { statisticsOf } from "./statistics.ts";
import { stageIndexWork, stageTableRemoval } from "./indexes/index-work.ts";
import type { Catalog, Work } from "./store.ts";
import { holdTableById, putTable, readTableById } from "./table-record.ts";
import { decodeStamp, encodeStamp } from "./table-stamp.ts";
import type { Scope, Table, TableDefinition } from "./table.ts";

export interface CatalogOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  /** Told when a change has left work to do in the background. */
  readonly onWork: (work: Work) => void;
  /** How many shards a change log begins with. */
  readonly logShardsAtFirst: number;
}

export function openCatalog({ engine, clock, onWork, logShardsAtFirst }: CatalogOptions): Catalog {
  const logTerms = (): LogTerms => ({ now: clock.now(), shardsAtFirst: logShardsAtFirst });
  const cache = new TableCache();
  const known = (scope: Scope, name: string, table: Table | undefined) => cache.keep(scope, name, table);
  const told = ({ table, work }: Changed) => {
    work.forEach(onWork);
    return table;
  };
  return {
    async find(scope, name) {
      const cached = cache.get(scope, name);
      return known(scope, name, await engine.read((view) => readTable(view, scope, name, cached)));
    },
    cached(scope, name) {
      return cache.get(scope, name);
    },
    async list(scope, { after, namesMax }) {
      const range = tableNameRange(scope, after);
      const { entries } = await engine.read((view) =>
        view.scan(range, { entriesMax: namesMax + 1, values: false }),
      );
      const names = entries.map(({ key }) => nameInKey(scope, key));
      return { names: names.slice(0, namesMax), more: names.length > namesMax };
    },
    async create(definition) {
      const { scope, name } = definition;
      const created = await engine.write((transaction) => createTable(transaction, definition, logTerms()));
      return created === undefined ? undefined : known(scope, name, told(created));
    },
    async update(scope, name, change) {
      const updated = await engine.write((transaction) =>
        updateTable(transaction, { scope, name, change }, logTerms()),
      );
      return known(scope, name, updated === undefined ? undefined : told(updated));
    },
    async remove(scope, name, check) {
      const table = await engine.write((transaction) =>
        removeTable(transaction, { scope, name, check }, clock.now()),
      );
      known(scope, name, undefined);
      if (table !== undefined) onWork("removal");
      if (table?.definition.changeLog !== undefined) onWork("change-log");
      return table;
    },
    async statistics(table) {
      return statisticsOf(await engine.read((view) => view.tally(statisticsKey(table.id))));
    },
  };
}

/** Reads a table; `cached` saves reading and parsing a definition that has not changed. */
async function readTable(
  view: ReadView,
  scope: Scope,
  name: string,
  cached?: Table,
): Promise<Table | undefined> {
  const [idValue, stamp] = await view.getMany([tableNameKey(scope, name), stampKey(cached?.id ?? 0)]);
  if (idValue === undefined) return undefined;
  const id = decodeStamp(idValue);
  if (cached?.id === id && stamp !== undefined && decodeStamp(stamp) === cached.version) return cached;
  return readTableById(view, id);
}

/** Reads a table that is to be changed. */
async function holdTable(transaction: Transaction, { scope, name }: TableName): Promise<Table | undefined> {
  const [idValue] = await transaction.getMany([tableNameKey(scope, name)]);
  return idValue === undefined ? undefined : holdTableById(transaction, decodeStamp(idValue));
}

/** A table as a transaction left it, and what that left to the background. */
interface Changed {
  readonly table: Table;
  readonly work: readonly Work[];
}

async function createTable(
  transaction: Transaction,
  definition: TableDefinition,
  terms: LogTerms,
): Promise<Changed | undefined> {
  const nameKey = tableNameKey(definition.scope, definition.name);
  const [taken, next] = await transaction.getMany([nameKey, nextTableIdKey]);
  if (taken !== undefined) return undefined;
  const table = { id: next === undefined ? 1 : decodeStamp(next), version: 1, definition };
  transaction.put(nextTableIdKey, encodeStamp(table.id + 1));
  transaction.put(nameKey, encodeStamp(table.id));
  return stageTable(transaction, { before: undefined, table }, terms);
}

/** Stages a table with all that its definition's difference from before calls for. */
async function stageTable(
  transaction: Transaction,
  { before, table }: { readonly before: Table | undefined; readonly table: Table },
  terms: LogTerms,
): Promise<Changed> {
  const logged = await stageLogWork(transaction, { before, table }, terms);
  putTable(transaction, logged);
  const work = [...stageIndexWork(transaction, before, logged)];
  if (logged !== table) work.push("change-log");
  if (stageQueues(transaction, { before, after: logged })) work.push("expiry");
  return { table: logged, work };
}

interface TableName {
  readonly scope: Scope;
  readonly name: string;
}

async function updateTable(
  transaction: Transaction,
  { scope, name, change }: TableName & { readonly change: (table: Table) => TableDefinition },
  terms: LogTerms,
): Promise<Changed | undefined> {
  const before = await holdTable(transaction, { scope, name });
  if (before === undefined) return undefined;
  const table = { ...before, version: before.version + 1, definition: change(before) };
  return stageTable(transaction, { before, table }, terms);
}

/**
 * The items stay where they are, out of reach, until the sweep has removed them: dropping a table costs the same at any
 * size.
 */
async function removeTable(
  transaction: Transaction,
  { scope, name, check }: TableName & { readonly check: (table: Table) => void },
  now: number,
): Promise<Table | undefined> {
  const table = await holdTable(transaction, { scope, name });
  if (table === undefined) return undefined;
  check(table);
  transaction.delete(tableNameKey(scope, name));
  transaction.delete(definitionKey(table.id));
  transaction.delete(stampKey(table.id));
  stageTableRemoval(transaction, table);
  stageQueues(transaction, { before: table, after: undefined });
  await stageLogRemoval(transaction, table, now);
  return table;
}

/**
 * Tables as last read. Entries are dropped when a table is found gone; their number is bounded by the tables there are.
 */
class TableCache {
  readonly #tables = new Map<string, Table>();

  get(scope: Scope, name: string): Table | undefined {
    return this.#tables.get(cacheKey(scope, name));
  }

  keep(scope: Scope, name: string, table: Table | undefined): Table | undefined {
    if (table === undefined) this.#tables.delete(cacheKey(scope, name));
    else this.#tables.set(cacheKey(scope, name), table);
    return table;
  }
}

function cacheKey({ accountId, region }: Scope, name: string): string {
  return `${accountId}/${region}/${name}`;
}
