import type { Consistency, Engine } from "../engine/engine.ts";
import type { Clock } from "../base/clock.ts";
import type { Item } from "../model/attribute-value.ts";
import type { Page, PageRequest } from "./page.ts";
import type { Statistics } from "./statistics.ts";
import type { StoredItem } from "./stored-item.ts";
import type { Scope, Table, TableDefinition } from "./table.ts";
import type { Outcome, Write } from "./write.ts";

/** Tables and items on an engine. */
export interface Store {
  readonly tables: Catalog;
  /** Reads items by primary key, all from one consistent view, in the order of `reads`. */
  readItems(
    reads: readonly ItemRead[],
    consistency: Consistency,
  ): Promise<readonly (StoredItem | undefined)[]>;
  /** Reads one page of a table. */
  readPage(request: PageRequest): Promise<Page>;
  /** Applies every write or none, and answers one outcome a write. No two writes may name one item. */
  write(writes: readonly Write[]): Promise<readonly Outcome[]>;
  /** The work that removing tables left behind. */
  readonly removedTables: RemovedTables;
}

/** Tables that are out of sight but whose items still take room. */
export interface RemovedTables {
  /** Their ids, at most `idsMax`. */
  list(idsMax: number): Promise<readonly number[]>;
  /**
   * Erases a bounded part of a removed table; answers whether anything is left. Safe to repeat and to run twice at
   * once.
   */
  eraseSome(tableId: number): Promise<boolean>;
}

export interface ItemRead {
  readonly table: Table;
  /** The primary key's attributes, checked against the table's schema. */
  readonly key: Item;
}

/** The tables there are. */
export interface Catalog {
  /** The table called `name` as it is now, whatever its status; undefined where there is none. */
  find(scope: Scope, name: string): Promise<Table | undefined>;
  /**
   * The table as this server last saw it, without a look at the engine; undefined when it has not. For the hot path:
   * reads and writes of items find out by themselves when it is out of date (`StaleTableError`).
   */
  cached(scope: Scope, name: string): Table | undefined;
  /** Names in order, behind `after`, at most `namesMax`. */
  list(scope: Scope, options: { after?: string | undefined; namesMax: number }): Promise<TableNames>;
  /** Adds a table; undefined when the name is taken. */
  create(definition: TableDefinition): Promise<Table | undefined>;
  /**
   * Replaces the definition by what `change` makes of the current one, in one transaction; answers the new table, or
   * undefined when there is none. `change` may throw a refusal and may run again.
   */
  update(scope: Scope, name: string, change: (table: Table) => TableDefinition): Promise<Table | undefined>;
  /**
   * Removes the table from sight and leaves its items to the background sweep. Answers the table as it was.
   * `check` may throw a refusal.
   */
  remove(scope: Scope, name: string, check: (table: Table) => void): Promise<Table | undefined>;
  /** The number of items and the sum of their sizes, exact. */
  statistics(table: Table): Promise<Statistics>;
}

export interface TableNames {
  readonly names: readonly string[];
  readonly more: boolean;
}

export interface StoreOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  /** Told when a removed table has left work behind. */
  readonly onTableRemoved: () => void;
}
