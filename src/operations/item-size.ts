/** The gate of 400 KB that every written item must pass. */
import { statementCharge, type Update } from "../expressions/update.ts";
import type { Item } from "../model/attribute-value.ts";
import { itemTooLarge, updatedItemTooLarge } from "../model/messages/items.ts";
import { itemBytesMax } from "../values/limits.ts";
import { itemSize } from "../values/size.ts";

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
