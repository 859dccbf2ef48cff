import type { Item } from "../model/attribute-value.ts";
import type { ChangeOrigin } from "./change-log/log-state.ts";
import type { StoredItem } from "./stored-item.ts";
import type { IndexDefinition, Table } from "./table.ts";

/**
 * What a client wants of one item: the one road of put, update, delete, check, batches, and later transactions,
 * PartiQL, expiry, import and replication. Its functions are pure, because an engine may run them again after a
 * conflict.
 */
export interface Write {
  readonly table: Table;
  /** The primary key's attributes, checked against the table's schema. */
  readonly key: Item;
  /** Absent: always. Gets undefined for an absent item. */
  readonly allows?: ((before: Item | undefined) => boolean) | undefined;
  readonly change: Change;
  /** Who wants it; default a client. */
  readonly origin?: ChangeOrigin | undefined;
}

/** An item to store: it holds its key and is checked and canonical. */
export interface SizedItem {
  readonly item: Item;
  /** By the service's size rules, in bytes: whoever writes an item has measured it against the limit. */
  readonly sizeBytes: number;
}

export type Change =
  | ({ readonly kind: "put" } & SizedItem)
  | { readonly kind: "delete" }
  /**
   * `apply` answers the item to store, or undefined to leave an absent item absent. It throws a refusal to end the
   * write.
   */
  | { readonly kind: "update"; readonly apply: (before: Item | undefined) => SizedItem | undefined }
  /** Only `allows` matters. */
  | { readonly kind: "check" };

export type Outcome =
  | WrittenOutcome
  /** `allows` said no: nothing of the whole group was written. */
  | { readonly kind: "refused"; readonly before: StoredItem | undefined }
  /** The item collection would outgrow what a table with local indexes allows: nothing was written. */
  | { readonly kind: "collection-full" }
  /** A transaction is writing the item right now: nothing was written. */
  | { readonly kind: "conflict" }
  /** Nothing was even tried, because others of the group met a conflict. */
  | { readonly kind: "untouched" };

export interface WrittenOutcome {
  readonly kind: "written";
  readonly before: StoredItem | undefined;
  readonly after: StoredItem | undefined;
  /** The indexes whose entries changed with the item, and what that cost. */
  readonly indexes: readonly IndexChange[];
  /** The bytes of the item's collection afterwards, its index entries included: of tables with local indexes. */
  readonly collectionBytes?: number | undefined;
}

export interface IndexChange {
  readonly index: IndexDefinition;
  readonly writeUnits: number;
}
