/**
 * The seam between items and their stored bytes: a header of 12 bytes, then the item as JSON in wire form.
 * Byte 0 is the version of the format, byte 1 is for flags to come (encryption), bytes 2–5 hold the size by the
 * service's rules, bytes 6–11 the milliseconds at which it was written.
 */
import { assert } from "../base/assert.ts";
import type { Item } from "../model/attribute-value.ts";
import { StoredItem } from "./stored-item.ts";

const headerBytes = 12;
const formatVersion = 1;

/** The stored value of an item, and the item as later reads will see it. */
export interface EncodedWrite {
  readonly value: Uint8Array;
  readonly stored: StoredItem;
}

export function encodeItem(item: Item, sizeBytes: number, writtenAt: number): EncodedWrite {
  const text = JSON.stringify(item);
  const value = Buffer.allocUnsafe(headerBytes + Buffer.byteLength(text));
  value[0] = formatVersion;
  value[1] = 0;
  value.writeUInt32BE(sizeBytes, 2);
  value.writeUIntBE(writtenAt, 6, 6);
  value.write(text, headerBytes);
  return { value, stored: new StoredItem(value.subarray(headerBytes), sizeBytes, writtenAt, item) };
}

export function decodeItem(value: Uint8Array): StoredItem {
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  assert(bytes[0] === formatVersion && bytes[1] === 0, "a stored item has a format this server knows");
  return new StoredItem(bytes.subarray(headerBytes), bytes.readUInt32BE(2), bytes.readUIntBE(6, 6));
}
