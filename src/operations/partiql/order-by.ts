/** ORDER BY: items come in the order of their keys or not at all. */
import { assert, unreachable } from "../../base/assert.ts";
import type { KeyPlan } from "../../expressions/partiql/key-plan.ts";
import type { SortTerm } from "../../expressions/partiql/statement.ts";
import { attributeOf, type AttributeValue } from "../../model/attribute-value.ts";
import {
  orderAcrossPartitionKeys,
  orderByOtherAttribute,
  orderWithoutCondition,
  orderWithoutPartitionKey,
} from "../../model/messages/statements.ts";
import type { KeyAttribute } from "../../store/table.ts";
import { equalValues } from "../../values/compare.ts";

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

/** The plan with its parts, which ascend, in the order that the statement asks for. */
export function orderedPlan(plan: KeyPlan, terms: readonly SortTerm[], key: StatementKey): OrderedPlan {
  if (terms.length === 0) return { plan, reverse: false };
  const { partitionKey, sortKey } = key;
  const partitionTerm = terms.find(({ name }) => name === partitionKey.name);
  const sortTerm = terms.find(({ name }) => name === sortKey?.name);
  // Where the partition key alone is named, the service reads in reverse, whatever direction that was to have.
  const reverse = sortTerm?.descending ?? true;
  const order = { partition: partitionTerm, reverse };
  switch (plan.kind) {
    case "scan":
      throw orderWithoutPartitionKey();
    case "keys": {
      const keys = inOrder(plan.keys, (item) => attributeOf(item, partitionKey.name), order);
      return { plan: { ...plan, keys }, reverse };
    }
    case "collections": {
      const collections = inOrder(plan.collections, (part) => part.partitionKey, order);
      return { plan: { ...plan, collections }, reverse };
    }
    default:
      return unreachable(plan);
  }
}

interface Order {
  /** Absent: the statement does not order by the partition key. */
  readonly partition: SortTerm | undefined;
  readonly reverse: boolean;
}

function inOrder<Part>(
  ascending: readonly Part[],
  partitionOf: (part: Part) => AttributeValue | undefined,
  { partition, reverse }: Order,
): readonly Part[] {
  const groups: Part[][] = [];
  let last: AttributeValue | undefined;
  for (const part of ascending) {
    const value = partitionOf(part);
    assert(value !== undefined, "a plan names the partition keys of its parts");
    if (last !== undefined && equalValues(last, value)) groups.at(-1)?.push(part);
    else groups.push([part]);
    last = value;
  }
  if (partition === undefined && groups.length > 1) throw orderAcrossPartitionKeys();
  if (reverse) for (const group of groups) group.reverse();
  if (partition?.descending === true) groups.reverse();
  return groups.flat();
}
