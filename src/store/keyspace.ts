/**
 * The one place that knows key bytes. Every key starts with a keyspace byte; the numbers are on disk: never reuse one.
 * Keys are short and spread: an item's partition key stands as 16 bytes of its SHA-256, so that parallel scan segments
 * are plain ranges and no key outgrows an engine.
 */
import { hash } from "node:crypto";
import { afterKey, afterPrefix, bufferOf } from "../base/bytes.ts";
import { assert, unreachable } from "../base/assert.ts";
import type { KeyRange } from "../engine/engine.ts";
import { attributeOf, type AttributeValue, type Item } from "../model/attribute-value.ts";
import { keyBytes } from "../values/key-bytes.ts";
import { keyTupleBytes, openKeyBytes } from "../values/key-tuple.ts";
import type { SortKeyCondition } from "../values/sort-key-condition.ts";
import type { Extent } from "./page.ts";
import type { IndexDefinition, KeyAttribute, Scope, Table } from "./table.ts";

/** What the first byte says of an entry. */
export const Keyspace = {
  catalog: 1,
  item: 2,
  index: 3,
  changeLog: 4,
  expiry: 5,
  idempotency: 6,
  statistics: 7,
  collectionSize: 8,
  eventSourceMapping: 10,
  lease: 11,
  migration: 12,
} as const;
const IdempotencyPart = { token: 0, expiry: 1 } as const;
const MappingPart = { mapping: 0, pair: 1, result: 2 } as const;
const CatalogPart = { name: 0, definition: 1, stamp: 2, nextTableId: 3, removal: 4, build: 5 } as const;

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

function tableNamePrefix(scope: Scope): Uint8Array {
  return Buffer.concat([Buffer.of(Keyspace.catalog, CatalogPart.name), scopeBytes(scope)]);
}

export function definitionKey(tableId: number): Uint8Array {
  return catalogKey(CatalogPart.definition, tableId);
}

/** The definitions of all accounts and regions. */
export const definitionsRange: KeyRange = prefixRange(Buffer.of(Keyspace.catalog, CatalogPart.definition));

export function tableIdInDefinitionKey(key: Uint8Array): number {
  return bufferOf(key).readUInt32BE(2);
}

/** Holds the version of the definition alone, so that checking it costs a few bytes. */
export function stampKey(tableId: number): Uint8Array {
  return catalogKey(CatalogPart.stamp, tableId);
}

export const nextTableIdKey: Uint8Array = Buffer.of(Keyspace.catalog, CatalogPart.nextTableId);

/** Keyspace byte, part, table id. */
const catalogKeyBytes = 1 + 1 + 4;

function catalogKey(part: number, tableId: number): Uint8Array {
  const key = Buffer.allocUnsafe(catalogKeyBytes);
  key[0] = Keyspace.catalog;
  key[1] = part;
  key.writeUInt32BE(tableId, 2);
  return key;
}

/** Where the number of items and their bytes, and those of the indexes, are tallied. */
export function statisticsKey(tableId: number): Uint8Array {
  return Buffer.concat([tablePrefix(Keyspace.statistics, tableId), Buffer.of(0)]);
}

/** Remembers a removed table, or index of one, until nothing is left of it. */
export function removalKey(tableId: number, indexId?: number): Uint8Array {
  return indexId === undefined
    ? catalogKey(CatalogPart.removal, tableId)
    : indexWorkKey(CatalogPart.removal, tableId, indexId);
}

export const removalsRange: KeyRange = prefixRange(Buffer.of(Keyspace.catalog, CatalogPart.removal));

export function removalInKey(key: Uint8Array): { tableId: number; indexId?: number } {
  const tableId = bufferOf(key).readUInt32BE(2);
  return key.length === catalogKeyBytes ? { tableId } : { tableId, indexId: indexIdInKey(key) };
}

/** How far the construction of an index has come. */
export function buildKey(tableId: number, indexId: number): Uint8Array {
  return indexWorkKey(CatalogPart.build, tableId, indexId);
}

