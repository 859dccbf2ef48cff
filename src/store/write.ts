import type { Item } from "../model/attribute-value.ts";
import type { StoredItem } from "./stored-item.ts";
import type { Table } from "./table.ts";

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
}

export type Change =
  /** `item` holds the key and is checked and canonical; `sizeBytes` is its size. */
  | { readonly kind: "put"; readonly item: Item; readonly sizeBytes: number }
  | { readonly kind: "delete" }
  /**
   * `apply` answers the item to store, or undefined to leave an absent item absent. It throws a refusal to end the
   * write.
   */
  | { readonly kind: "update"; readonly apply: (before: Item | undefined) => Item | undefined }
  /** Only `allows` matters. */
  | { readonly kind: "check" };

export type Outcome =
  | {
      readonly kind: "written";
      readonly before: StoredItem | undefined;
      readonly after: StoredItem | undefined;
    }
  /** `allows` said no: nothing of the whole group was written. */
  | { readonly kind: "refused"; readonly before: StoredItem | undefined };
