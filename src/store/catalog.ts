/**
 * The tables there are. The truth is in the engine; what is cached here carries the version it was read at, and every
 * read and write of items checks that version, so that several servers on one engine agree.
 */
import type { Engine, ReadView, Transaction } from "../engine/engine.ts";
import {
  definitionKey,
  nameInKey,
  nextTableIdKey,
  removedKey,
  stampKey,
  statisticsKey,
  tableNameKey,
  tableNameRange,
} from "./keyspace.ts";
import { decodeStatistics } from "./statistics.ts";
import type { Catalog } from "./store.ts";
import { decodeStamp, encodeStamp } from "./table-stamp.ts";
import type { Scope, Table, TableDefinition } from "./table.ts";

export function openCatalog(engine: Engine, onRemoved: (tableId: number) => void): Catalog {
  const cache = new TableCache();
  const known = (scope: Scope, name: string, table: Table | undefined) => cache.keep(scope, name, table);
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
      const table = await engine.write((transaction) => createTable(transaction, definition));
      return table === undefined ? undefined : known(scope, name, table);
    },
    async update(scope, name, change) {
      return known(
        scope,
        name,
        await engine.write((transaction) => updateTable(transaction, { scope, name }, change)),
      );
    },
    async remove(scope, name, check) {
      const table = await engine.write((transaction) => removeTable(transaction, { scope, name }, check));
      known(scope, name, undefined);
      if (table !== undefined) onRemoved(table.id);
      return table;
    },
    async statistics(table) {
      const [value] = await engine.read((view) => view.getMany([statisticsKey(table.id)]));
      return decodeStatistics(value);
    },
  };
}

/** Reads a table; `cached` saves reading and parsing a definition that has not changed. */
async function readTable(
  view: ReadView | Transaction,
  scope: Scope,
  name: string,
  cached?: Table,
): Promise<Table | undefined> {
  const [idValue, stamp] = await view.getMany([tableNameKey(scope, name), stampKey(cached?.id ?? 0)]);
  if (idValue === undefined) return undefined;
  const id = decodeStamp(idValue);
  if (cached?.id === id && stamp !== undefined && decodeStamp(stamp) === cached.version) return cached;
  const [value] = await view.getMany([definitionKey(id)]);
  return value === undefined ? undefined : decodeTable(id, value);
}

async function createTable(
  transaction: Transaction,
  definition: TableDefinition,
): Promise<Table | undefined> {
  const nameKey = tableNameKey(definition.scope, definition.name);
  const [taken, next] = await transaction.getMany([nameKey, nextTableIdKey]);
  if (taken !== undefined) return undefined;
  const table = { id: next === undefined ? 1 : decodeStamp(next), version: 1, definition };
  transaction.put(nextTableIdKey, encodeStamp(table.id + 1));
  transaction.put(nameKey, encodeStamp(table.id));
  putTable(transaction, table);
  return table;
}

interface TableName {
  readonly scope: Scope;
  readonly name: string;
}

async function updateTable(
  transaction: Transaction,
  { scope, name }: TableName,
  change: (table: Table) => TableDefinition,
): Promise<Table | undefined> {
  const before = await readTable(transaction, scope, name);
  if (before === undefined) return undefined;
  const table = { ...before, version: before.version + 1, definition: change(before) };
  putTable(transaction, table);
  return table;
}

/**
 * The items stay where they are, out of reach, until the sweep has removed them: dropping a table costs the same at any
 * size.
 */
async function removeTable(
  transaction: Transaction,
  { scope, name }: TableName,
  check: (table: Table) => void,
): Promise<Table | undefined> {
  const table = await readTable(transaction, scope, name);
  if (table === undefined) return undefined;
  check(table);
  transaction.delete(tableNameKey(scope, name));
  transaction.delete(definitionKey(table.id));
  transaction.delete(stampKey(table.id));
  transaction.put(removedKey(table.id), Buffer.alloc(0));
  return table;
}

function putTable(transaction: Transaction, { id, version, definition }: Table): void {
  transaction.put(
    definitionKey(id),
    Buffer.concat([encodeStamp(version), Buffer.from(JSON.stringify(definition))]),
  );
  transaction.put(stampKey(id), encodeStamp(version));
}

function decodeTable(id: number, value: Uint8Array): Table {
  const json = Buffer.from(value.subarray(4)).toString();
  return { id, version: decodeStamp(value), definition: JSON.parse(json) as TableDefinition };
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