export const buildsRange: KeyRange = prefixRange(Buffer.of(Keyspace.catalog, CatalogPart.build));

export function buildInKey(key: Uint8Array): { tableId: number; indexId: number } {
  return { tableId: bufferOf(key).readUInt32BE(2), indexId: indexIdInKey(key) };
}

function indexWorkKey(part: number, tableId: number, indexId: number): Uint8Array {
  const id = Buffer.allocUnsafe(4);
  id.writeUInt32BE(indexId);
  return Buffer.concat([catalogKey(part, tableId), id]);
}

function indexIdInKey(key: Uint8Array): number {
  return bufferOf(key).readUInt32BE(catalogKeyBytes);
}

// Event source mappings ----------------------------------------------------------------------------------------

/** The mappings of one account and region sort next to each other, by their ids. */
export function mappingKey(scope: Scope, id: string): Uint8Array {
  return Buffer.concat([mappingPrefix(MappingPart.mapping, scope), Buffer.from(id)]);
}

export function mappingRange(scope: Scope, after: string | undefined): KeyRange {
  const { from, until } = prefixRange(mappingPrefix(MappingPart.mapping, scope));
  return { from: after === undefined ? from : afterKey(mappingKey(scope, after)), until };
}

/** The mappings of all accounts and regions. */
export function allMappingsRange(
  after: { readonly scope: Scope; readonly id: string } | undefined,
): KeyRange {
  const { from, until } = prefixRange(Buffer.of(Keyspace.eventSourceMapping, MappingPart.mapping));
  return { from: after === undefined ? from : afterKey(mappingKey(after.scope, after.id)), until };
}

/** Leads from a stream and a function to their mapping: there is but one. */
export function mappedPairKey(scope: Scope, names: readonly string[]): Uint8Array {
  return Buffer.concat([mappingPrefix(MappingPart.pair, scope), digest(Buffer.from(names.join("\0")))]);
}

/** What became of the last batch of a mapping. */
export function mappingResultKey(scope: Scope, id: string): Uint8Array {
  return Buffer.concat([mappingPrefix(MappingPart.result, scope), Buffer.from(id)]);
}

function mappingPrefix(part: number, scope: Scope): Uint8Array {
  return Buffer.concat([Buffer.of(Keyspace.eventSourceMapping, part), scopeBytes(scope)]);
}

export function scopeBytes({ accountId, region }: Scope): Uint8Array {
  return Buffer.from(`${accountId}\0${region}\0`);
}

// Leases -------------------------------------------------------------------------------------------------------

/** Which server does something that one at a time does for all. */
export function leaseKey(name: string): Uint8Array {
  return Buffer.concat([Buffer.of(Keyspace.lease), Buffer.from(name)]);
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
  digest(Buffer.from(keyBytes(partitionKey))).copy(bytes, 5);
}

/** The first two bytes of the hash of the partition key, by which a log knows its shards. */
export function hashInKey(itemKeyBytes: Uint8Array): number {
  return bufferOf(itemKeyBytes).readUInt16BE(itemPrefixBytes - hashBytes);
}

function digest(bytes: Uint8Array): Buffer {
  return hash("sha256", bytes, "buffer").subarray(0, hashBytes);
}

/** Every key that items of a table can have. */
export function tableRange(tableId: number): KeyRange {
  return prefixRange(tablePrefix(Keyspace.item, tableId));
}

// Index entries ------------------------------------------------------------------------------------------------

/** Keyspace byte, table id, index id; the hash of the partition key, the closed sort key and the identity follow. */
const indexPrefixBytes = 1 + 4 + 4;
const indexCollectionBytes = indexPrefixBytes + hashBytes;

/** The key of an item's entry, from its own key: the item has every key attribute of the index. */
export function indexEntryKey(
  table: Table,
  { id, keySchema }: IndexDefinition,
  { item, key }: { readonly item: Item; readonly key: Uint8Array },
): Uint8Array {
  const sort = keyTupleBytes(keyValues(keySchema.sortKeys, item));
  const bytes = Buffer.allocUnsafe(indexCollectionBytes + sort.length + hashBytes);
  writeIndexPrefix(bytes, table.id, id);
  digest(keyTupleBytes(keyValues(keySchema.partitionKeys, item))).copy(bytes, indexPrefixBytes);
  sort.copy(bytes, indexCollectionBytes);
  bytes.set(identityOf(key), indexCollectionBytes + sort.length);
  return bytes;
}

