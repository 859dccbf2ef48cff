import { assert } from "../../base/assert.ts";
import { emptyItem } from "../../model/attribute-value.ts";
import type { AttributeValue, Item } from "../../model/attribute-value.ts";
import { overlappingKeyConditions } from "../../model/messages/partiql.ts";
import { compareValues } from "../../values/compare.ts";
import type { SortKeyCondition } from "../../values/sort-key-condition.ts";
import type { ConditionTree } from "../ast.ts";
import type { Condition } from "../evaluate.ts";
import type { KeyAttribute } from "../key-condition.ts";
import { attributesIn } from "./attribute-names.ts";
import { branchesOf, type Branch, type SimpleKey } from "./branches.ts";
import {
  compareLows,
  intersection,
  intervalOf,
  spokenInterval,
  type SortInterval,
  type SpokenInterval,
} from "./sort-interval.ts";

/** The key of a table or index; what has more than one attribute in a part of it is always scanned. */
export interface PlannedKey {
  readonly partitionKeys: readonly KeyAttribute[];
  readonly sortKeys: readonly KeyAttribute[];
  /** Whether a key names one item at most: true of tables, false of indexes. */
  readonly isUnique: boolean;
}

/** How the items that a WHERE clause asks for are found, cheapest first. */
export type KeyPlan =
  /** Items by their full primary key: tables only. */
  | { readonly kind: "keys"; readonly keys: readonly Item[]; readonly filter?: Condition | undefined }
  /**
   * Parts of item collections, none of which holds an item of another, in ascending order of their keys. There are
   * none where the clause contradicts itself.
   */
  | {
      readonly kind: "collections";
      readonly collections: readonly CollectionPart[];
      readonly filter?: Condition | undefined;
    }
  | { readonly kind: "scan"; readonly filter?: Condition | undefined };

export interface CollectionPart {
  readonly partitionKey: AttributeValue;
  readonly sortKey?: SortKeyCondition | undefined;
}

/**
 * Plans how to find what `where` asks for, with the filter that is left to do. Refuses values that no key attribute can
 * have, branches that would read items twice, and too many of them.
 */
export function keyPlan(where: Condition | undefined, planned: PlannedKey): KeyPlan {
  const key = simpleKey(planned);
  const all = where && key && branchesOf(where, key);
  if (all === undefined) return { kind: "scan", filter: where };
  assert(where !== undefined && key !== undefined, "branches are branches of a condition on a key");
  const branches = all.filter((branch) => branch !== undefined);
  const parts = partsOf(branches);
  const filter = filterBeside(where, branches, parts);
  const keys = planned.isUnique && parts.length > 0 ? keysOf(parts, key) : undefined;
  if (keys !== undefined) return { kind: "keys", keys, filter };
  return { kind: "collections", collections: parts.map(({ part }) => part), filter };
}

/**
 * The attributes by which each branch of a clause that is no scan filters, in the order of the branches' keys: an index
 * may lack some of them. A branch that contradicts itself filters by none.
 */
export function filteredAttributes(where: Condition, planned: PlannedKey): readonly (readonly string[])[] {
  const key = simpleKey(planned);
  const branches = (key && branchesOf(where, key)) ?? [];
  const met = branches.filter((branch) => branch !== undefined).toSorted(compareBranches);
  const filters = met.map(({ rest }) => attributesIn(rest, where.scope));
  return branches.length > met.length ? [[], ...filters] : filters;
}

function simpleKey({ partitionKeys, sortKeys }: PlannedKey): SimpleKey | undefined {
  const [partitionKey, ...more] = partitionKeys;
  const [sortKey, ...others] = sortKeys;
  if (partitionKey === undefined || more.length > 0 || others.length > 0) return undefined;
  return { partitionKey, sortKey };
}

interface Part {
  readonly part: CollectionPart;
  /** Whether it holds nothing but what its branch asks of the key. */
  readonly isExact: boolean;
}

function partsOf(branches: readonly Branch[]): readonly Part[] {
  const parts: Part[] = [];
  const ordered = branches.toSorted(compareBranches);
  for (let start = 0; start < ordered.length;) {
    const first = ordered[start];
    if (first === undefined) break;
    const ends = ordered.findIndex((branch, at) => at > start && comparePartitions(first, branch) !== 0);
    const until = ends < 0 ? ordered.length : ends;
    parts.push(...partsOfCollection(first, ordered.slice(start, until)));
    start = until;
  }
  return parts;
}

/**
 * Branches within one item collection must not overlap, unless one of them says what the sort key must not be: then the
 * whole collection is read, and the filter finds the union. So it is, too, where parts would overlap though what is
 * asked of them does not.
 */
function partsOfCollection({ partitionKey }: Branch, branches: readonly Branch[]): readonly Part[] {
  const whole = [{ part: { partitionKey }, isExact: false }];
  if (!areApart(branches.map(({ interval }) => interval))) {
    if (branches.some((branch) => branch.excludes)) return whole;
    throw overlappingKeyConditions();
  }
  const spoken = branches.map(({ interval }) => spokenInterval(interval));
  const read = spoken.map(({ condition }) => (condition === undefined ? {} : intervalOf(condition)));
  return areApart(read) ? spoken.map((interval) => partOf(partitionKey, interval)) : whole;
}

function partOf(partitionKey: AttributeValue, { condition, isExact }: SpokenInterval): Part {
  return { part: condition === undefined ? { partitionKey } : { partitionKey, sortKey: condition }, isExact };
}

/** In the order of their lower ends, none may overlap its neighbour. */
function areApart(intervals: readonly SortInterval[]): boolean {
  return intervals.every((interval, index) => {
    const next = intervals[index + 1];
    return next === undefined || intersection(interval, next) === undefined;
  });
}

function compareBranches(one: Branch, two: Branch): number {
  return comparePartitions(one, two) || compareLows(one.interval, two.interval);
}

function comparePartitions({ partitionKey: one }: Branch, { partitionKey: two }: Branch): number {
  const order = compareValues(one, two);
  assert(order !== undefined, "conditions on a key are of its type");
  return order;
}

/** What of `where` must still be held against the items that the parts read. */
function filterBeside(
  where: Condition,
  branches: readonly Branch[],
  parts: readonly Part[],
): Condition | undefined {
  const [only, ...more] = branches;
  const isExact = parts.every((part) => part.isExact);
  if (isExact && branches.every(({ rest }) => rest.length === 0)) return undefined;
  const tree = isExact && more.length === 0 ? conjunction(only?.rest ?? []) : undefined;
  return tree === undefined ? where : { tree, scope: where.scope };
}

function conjunction(clauses: readonly ConditionTree[]): ConditionTree | undefined {
  let tree: ConditionTree | undefined;
  for (const clause of clauses)
    tree = tree === undefined ? clause : { kind: "and", left: tree, right: clause };
  return tree;
}

/** The keys of parts that are items; undefined where one of them may be more. */
function keysOf(parts: readonly Part[], { partitionKey, sortKey }: SimpleKey): readonly Item[] | undefined {
  const keys: Item[] = [];
  for (const { part } of parts) {
    const key = emptyItem();
    key[partitionKey.name] = part.partitionKey;
    if (sortKey !== undefined) {
      if (part.sortKey?.operator !== "=") return undefined;
      key[sortKey.name] = part.sortKey.value;
    }
    keys.push(key);
  }
  return keys;
}
