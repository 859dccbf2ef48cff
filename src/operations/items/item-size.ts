/** The gate of 400 KB that every written item must pass. */
import { statementCharge, type Update } from "../../expressions/update.ts";
import { attributeOf, emptyItem, type Item } from "../../model/attribute-value.ts";
import { itemTooLarge, updatedItemTooLarge } from "../../model/messages/items.ts";
import { projectedNames } from "../../store/indexes/index-entries.ts";
import type { IndexDefinition, Table } from "../../store/table.ts";
import type { SizedItem } from "../../store/write.ts";
import { itemBytesMax } from "../../values/limits.ts";
import { itemSize } from "../../values/size.ts";

/** The size of an item that is put, in bytes. */
export function checkedItemSize(item: Item): number {
  const bytes = itemSize(item);
  if (bytes > itemBytesMax) throw itemTooLarge();
  return bytes;
}

/** The size of an item that an update leaves, in bytes. */
export function checkedUpdatedItemSize(item: Item): number {
  const bytes = itemSize(item);
  if (bytes > itemBytesMax) throw updatedItemTooLarge();
  return bytes;
}

/** The service charges an update expression for what it says and holds that, too, against the limit of an item. */
export function checkStatementCharge(update: Update | undefined): void {
  if (update !== undefined && statementCharge(update) > itemBytesMax) throw updatedItemTooLarge();
}

/** Whether an item fits the limit together with what the table's local indexes hold of it. */
export function fitsWithLocalEntries(table: Table, sized: SizedItem): boolean {
  const { indexes } = table.definition;
  let bytesMost = sized.sizeBytes;
  for (const { kind } of indexes) if (kind === "local") bytesMost += sized.sizeBytes;
  if (bytesMost <= itemBytesMax) return true;
  let bytes = sized.sizeBytes;
  for (const index of indexes) if (index.kind === "local") bytes += localEntrySize(table, index, sized);
  return bytes <= itemBytesMax;
}

function localEntrySize(table: Table, index: IndexDefinition, { item, sizeBytes }: SizedItem): number {
  const { sortKeys } = index.keySchema;
  if (sortKeys.some(({ name }) => attributeOf(item, name) === undefined)) return 0;
  const names = projectedNames(table, index);
  if (names === undefined) return sizeBytes;
  const entry = emptyItem();
  for (const name of names) {
    const value = attributeOf(item, name);
    if (value !== undefined) entry[name] = value;
  }
  return itemSize(entry);
}
