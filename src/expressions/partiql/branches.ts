import type { AttributeValue } from "../../model/attribute-value.ts";
import { keyConditionType, tooManyReads } from "../../model/messages/partiql.ts";
import { equalValues } from "../../values/compare.ts";
import type { SortKeyCondition } from "../../values/sort-key-condition.ts";
import type { ConditionTree } from "../ast.ts";
import type { Condition } from "../evaluate.ts";
import { valuesOf, type KeyAttribute } from "../key-condition.ts";
import { excludes, keyClauseOf, type KeyClause } from "./key-clause.ts";
import { intersection, intervalOf, type SortInterval } from "./sort-interval.ts";

/** The attributes of a key of no more than one in each part. */
export interface SimpleKey {
  readonly partitionKey: KeyAttribute;
  readonly sortKey: KeyAttribute | undefined;
}

/** One of the ways to meet a condition, as far as the key is concerned: they are joined by OR. */
export interface Branch {
  readonly partitionKey: AttributeValue;
  readonly interval: SortInterval;
  /** Whether it says what the sort key must not be. */
  readonly excludes: boolean;
  /** What else it asks for. */
  readonly rest: readonly ConditionTree[];
}

/** The most parts that one statement is read in. */
const readsMax = 50;

/**
 * The branches of a condition; undefined if one of them may be met in any item collection. A branch is undefined that
 * nothing can meet.
 */
export function branchesOf(
  { tree, scope }: Condition,
  key: SimpleKey,
): readonly (Branch | undefined)[] | undefined {
  const reader = new BranchReader(scope, key);
  return reader.isPinned(tree) ? reader.branches(tree) : undefined;
}

/** A branch under construction. */
interface Draft {
  readonly partitionKeys: readonly AttributeValue[];
  readonly sortConditions: readonly SortKeyCondition[];
  readonly excludes: boolean;
  readonly rest: readonly ConditionTree[];
}

const blank: Draft = { partitionKeys: [], sortConditions: [], excludes: false, rest: [] };

class BranchReader {
  readonly #scope: Condition["scope"];
  readonly #key: SimpleKey;

  constructor(scope: Condition["scope"], key: SimpleKey) {
    this.#scope = scope;
    this.#key = key;
  }

  /** Whether the partition key must equal one of some values wherever `tree` is true. */
  isPinned(tree: ConditionTree): boolean {
    if (tree.kind === "and") return this.isPinned(tree.left) || this.isPinned(tree.right);
    if (tree.kind === "or") return this.isPinned(tree.left) && this.isPinned(tree.right);
    const clause = this.#keyClause(tree);
    return clause?.name === this.#key.partitionKey.name && equalitiesOf(clause) !== undefined;
  }

  branches(tree: ConditionTree): readonly (Branch | undefined)[] {
    return this.#drafts(tree).map(finished);
  }

  #drafts(tree: ConditionTree): readonly Draft[] {
    if (tree.kind === "and") return crossed(this.#drafts(tree.left), this.#drafts(tree.right));
    if (tree.kind === "or" && this.#asksForKey(tree)) {
      return counted([...this.#drafts(tree.left), ...this.#drafts(tree.right)]);
    }
    const clause = this.#keyClause(tree);
    if (clause !== undefined) return counted(this.#keyDrafts(tree, clause));
    const { sortKey } = this.#key;
    return [
      {
        ...blank,
        excludes: sortKey !== undefined && excludes(tree, sortKey.name, this.#scope),
        rest: [tree],
      },
    ];
  }

  #keyDrafts(tree: ConditionTree, clause: KeyClause): readonly Draft[] {
    const { partitionKey, sortKey } = this.#key;
    if (clause.name === sortKey?.name) {
      for (const asks of clause.asks) checkType(asks, sortKey);
      return clause.asks.map((asks) => ({ ...blank, sortConditions: [asks] }));
    }
    // A range of partition keys finds nothing: it only filters.
    const values = equalitiesOf(clause);
    if (values === undefined) return [{ ...blank, rest: [tree] }];
    for (const asks of clause.asks) checkType(asks, partitionKey);
    return values.map((value) => ({ ...blank, partitionKeys: [value] }));
  }

  #asksForKey(tree: ConditionTree): boolean {
    if (tree.kind === "and" || tree.kind === "or") {
      return this.#asksForKey(tree.left) || this.#asksForKey(tree.right);
    }
    return this.#keyClause(tree) !== undefined;
  }

  #keyClause(tree: ConditionTree): KeyClause | undefined {
    const clause = keyClauseOf(tree, this.#scope);
    const { partitionKey, sortKey } = this.#key;
    return clause?.name === partitionKey.name || clause?.name === sortKey?.name ? clause : undefined;
  }
}

/** The values of which the clause asks for any; undefined where it asks for ranges. */
function equalitiesOf({ asks }: KeyClause): readonly AttributeValue[] | undefined {
  const values: AttributeValue[] = [];
  for (const condition of asks) {
    if (condition.operator !== "=") return undefined;
    values.push(condition.value);
  }
  return values;
}

function checkType(condition: SortKeyCondition, { name, type }: KeyAttribute): void {
  if (valuesOf(condition).some((value) => value[type] === undefined)) throw keyConditionType(name);
}

function crossed(left: readonly Draft[], right: readonly Draft[]): readonly Draft[] {
  if (left.length * right.length > readsMax) throw tooManyReads();
  return left.flatMap((one) =>
    right.map((two) => ({
      partitionKeys: [...one.partitionKeys, ...two.partitionKeys],
      sortConditions: [...one.sortConditions, ...two.sortConditions],
      excludes: one.excludes || two.excludes,
      rest: [...one.rest, ...two.rest],
    })),
  );
}

function counted(drafts: readonly Draft[]): readonly Draft[] {
  if (drafts.length > readsMax) throw tooManyReads();
  return drafts;
}

/** The branch of a draft; undefined where it contradicts itself. */
function finished({ partitionKeys, sortConditions, excludes, rest }: Draft): Branch | undefined {
  const [partitionKey, ...others] = partitionKeys;
  if (partitionKey === undefined || others.some((other) => !equalValues(partitionKey, other)))
    return undefined;
  let interval: SortInterval | undefined = {};
  for (const condition of sortConditions) {
    interval = interval && intersection(interval, intervalOf(condition));
  }
  return interval && { partitionKey, interval, excludes, rest };
}
