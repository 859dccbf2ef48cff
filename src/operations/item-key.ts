/** Primary keys as requests give them, held against the key schema of their table. */
import { attributeOf, emptyItem, kindOf, type AttributeValue, type Item } from "../model/attribute-value.ts";
import {
  emptyKeyValue,
  keyMismatch,
  keyTypeMismatch,
  keyUpdated,
  missingKey,
  partitionKeyTooLong,
  pathIntoKey,
  sortKeyTooLong,
} from "../model/messages/keys.ts";
import type { KeyAttribute, KeySchema } from "../store/table.ts";
import { partitionKeyBytesMax, sortKeyBytesMax } from "../values/limits.ts";
import { valueSize } from "../values/size.ts";

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

/** Refuses empty and too long values of a key that has the right shape. */
export function checkKeyValues({ partitionKey, sortKey }: KeySchema, key: Item): void {
  const partition = attributeOf(key, partitionKey.name);
  if (partition !== undefined) checkPartitionKeyValue(partitionKey, partition);
  const sort = sortKey === undefined ? undefined : attributeOf(key, sortKey.name);
  if (sortKey !== undefined && sort !== undefined) checkSortKeyValue(sortKey, sort);
}

export function checkPartitionKeyValue(attribute: KeyAttribute, value: AttributeValue): void {
  if (keyValueSize(attribute, value) > partitionKeyBytesMax) throw partitionKeyTooLong(partitionKeyBytesMax);
}

export function checkSortKeyValue(attribute: KeyAttribute, value: AttributeValue): void {
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

/** The primary key of an item put in a batch, which answers every misfit with one text. */
export function keyOfBatchItem(schema: KeySchema, item: Item): Item {
  const { partitionKey, sortKey } = schema;
  if (!hasAttribute(item, partitionKey) || (sortKey !== undefined && !hasAttribute(item, sortKey))) {
    throw keyMismatch();
  }
  return keyOfItem(schema, item);
}

/** An attribute that an update writes; `nested` when only to a place inside it. */
export interface UpdateTarget {
  readonly name: string;
  readonly nested: boolean;
}

/** Refuses an update of the primary key. */
export function checkKeyUntouched(schema: KeySchema, targets: readonly UpdateTarget[]): void {
  for (const { name, nested } of targets) {
    if (name !== schema.partitionKey.name && name !== schema.sortKey?.name) continue;
    throw nested ? pathIntoKey(name) : keyUpdated(name);
  }
}
