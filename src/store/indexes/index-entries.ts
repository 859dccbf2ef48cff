/** What an index holds of an item: whether it has an entry, under which key, and what is in it. */
import { attributeOf, emptyItem, type AttributeValue, type Item } from "../../model/attribute-value.ts";
import { partitionKeyBytesMax, sortKeyBytesMax } from "../../values/limits.ts";
import { itemSize, valueSize } from "../../values/size.ts";
import { encodeItem } from "../item-codec.ts";
import { entryKeyAttributes, indexKeyAttributes } from "../key-attributes.ts";
import { indexEntryKey } from "../keyspace.ts";
import type { StoredItem } from "../stored-item.ts";
import type { IndexDefinition, KeyAttribute, Table } from "../table.ts";

/** An index with what follows from its definition alone. */
export interface IndexPlan {
  readonly index: IndexDefinition;
  readonly keyNames: readonly string[];
  /** The attributes that entries hold; absent: all of them. */
  readonly projected: ReadonlySet<string> | undefined;
}

/** An item under its key. */
export interface KeyedItem {
  readonly key: Uint8Array;
  readonly stored: StoredItem;
}

const plansOfTables = new WeakMap<Table, readonly IndexPlan[]>();

/** The indexes that writes of the table maintain. */
export function indexPlans(table: Table): readonly IndexPlan[] {
  let plans = plansOfTables.get(table);
  if (plans === undefined) {
    const maintained = table.definition.indexes.filter(({ state }) => state !== "deleting");
    plans = maintained.map((index) => indexPlan(table, index));
    plansOfTables.set(table, plans);
  }
  return plans;
}

export function indexPlan(table: Table, index: IndexDefinition): IndexPlan {
  const keyNames = indexKeyAttributes(index).map(({ name }) => name);
  return { index, keyNames, projected: projectedNames(table, index) };
}

/** The names of the attributes that entries hold; undefined for all of them. */
export function projectedNames(table: Table, index: IndexDefinition): ReadonlySet<string> | undefined {
  const { projection } = index;
  if (projection.type === "ALL") return undefined;
  const keys = entryKeyAttributes(table, index).map(({ name }) => name);
  return new Set(projection.type === "INCLUDE" ? [...keys, ...projection.nonKeyAttributes] : keys);
}

/**
 * The key of an item's entry; undefined for an item that has none: it lacks a key attribute of the index, or has a
 * value in it that no index key can hold. New values of that kind are refused, but an item may be older than its index.
 */
export function entryKey(
  table: Table,
  index: IndexDefinition,
  { key, stored }: KeyedItem,
): Uint8Array | undefined {
  const { item } = stored;
  const { partitionKeys, sortKeys } = index.keySchema;
  if (!canBeKey(partitionKeys, item, partitionKeyBytesMax)) return undefined;
  if (!canBeKey(sortKeys, item, sortKeyBytesMax)) return undefined;
  return indexEntryKey(table, index, { item, key });
}

function canBeKey(attributes: readonly KeyAttribute[], item: Item, bytesMax: number): boolean {
  let bytes = 0;
  for (const { name, type } of attributes) {
    const value = attributeOf(item, name);
    if (value?.[type] === undefined) return false;
    const size = valueSize(value);
    if (size === 0) return false;
    bytes += size;
  }
  return bytes <= bytesMax;
}

/** What the entry of `stored` holds, in the form of a stored item. */
export function entryOf({ projected }: IndexPlan, stored: StoredItem, writtenAt: number): StoredItem {
  if (projected === undefined) return stored;
  const entry = emptyItem();
  for (const [name, value] of projectedAttributes(projected, stored.item)) entry[name] = value;
  return encodeItem(entry, itemSize(entry), writtenAt);
}

/** The size of the entry of `stored`, in bytes. */
export function entrySize({ projected }: IndexPlan, stored: StoredItem): number {
  if (projected === undefined) return stored.sizeBytes;
  return itemSize(Object.fromEntries(projectedAttributes(projected, stored.item)));
}

function projectedAttributes(
  projected: ReadonlySet<string>,
  item: Item,
): readonly (readonly [string, AttributeValue])[] {
  return Object.entries(item).filter(([name]) => projected.has(name));
}
