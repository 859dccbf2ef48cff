/** ORDER BY: items come in the order of their keys or not at all. */
import { assert, unreachable } from "../../base/assert.ts";
import type { CollectionPart, KeyPlan } from "../../expressions/partiql/key-plan.ts";
import type { SortTerm } from "../../expressions/partiql/statement.ts";
import { attributeOf, type AttributeValue, type Item } from "../../model/attribute-value.ts";
import {
  orderAcrossPartitionKeys,
  orderByOtherAttribute,
  orderWithoutCondition,
  orderWithoutPartitionKey,
} from "../../model/messages/statements.ts";
import type { KeyAttribute } from "../../store/table.ts";
import { compareValues } from "../../values/compare.ts";
import type { SortKeyCondition } from "../../values/sort-key-condition.ts";

/** The key along which a statement reads: PartiQL knows none of several attributes. */
export interface StatementKey {
  readonly partitionKey: KeyAttribute;
  readonly sortKey: KeyAttribute | undefined;
}

/** Refuses what nothing can be ordered by, whatever the plan. */
export function checkOrderTerms(terms: readonly SortTerm[], key: StatementKey, hasCondition: boolean): void {
  if (terms.length === 0) return;
  if (!hasCondition) throw orderWithoutCondition();
  for (const { name } of terms) {
    if (name !== key.partitionKey.name && name !== key.sortKey?.name) throw orderByOtherAttribute(name);
  }
}

/** A plan whose parts are read one after another, each of them forwards or in reverse. */
export interface OrderedPlan {
  readonly plan: KeyPlan;
  readonly reverse: boolean;
}

/** The plan with its parts in the order that the statement asks for. */
export function orderedPlan(plan: KeyPlan, terms: readonly SortTerm[], key: StatementKey): OrderedPlan {
  if (terms.length === 0) return { plan, reverse: false };
  const { partitionKey, sortKey } = key;
  const partitionTerm = terms.find(({ name }) => name === partitionKey.name);
  const sortTerm = terms.find(({ name }) => name === sortKey?.name);
  // Where the partition key alone is named, the service reads in reverse, whatever direction that was to have.
  const reverse = sortTerm?.descending ?? true;
  const isCovered = partitionTerm !== undefined;
  const signs: Signs = { partition: partitionTerm?.descending === true ? -1 : 1, sort: reverse ? -1 : 1 };
  switch (plan.kind) {
    case "scan":
      throw orderWithoutPartitionKey();
    case "keys": {
      const keys = inOrder(plan.keys, (item) => placeOfKey(item, key), { signs, isCovered });
      return { plan: { ...plan, keys }, reverse };
    }
    case "collections": {
      const collections = inOrder(plan.collections, placeOfPart, { signs, isCovered });
      return { plan: { ...plan, collections }, reverse };
    }
    default:
      return unreachable(plan);
  }
}

/** 1 for ascending, -1 for descending. */
interface Signs {
  readonly partition: number;
  readonly sort: number;
}

/** Where the items of a part lie: parts of one collection do not overlap, so that their lower ends order them. */
interface Place {
  readonly partition: AttributeValue;
  /** Absent: from the start of the collection. */
  readonly low?: AttributeValue | undefined;
  /** Whether the items begin behind `low`. */
  readonly isOpen?: boolean | undefined;
}

function inOrder<Part>(
  parts: readonly Part[],
  placeOf: (part: Part) => Place,
  { signs, isCovered }: { readonly signs: Signs; readonly isCovered: boolean },
): readonly Part[] {
  const placed = parts.map((part) => ({ part, place: placeOf(part) }));
  const [first] = placed;
  if (!isCovered && first !== undefined) {
    const spans = placed.some(({ place }) => compared(place.partition, first.place.partition) !== 0);
    if (spans) throw orderAcrossPartitionKeys();
  }
  placed.sort((one, two) => {
    const across = compared(one.place.partition, two.place.partition);
    return across !== 0 ? across * signs.partition : comparedLows(one.place, two.place) * signs.sort;
  });
  return placed.map(({ part }) => part);
}

function comparedLows(one: Place, two: Place): number {
  if (one.low === undefined || two.low === undefined) {
    return Number(one.low !== undefined) - Number(two.low !== undefined);
  }
  return compared(one.low, two.low) || Number(one.isOpen === true) - Number(two.isOpen === true);
}

function compared(one: AttributeValue, two: AttributeValue): number {
  const order = compareValues(one, two);
  assert(order !== undefined, "values of one key attribute have an order");
  return order;
}

function placeOfKey(item: Item, { partitionKey, sortKey }: StatementKey): Place {
  const partition = attributeOf(item, partitionKey.name);
  assert(partition !== undefined, "a planned key has a partition key");
  return { partition, low: sortKey === undefined ? undefined : attributeOf(item, sortKey.name) };
}

function placeOfPart({ partitionKey: partition, sortKey: condition }: CollectionPart): Place {
  return condition === undefined ? { partition } : { partition, ...lowEnd(condition) };
}

function lowEnd(condition: SortKeyCondition): Omit<Place, "partition"> {
  switch (condition.operator) {
    case "<":
    case "<=":
      return {};
    case "=":
    case ">=":
      return { low: condition.value };
    case ">":
      return { low: condition.value, isOpen: true };
    case "between":
      return { low: condition.low };
    case "begins_with":
      return { low: condition.prefix };
    default:
      return unreachable(condition);
  }
}
