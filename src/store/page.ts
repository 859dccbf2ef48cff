import type { Consistency } from "../engine/engine.ts";
import type { AttributeValue, Item } from "../model/attribute-value.ts";
import type { SortKeyCondition } from "../values/sort-key-condition.ts";
import type { StoredItem } from "./stored-item.ts";
import type { IndexDefinition, Table } from "./table.ts";

/** Which items of a table or index a page reads, in key order. */
export type Extent =
  /** One item collection, or the part of it whose sort key meets `sortKey`. */
  | {
      readonly kind: "collection";
      /** One value for each attribute of the partition key. */
      readonly partitionKey: readonly AttributeValue[];
      /** Values of the first attributes of a sort key of several. */
      readonly sortKeyPrefix?: readonly AttributeValue[] | undefined;
      /** What the attribute behind them must meet. */
      readonly sortKey?: SortKeyCondition | undefined;
    }
  /** A share of the whole table: segment `segment` of `segments`. The whole table is segment 0 of 1. */
  | { readonly kind: "segment"; readonly segment: number; readonly segments: number };

export interface PageRequest {
  readonly table: Table;
  /** Absent: the table itself. */
  readonly index?: IndexDefinition | undefined;
  /** Of an index: read the whole item of each entry from the table, too. */
  readonly fetchesItems?: boolean | undefined;
  readonly extent: Extent;
  readonly reverse?: boolean | undefined;
  /**
   * Start behind the item with this primary key, whether or not it still exists. Of an index: with the key attributes
   * of both index and table.
   */
  readonly after?: Item | undefined;
  /** The most items to read (before `filter`); default no bound but the page's bytes. */
  readonly itemsMax?: number | undefined;
  /** Absent: every item. */
  readonly filter?: PageFilter | undefined;
  readonly consistency: Consistency;
}

/** Which of the items that a page reads it keeps. */
export interface PageFilter {
  /** The top-level attributes it looks at. */
  readonly attributes: readonly string[];
  /** Gets an item with those attributes alone. */
  readonly accepts: (item: Item) => boolean;
}

/** Why a page ended: only an exhausted one has no last key. */
export type Stop = "exhausted" | "item-limit" | "byte-limit";

export interface Page {
  readonly items: readonly StoredItem[];
  readonly scannedCount: number;
  /** The sum of the sizes of all items (or entries of the index) read, for metering. */
  readonly scannedBytes: number;
  /** The read units of the items that were fetched from the table because of `fetchesItems`. */
  readonly fetchedUnits: number;
  readonly stop: Stop;
  /** The primary key of the last item read, beside the index's key attributes; unless exhausted. */
  readonly lastKey?: Item | undefined;
}
