/** The seam between items and their stored bytes: a header, then the item as JSON in wire form. */
import { assert } from "../base/assert.ts";
import type { Item } from "../model/attribute-value.ts";
import { hasKnownFormat, itemHeaderBytes, writeItemHeader } from "./item-header.ts";
import { StoredItem } from "./stored-item.ts";

export function encodeItem(item: Item, sizeBytes: number, writtenAt: number): StoredItem {
  const text = JSON.stringify(item);
  const value = Buffer.allocUnsafe(itemHeaderBytes + Buffer.byteLength(text));
  writeItemHeader(value, sizeBytes, writtenAt);
  value.write(text, itemHeaderBytes);
  return new StoredItem(value, item);
}

export function decodeItem(value: Uint8Array): StoredItem {
  assert(hasKnownFormat(value), "a stored item has a format this server knows");
  return new StoredItem(value);
}
