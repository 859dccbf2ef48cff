/** Questions about extents that need no data. */
import { compareBytes } from "../base/bytes.ts";
import type { Item } from "../model/attribute-value.ts";
import { extentRange, indexEntryKey, itemKey } from "./keyspace.ts";
import type { Extent } from "./page.ts";
import type { IndexDefinition, Table } from "./table.ts";

/** What is read in key order: a table, or an index of it. */
export interface Ordered {
  readonly table: Table;
  readonly index?: IndexDefinition | undefined;
}

/** Whether an item (or entry) with this key, there or not, lies in the extent. */
export function extentCovers({ table, index }: Ordered, extent: Extent, key: Item): boolean {
  const { from, until } = extentRange(table, index, extent);
  const bytes = placeOf({ table, index }, key);
  return compareBytes(from, bytes) <= 0 && compareBytes(bytes, until) < 0;
}

/** The engine key of the item or entry that `key` names: for an entry, with the key attributes of index and table. */
export function placeOf({ table, index }: Ordered, key: Item): Uint8Array {
  const ofItem = itemKey(table, key);
  return index === undefined ? ofItem : indexEntryKey(table, index, { item: key, key: ofItem });
}
