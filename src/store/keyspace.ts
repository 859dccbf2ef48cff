/**
 * The one place that knows key bytes. Every key starts with a keyspace byte; the numbers are on disk: never reuse one.
 * Keys are short and spread: an item's partition key stands as 16 bytes of its SHA-256, so that parallel scan segments
 * are plain ranges and no key outgrows an engine.
 */
import { hash } from "node:crypto";
import { afterKey, afterPrefix } from "../base/bytes.ts";
import { assert, unreachable } from "../base/assert.ts";
import type { KeyRange } from "../engine/engine.ts";
import { attributeOf, type AttributeValue, type Item } from "../model/attribute-value.ts";
import { keyBytes } from "../values/key-bytes.ts";
import type { SortKeyCondition } from "../values/sort-key-condition.ts";
import type { Extent } from "./page.ts";
import type { Scope, Table } from "./table.ts";

const Keyspace = {
  catalog: 1,
  item: 2,
  index: 3,
  changeLog: 4,
  expiry: 5,
  idempotency: 6,
  statistics: 7,
} as const;
const CatalogPart = { name: 0, definition: 1, stamp: 2, nextTableId: 3, removed: 4 } as const;

const hashBytes = 16;
/** Keyspace byte, table id, hash of the partition key; the sort key follows. */
const itemPrefixBytes = 1 + 4 + hashBytes;

// Catalog ------------------------------------------------------------------------------------------------------

/** Table names of one account and region sort next to each other, by their bytes. */
export function tableNameKey(scope: Scope, name: string): Uint8Array {
  return Buffer.concat([tableNamePrefix(scope), Buffer.from(name)]);
}

export function tableNameRange(scope: Scope, after: string | undefined): KeyRange {
  const prefix = tableNamePrefix(scope);
  return { from: after === undefined ? prefix : afterKey(tableNameKey(scope, after)), until: endOf(prefix) };
}

export function nameInKey(scope: Scope, key: Uint8Array): string {
  return Buffer.from(key.subarray(tableNamePrefix(scope).length)).toString();
}

function tableNamePrefix({ accountId, region }: Scope): Uint8Array {
  return Buffer.concat([
    Buffer.of(Keyspace.catalog, CatalogPart.name),
    Buffer.from(`${accountId}\0${region}\0`),
  ]);
}

export function definitionKey(tableId: number): Uint8Array {
  return catalogKey(CatalogPart.definition, tableId);
}

/** Holds the version of the definition alone, so that checking it costs a few bytes. */
export function stampKey(tableId: number): Uint8Array {
  return catalogKey(CatalogPart.stamp, tableId);
}

/** Remembers a removed table until its items are gone. */
export function removedKey(tableId: number): Uint8Array {
  return catalogKey(CatalogPart.removed, tableId);
}

export const removedRange: KeyRange = prefixRange(Buffer.of(Keyspace.catalog, CatalogPart.removed));

export function removedTableIdInKey(key: Uint8Array): number {
  return Buffer.from(key).readUInt32BE(2);
}

export const nextTableIdKey: Uint8Array = Buffer.of(Keyspace.catalog, CatalogPart.nextTableId);

function catalogKey(part: number, tableId: number): Uint8Array {
  const key = Buffer.allocUnsafe(6);
  key[0] = Keyspace.catalog;
  key[1] = part;
  key.writeUInt32BE(tableId, 2);
  return key;
}

/** The number of items and their bytes. The last byte leaves room to spread the counter over several keys. */
export function statisticsKey(tableId: number): Uint8Array {
  return Buffer.concat([tablePrefix(Keyspace.statistics, tableId), Buffer.of(0)]);
}

// Items --------------------------------------------------------------------------------------------------------

export function itemKey(table: Table, key: Item): Uint8Array {
  const { partitionKey, sortKey } = table.definition.keySchema;
  const sort = sortKey === undefined ? undefined : keyBytes(keyValue(key, sortKey.name));
  const bytes = Buffer.allocUnsafe(itemPrefixBytes + (sort?.length ?? 0));
  writeCollectionPrefix(bytes, table.id, keyValue(key, partitionKey.name));
  if (sort !== undefined) bytes.set(sort, itemPrefixBytes);
  return bytes;
}

function keyValue(key: Item, name: string): AttributeValue {
  const value = attributeOf(key, name);
  assert(value !== undefined, "a checked key holds every key attribute");
  return value;
}

function writeCollectionPrefix(bytes: Buffer, tableId: number, partitionKey: AttributeValue): void {
  bytes[0] = Keyspace.item;
  bytes.writeUInt32BE(tableId, 1);
  const digest = hash("sha256", Buffer.from(keyBytes(partitionKey)), "buffer");
  digest.copy(bytes, 5, 0, hashBytes);
}

/** Every key that items of a table can have. */
export function tableRange(tableId: number): KeyRange {
  return prefixRange(tablePrefix(Keyspace.item, tableId));
}

/** The keys an extent covers. */
export function extentRange(table: Table, extent: Extent): KeyRange {
  switch (extent.kind) {
    case "collection": {
      const prefix = Buffer.allocUnsafe(itemPrefixBytes);
      writeCollectionPrefix(prefix, table.id, extent.partitionKey);
      return extent.sortKey === undefined ? prefixRange(prefix) : sortKeyRange(prefix, extent.sortKey);
    }
    case "segment":
      return segmentRange(table.id, extent.segment, extent.segments);
    default:
      return unreachable(extent);
  }
}

function sortKeyRange(prefix: Uint8Array, condition: SortKeyCondition): KeyRange {
  const at = (value: AttributeValue) => Buffer.concat([prefix, keyBytes(value)]);
  switch (condition.operator) {
    case "=":
      return { from: at(condition.value), until: afterKey(at(condition.value)) };
    case "<":
      return { from: prefix, until: at(condition.value) };
    case "<=":
      return { from: prefix, until: afterKey(at(condition.value)) };
    case ">":
      return { from: afterKey(at(condition.value)), until: endOf(prefix) };
    case ">=":
      return { from: at(condition.value), until: endOf(prefix) };
    case "between":
      return { from: at(condition.low), until: afterKey(at(condition.high)) };
    case "begins_with":
      return prefixRange(at(condition.prefix));
    default:
      return unreachable(condition);
  }
}

/** Segments share the hash space evenly, to 64 bits. */
function segmentRange(tableId: number, segment: number, segments: number): KeyRange {
  const bound = (index: number) => {
    const key = Buffer.concat([tablePrefix(Keyspace.item, tableId), Buffer.alloc(8)]);
    key.writeBigUInt64BE((BigInt(index) << 64n) / BigInt(segments), 5);
    return key;
  };
  const whole = tableRange(tableId);
  return {
    from: segment === 0 ? whole.from : bound(segment),
    until: segment + 1 === segments ? whole.until : bound(segment + 1),
  };
}

function tablePrefix(keyspace: number, tableId: number): Uint8Array {
  const prefix = Buffer.allocUnsafe(5);
  prefix[0] = keyspace;
  prefix.writeUInt32BE(tableId, 1);
  return prefix;
}

function prefixRange(prefix: Uint8Array): KeyRange {
  return { from: prefix, until: endOf(prefix) };
}

function endOf(prefix: Uint8Array): Uint8Array {
  const end = afterPrefix(prefix);
  assert(end !== undefined, "a key starts with a keyspace byte below 255");
  return end;
}