function keyValues(attributes: readonly KeyAttribute[], item: Item): readonly AttributeValue[] {
  return attributes.map(({ name }) => keyValue(item, name));
}

/** Tells apart the items with equal index keys: 16 bytes for what follows the table id in an item's key. */
function identityOf(itemKeyBytes: Uint8Array): Uint8Array {
  const ownPart = itemKeyBytes.subarray(itemPrefixBytes - hashBytes);
  return ownPart.length === hashBytes ? ownPart : digest(ownPart);
}

function indexCollectionPrefix(
  tableId: number,
  indexId: number,
  partitionKey: readonly AttributeValue[],
): Uint8Array {
  return Buffer.concat([indexPrefix(tableId, indexId), digest(keyTupleBytes(partitionKey))]);
}

function indexPrefix(tableId: number, indexId: number): Buffer {
  const prefix = Buffer.allocUnsafe(indexPrefixBytes);
  writeIndexPrefix(prefix, tableId, indexId);
  return prefix;
}

function writeIndexPrefix(bytes: Buffer, tableId: number, indexId: number): void {
  bytes[0] = Keyspace.index;
  bytes.writeUInt32BE(tableId, 1);
  bytes.writeUInt32BE(indexId, 5);
}

/** Every key that entries of an index can have. */
export function indexRange(tableId: number, indexId: number): KeyRange {
  return prefixRange(indexPrefix(tableId, indexId));
}

/** Every key that entries of any index of a table can have. */
export function tableIndexesRange(tableId: number): KeyRange {
  return prefixRange(tablePrefix(Keyspace.index, tableId));
}

/** How large an item collection is, by the key of any of its items. */
export function collectionSizeKey(itemKeyBytes: Uint8Array): Uint8Array {
  const key = Buffer.from(itemKeyBytes.subarray(0, itemPrefixBytes));
  key[0] = Keyspace.collectionSize;
  return key;
}

export function collectionSizesRange(tableId: number): KeyRange {
  return prefixRange(tablePrefix(Keyspace.collectionSize, tableId));
}

// Idempotency --------------------------------------------------------------------------------------------------

const tokenHashBytes = 32;
const tokenPrefixBytes = 2;

/** What a client's token stands for. Tokens of one account and region are apart from all others. */
export function tokenKey({ accountId, region }: Scope, token: string): Uint8Array {
  const name = hash("sha256", `${accountId}\0${region}\0${token}`, "buffer");
  return Buffer.concat([Buffer.of(Keyspace.idempotency, IdempotencyPart.token), name]);
}

/** Leads to the token under `key` when its time is over (milliseconds since the epoch). */
export function tokenExpiryKey(key: Uint8Array, expiresAt: number): Uint8Array {
  return Buffer.concat([tokenExpiryPrefix(expiresAt), key.subarray(tokenPrefixBytes)]);
}

/** The keys that lead to tokens whose time was over at `now`. */
export function expiredTokensRange(now: number): KeyRange {
  return { from: tokenExpiryPrefix(0), until: tokenExpiryPrefix(now + 1) };
}

export function tokenKeyOfExpiry(expiryKey: Uint8Array): Uint8Array {
  const name = expiryKey.subarray(expiryKey.length - tokenHashBytes);
  return Buffer.concat([Buffer.of(Keyspace.idempotency, IdempotencyPart.token), name]);
}

function tokenExpiryPrefix(expiresAt: number): Uint8Array {
  const prefix = Buffer.of(Keyspace.idempotency, IdempotencyPart.expiry, 0, 0, 0, 0, 0, 0);
  prefix.writeUIntBE(expiresAt, tokenPrefixBytes, 6);
  return prefix;
}

// Extents ------------------------------------------------------------------------------------------------------

