/** The attributes that make up keys, in the order in which they count. */
import { attributeOf, emptyItem, type Item } from "../model/attribute-value.ts";
import { assert } from "../base/assert.ts";
import type { IndexDefinition, IndexKeySchema, KeyAttribute, KeySchema, Table } from "./table.ts";

/** The attributes of a table's primary key. */
export function tableKeyAttributes({ partitionKey, sortKey }: KeySchema): readonly KeyAttribute[] {
  return sortKey === undefined ? [partitionKey] : [partitionKey, sortKey];
}

export function indexKeyAttributes({
  keySchema,
}: Pick<IndexDefinition, "keySchema">): readonly KeyAttribute[] {
  return [...keySchema.partitionKeys, ...keySchema.sortKeys];
}

/** The attributes that name one entry: those of the index, then those of the table that are not among them. */
export function entryKeyAttributes(
  { definition }: Table,
  index: IndexDefinition | undefined,
): readonly KeyAttribute[] {
  const ofTable = tableKeyAttributes(definition.keySchema);
  if (index === undefined) return ofTable;
  const ofIndex = indexKeyAttributes(index);
  return [...ofIndex, ...ofTable.filter(({ name }) => !ofIndex.some((attribute) => attribute.name === name))];
}

/** A table's key schema in the general form of an index's. */
export function orderOf({ partitionKey, sortKey }: KeySchema): IndexKeySchema {
  return { partitionKeys: [partitionKey], sortKeys: sortKey === undefined ? [] : [sortKey] };
}

/** Those attributes of a stored item, which has them all. */
export function pickKey(attributes: readonly KeyAttribute[], item: Item): Item {
  const key = emptyItem();
  for (const { name } of attributes) {
    const value = attributeOf(item, name);
    assert(value !== undefined, "a stored item holds its key");
    key[name] = value;
  }
  return key;
}
