/** Questions about extents that need no data. */
import { compareBytes } from "../base/bytes.ts";
import type { Item } from "../model/attribute-value.ts";
import { extentRange, itemKey } from "./keyspace.ts";
import type { Extent } from "./page.ts";
import type { Table } from "./table.ts";

/** Whether an item with this primary key, there or not, lies in the extent. */
export function extentCovers(table: Table, extent: Extent, key: Item): boolean {
  const { from, until } = extentRange(table, extent);
  const bytes = itemKey(table, key);
  return compareBytes(from, bytes) <= 0 && compareBytes(bytes, until) < 0;
}