/** The keys an extent of a table, or of one of its indexes, covers. */
export function extentRange(table: Table, index: IndexDefinition | undefined, extent: Extent): KeyRange {
  switch (extent.kind) {
    case "collection":
      return index === undefined
        ? itemCollectionRange(table, extent)
        : indexCollectionRange(indexCollectionPrefix(table.id, index.id, extent.partitionKey), extent);
    case "segment": {
      const prefix =
        index === undefined ? tablePrefix(Keyspace.item, table.id) : indexPrefix(table.id, index.id);
      return segmentRange(prefix, extent);
    }
    default:
      return unreachable(extent);
  }
}

type Collection = Extract<Extent, { kind: "collection" }>;
type Segment = Extract<Extent, { kind: "segment" }>;

function itemCollectionRange(table: Table, { partitionKey, sortKey }: Collection): KeyRange {
  const prefix = Buffer.allocUnsafe(itemPrefixBytes);
  const [value] = partitionKey;
  assert(value !== undefined, "a collection of a table names its partition key");
  writeCollectionPrefix(prefix, table.id, value);
  if (sortKey === undefined) return prefixRange(prefix);
  return sortKeyRange(sortKey, {
    whole: prefixRange(prefix),
    at: (value) => Buffer.concat([prefix, keyBytes(value)]),
    behind: (value) => afterKey(Buffer.concat([prefix, keyBytes(value)])),
    open: (value) => Buffer.concat([prefix, keyBytes(value)]),
  });
}

function indexCollectionRange(collection: Uint8Array, { sortKeyPrefix = [], sortKey }: Collection): KeyRange {
  const prefix = Buffer.concat([collection, keyTupleBytes(sortKeyPrefix)]);
  if (sortKey === undefined) return prefixRange(prefix);
  return sortKeyRange(sortKey, {
    whole: prefixRange(prefix),
    at: (value) => Buffer.concat([prefix, keyTupleBytes([value])]),
    behind: (value) => endOf(Buffer.concat([prefix, keyTupleBytes([value])])),
    open: (value) => Buffer.concat([prefix, openKeyBytes(value)]),
  });
}

/** Where the values of a sort key lie within a collection. */
interface SortKeyPlaces {
  readonly whole: KeyRange;
  /** The least key with this value. */
  readonly at: (value: AttributeValue) => Uint8Array;
  /** The least key behind all with this value. */
  readonly behind: (value: AttributeValue) => Uint8Array;
  /** What the keys of all values that start with this one start with. */
  readonly open: (value: AttributeValue) => Uint8Array;
}

function sortKeyRange(condition: SortKeyCondition, { whole, at, behind, open }: SortKeyPlaces): KeyRange {
  switch (condition.operator) {
    case "=":
      return { from: at(condition.value), until: behind(condition.value) };
    case "<":
      return { from: whole.from, until: at(condition.value) };
    case "<=":
      return { from: whole.from, until: behind(condition.value) };
    case ">":
      return { from: behind(condition.value), until: whole.until };
    case ">=":
      return { from: at(condition.value), until: whole.until };
    case "between":
      return { from: at(condition.low), until: behind(condition.high) };
    case "begins_with":
      return prefixRange(open(condition.prefix));
    default:
      return unreachable(condition);
  }
}

/** Segments share the hash space behind `prefix` evenly, to 64 bits. */
function segmentRange(prefix: Uint8Array, { segment, segments }: Segment): KeyRange {
  const bound = (index: number) => {
    const key = Buffer.concat([prefix, Buffer.alloc(8)]);
    key.writeBigUInt64BE((BigInt(index) << 64n) / BigInt(segments), prefix.length);
    return key;
  };
  const whole = prefixRange(prefix);
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

/** Every key that starts with `prefix`. */
export function prefixRange(prefix: Uint8Array): KeyRange {
  return { from: prefix, until: endOf(prefix) };
}

function endOf(prefix: Uint8Array): Uint8Array {
  const end = afterPrefix(prefix);
  assert(end !== undefined, "a key starts with a keyspace byte below 255");
  return end;
}
