/** Primary keys as requests give them, held against the key schema of their table. */
import {
  attributeOf,
  emptyItem,
  kindOf,
  type AttributeValue,
  type Item,
} from "../../model/attribute-value.ts";
import {
  emptyKeyValue,
  keyMismatch,
  keyTypeMismatch,
  keyUpdated,
  missingKey,
  partitionKeyTooLong,
  sortKeyTooLong,
} from "../../model/messages/keys.ts";
import type { KeyAttribute, KeySchema } from "../../store/table.ts";
import { partitionKeyBytesMax, sortKeyBytesMax } from "../../values/limits.ts";
import { valueSize } from "../../values/size.ts";

/** The `Key` of a request, which must be the primary key and nothing more. */
export function checkKey(schema: KeySchema, key: Item): Item {
  if (!hasKeyShape(schema, key)) throw keyMismatch();
  checkKeyValues(schema, key);
  return key;
}

/** Whether `key` has exactly the attributes of the primary key, each of its type. */
export function hasKeyShape({ partitionKey, sortKey }: KeySchema, key: Item): boolean {
  if (!hasAttribute(key, partitionKey)) return false;
  if (sortKey !== undefined && !hasAttribute(key, sortKey)) return false;
  return Object.keys(key).length === (sortKey === undefined ? 1 : 2);
}

function hasAttribute(key: Item, { name, type }: KeyAttribute): boolean {
  return attributeOf(key, name)?.[type] !== undefined;
}

/** Refuses empty and too long values of a key or item, whatever its shape: what is no key at all passes. */
export function checkKeyValues({ partitionKey, sortKey }: KeySchema, key: Item): void {
  const partition = attributeOf(key, partitionKey.name);
  if (partition?.[partitionKey.type] !== undefined) checkPartitionKeyValue(partitionKey, partition);
  if (sortKey === undefined) return;
  const sort = attributeOf(key, sortKey.name);
  if (sort?.[sortKey.type] !== undefined) checkSortKeyValue(sortKey, sort);
}

function checkPartitionKeyValue(attribute: KeyAttribute, value: AttributeValue): void {
  if (keyValueSize(attribute, value) > partitionKeyBytesMax) throw partitionKeyTooLong(partitionKeyBytesMax);
}

function checkSortKeyValue(attribute: KeyAttribute, value: AttributeValue): void {
  if (keyValueSize(attribute, value) > sortKeyBytesMax) throw sortKeyTooLong(sortKeyBytesMax);
}

function keyValueSize({ name, type }: KeyAttribute, value: AttributeValue): number {
  const bytes = valueSize(value);
  if (bytes === 0) throw emptyKeyValue(name, type);
  return bytes;
}

/** The primary key of an item that is put alone. */
export function keyOfItem({ partitionKey, sortKey }: KeySchema, item: Item): Item {
  const key = emptyItem();
  const partition = keyValueOf(item, partitionKey);
  checkPartitionKeyValue(partitionKey, partition);
  key[partitionKey.name] = partition;
  if (sortKey === undefined) return key;
  const sort = keyValueOf(item, sortKey);
  checkSortKeyValue(sortKey, sort);
  key[sortKey.name] = sort;
  return key;
}

function keyValueOf(item: Item, { name, type }: KeyAttribute): AttributeValue {
  const value = attributeOf(item, name);
  if (value === undefined) throw missingKey(name);
  if (value[type] === undefined) throw keyTypeMismatch(name, type, kindOf(value));
  return value;
}

/** Refuses an item put in a batch that does not have its key, which batches answer with one text. */
export function checkBatchItem({ partitionKey, sortKey }: KeySchema, item: Item): void {
  if (hasAttribute(item, partitionKey) && (sortKey === undefined || hasAttribute(item, sortKey))) return;
  throw keyMismatch();
}

/** Refuses an update of the primary key; `targets` are the attributes that it writes, whole or in part. */
export function checkKeyUntouched(
  { partitionKey, sortKey }: KeySchema,
  targets: readonly { readonly name: string }[],
): void {
  for (const { name } of targets) {
    if (name === partitionKey.name || name === sortKey?.name) throw keyUpdated(name);
  }
}
