import type { Consistency, Engine } from "../engine/engine.ts";
import type { Clock } from "../base/clock.ts";
import type { Item } from "../model/attribute-value.ts";
import type { ChangeLog } from "./change-log/change-log.ts";
import type { Cursors } from "./change-log/cursors.ts";
import type { ExpiryQueues } from "./expiry/expiry-queues.ts";
import type { WalkStep } from "./item-walk.ts";
import type { ShardBounds } from "./change-log/roll-over.ts";
import type { Lease } from "./lease.ts";
import type { Leases } from "./leases.ts";
import type { EventSourceMappings } from "./event-source-mapping.ts";
import type { Page, PageRequest } from "./page.ts";
import type { TableStatistics } from "./statistics.ts";
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
  /**
   * The same as a transaction: until it is committed, other writes of its items meet a conflict. A token makes it
   * happen once, however often it is asked for.
   */
  transact(writes: readonly Write[], token?: IdempotencyToken): Promise<TransactionOutcome>;
  /** Which of the items a transaction of this server is writing right now. */
  contended(reads: readonly ItemRead[]): readonly boolean[];
  /** The work that removing tables and indexes left behind. */
  readonly removals: Removals;
  /** Global indexes that are being added to tables with items. */
  readonly indexBuilds: IndexBuilds;
  readonly idempotency: ExpiredTokens;
  /** Which items are to be deleted when. */
  readonly expiry: ExpiryQueues;
  /** Which functions are called with the records of which streams. */
  readonly eventSourceMappings: EventSourceMappings;
  readonly changeLog: ChangeLog;
  /** How far our own readers of the change log have come. */
  readonly cursors: Cursors;
  /** What one server at a time does for all that share the engine. */
  readonly leases: Leases;
}

/** What a client calls a transaction by, so that repeating it does nothing more. */
export interface IdempotencyToken {
  readonly scope: Scope;
  readonly token: string;
  /** A hash of what the transaction does: one token stands for one transaction. */
  readonly fingerprint: Uint8Array;
}

export type TransactionOutcome =
  | { readonly kind: "done"; readonly outcomes: readonly Outcome[] }
  /** It happened before; the sizes in bytes by which each of its writes was metered. */
  | { readonly kind: "repeated"; readonly sizes: readonly number[] }
  /** The token stands for another transaction. */
  | { readonly kind: "mismatch" }
  /** The transaction with this token is under way. */
  | { readonly kind: "in-progress" };

/** Tokens that have had their time. */
export interface ExpiredTokens {
  /** Erases a bounded number of them; answers whether any are left. Safe to repeat and to run twice at once. */
  eraseSome(): Promise<boolean>;
}

/** An index under construction. The record is in the engine: any server can go on with it. */
export interface IndexBuild {
  readonly tableId: number;
  readonly indexId: number;
  /** For people. */
  readonly tableName: string;
  readonly indexName: string;
  /** When it may begin (milliseconds since the epoch). */
  readonly startsAt: number;
  /** The items looked at so far. */
  readonly itemsRead: number;
}

export interface IndexBuilds {
  list(buildsMax: number): Promise<readonly IndexBuild[]>;
  /**
   * Adds the entries of a bounded number of items, in one small transaction, or activates the index when there are no
   * more. `owner` works on a build alone while it calls again within `leaseMs`. Safe to repeat and to run twice at
   * once.
   */
  step(build: IndexBuild, lease: Lease): Promise<WalkStep>;
  /** Lets others go on with a build at once. */
  release(build: IndexBuild, owner: string): Promise<void>;
}

/** What is out of sight but still takes room: a table, or one index of it. */
export interface Removal {
  readonly tableId: number;
  /** Absent: the table with all its indexes. */
  readonly indexId?: number | undefined;
}

export interface Removals {
  list(removalsMax: number): Promise<readonly Removal[]>;
  /**
   * Erases a bounded part of what was removed; answers whether anything is left. With its last part an index leaves the
   * definition of its table. Safe to repeat and to run twice at once.
   */
  eraseSome(removal: Removal): Promise<boolean>;
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
   * undefined when there is none. `change` may throw a refusal and may run again. An index that it adds as `building`
   * is built in the background, one that it turns `deleting` is erased there.
   */
  update(scope: Scope, name: string, change: (table: Table) => TableDefinition): Promise<Table | undefined>;
  /**
   * Removes the table from sight and leaves its items to the background sweep. Answers the table as it was.
   * `check` may throw a refusal.
   */
  remove(scope: Scope, name: string, check: (table: Table) => void): Promise<Table | undefined>;
  /** The number of items and the sum of their sizes, and the same of each index; exact. */
  statistics(table: Table): Promise<TableStatistics>;
}

export interface TableNames {
  readonly names: readonly string[];
  readonly more: boolean;
}

/**
 * What is left to the background: erasing what was removed, adding items from before to a new index or queue, what
 * begins or ends with the readers of a change log.
 */
export type Work = "removal" | "index-build" | "change-log" | "expiry";

export interface StoreOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  /** Told when a change of the catalog has left work to do in the background. */
  readonly onWork: (work: Work) => void;
  /** How large an item collection of a table with local indexes may grow; default the service's 10 GB. */
  readonly collectionBytesMax?: number | undefined;
  /** How many shards a change log begins with; default one, which is the easiest to follow. */
  readonly logShardsAtFirst?: number | undefined;
  /** When shards of change logs are closed; default after four hours or a gigabyte. */
  readonly logShardBounds?: Partial<ShardBounds> | undefined;
}
