/** Which item collection, or part of one, a query reads. */
import { unreachable } from "../../base/assert.ts";
import { keyConditionOn, type KeyCondition } from "../../expressions/key-condition.ts";
import type { AttributeValue } from "../../model/attribute-value.ts";
import type { Extent } from "../../store/page.ts";
import type { IndexKeySchema } from "../../store/table.ts";
import type { SortKeyCondition } from "../../values/sort-key-condition.ts";
import { checkPartitionKeyPart, checkSortKeyPart } from "../items/key-part.ts";

export type Collection = Extract<Extent, { kind: "collection" }>;

/** Holds a key condition against the key schema. */
export function queriedCollection(condition: KeyCondition, schema: IndexKeySchema): Collection {
  return checkedCollection({ kind: "collection", ...keyConditionOn(condition, schema) }, schema);
}

/** Refuses values that no key has: in conditions they obey the same bounds as in a `Key`. */
export function checkedCollection(collection: Collection, schema: IndexKeySchema): Collection {
  const { partitionKey, sortKeyPrefix, sortKey } = collection;
  checkPartitionKeyPart(schema.partitionKeys, partitionKey);
  if (sortKey !== undefined) {
    for (const value of operandsOf(sortKey))
      checkSortKeyPart(schema.sortKeys, [...(sortKeyPrefix ?? []), value]);
  }
  return collection;
}

function operandsOf(condition: SortKeyCondition): readonly AttributeValue[] {
  switch (condition.operator) {
    case "=":
    case "<":
    case "<=":
    case ">":
    case ">=":
      return [condition.value];
    case "between":
      return [condition.low, condition.high];
    case "begins_with":
      return [condition.prefix];
    default:
      return unreachable(condition);
  }
}
