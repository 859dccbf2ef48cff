import { unreachable } from "../base/assert.ts";
import type { AttributeValue } from "../model/attribute-value.ts";
import {
  keyAttributeNotFirst,
  keyConditionNotIndexable,
  keyConditionNotSupported,
  keyConditionTypeMismatch,
  manyKeyAttributes,
  missingKeyCondition,
  nestedKeyAttribute,
  nestedKeyOperation,
  noKeyAttribute,
  operatorNotForKeys,
  repeatedKeyCondition,
  sortKeyGap,
  tooManyKeyConditions,
} from "../model/messages/key-conditions.ts";
import type { SortKeyCondition } from "../values/sort-key-condition.ts";
import type { Comparator, ConditionTree, Operand } from "./ast.ts";
import type { Condition } from "./evaluate.ts";
import { headOf, pathAt, valueAt, type Scope } from "./scope.ts";

/** What a query asks of keys, by attribute: not yet held against the key schema of a table or index. */
export interface KeyCondition {
  readonly clauses: readonly KeyClause[];
  readonly style: "expression" | "legacy";
}

export interface KeyClause {
  readonly name: string;
  /** Undefined for what no index can answer; only the older parameters can say such a thing. */
  readonly asks: SortKeyCondition | undefined;
}

/** A key attribute of a table or index. */
export interface KeyAttribute {
  readonly name: string;
  readonly type: "S" | "N" | "B";
}

/** The key of a table or index: at least one partition key attribute, and any number that order a collection. */
export interface KeyAttributes {
  readonly partitionKeys: readonly KeyAttribute[];
  readonly sortKeys: readonly KeyAttribute[];
}

export interface KeyRange {
  /** One value for each partition key attribute. */
  readonly partitionKey: readonly AttributeValue[];
  /** Values of the first sort key attributes. */
  readonly sortKeyPrefix: readonly AttributeValue[];
  /** What the sort key attribute behind them must meet. */
  readonly sortKey?: SortKeyCondition | undefined;
}

/** Reads a key condition out of a condition that is sound in itself; refuses what is none, whatever the schema. */
export function keyConditionOf({ tree, scope }: Condition): KeyCondition {
  const clauses = new Map<string, KeyClause>();
  addClauses(tree, scope, clauses);
  return { clauses: [...clauses.values()], style: "expression" };
}

function addClauses(tree: ConditionTree, scope: Scope, clauses: Map<string, KeyClause>): void {
  if (tree.kind === "and") {
    addClauses(tree.left, scope, clauses);
    addClauses(tree.right, scope, clauses);
    return;
  }
  const clause = clauseOf(tree, scope);
  if (clauses.has(clause.name)) throw repeatedKeyCondition();
  clauses.set(clause.name, clause);
}

function clauseOf(tree: Exclude<ConditionTree, { readonly kind: "and" }>, scope: Scope): KeyClause {
  switch (tree.kind) {
    case "or":
    case "not":
      throw operatorNotForKeys(tree.kind.toUpperCase());
    case "in":
      throw operatorNotForKeys("IN");
    case "compare": {
      const { comparator, left, right } = tree;
      if (comparator === "<>") throw operatorNotForKeys(comparator);
      const { name, values, isFirst } = operandsOf([left, right], scope);
      return { name, asks: { operator: isFirst ? comparator : mirrored[comparator], value: values[0] } };
    }
    case "between": {
      const { operand, low, high } = tree;
      if (operand.kind !== "path") throw keyAttributeNotFirst("BETWEEN");
      const { name, values } = operandsOf([operand, low, high], scope);
      return { name, asks: { operator: "between", low: values[0], high: values[1] ?? values[0] } };
    }
    case "call": {
      if (tree.name !== "begins_with") throw operatorNotForKeys(tree.name);
      if (tree.operands[0]?.kind !== "path") throw keyAttributeNotFirst(tree.name);
      const { name, values } = operandsOf(tree.operands, scope);
      return { name, asks: { operator: "begins_with", prefix: values[0] } };
    }
    default:
      return unreachable(tree);
  }
}

const mirrored = { "=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<=" } as const satisfies Record<
  Exclude<Comparator, "<>">,
  Comparator
>;

interface KeyOperands {
  readonly name: string;
  readonly values: readonly [AttributeValue, ...AttributeValue[]];
  /** Whether the attribute stands before the values. */
  readonly isFirst: boolean;
}

/** The one attribute among the operands, and the values it is held against. */
function operandsOf(operands: readonly Operand[], scope: Scope): KeyOperands {
  let name: string | undefined;
  const values: AttributeValue[] = [];
  for (const operand of operands) {
    if (operand.kind === "call" || operand.kind === "truth") throw nestedKeyOperation();
    if (operand.kind === "value") values.push(valueAt(scope, operand.slot));
    else {
      if (name !== undefined) throw manyKeyAttributes();
      const path = pathAt(scope, operand.slot);
      if (path.length > 1) throw nestedKeyAttribute();
      name = headOf(path);
    }
  }
  const [value, ...more] = values;
  // Operands are checked to be distinct and in number: without an attribute they are all values.
  if (name === undefined || value === undefined) throw noKeyAttribute();
  return { name, values: [value, ...more], isFirst: operands[0]?.kind === "path" };
}

/** Holds a key condition against a key schema: what to read. The order of its clauses means nothing. */
export function keyConditionOn(condition: KeyCondition, schema: KeyAttributes): KeyRange {
  checkCount(condition, schema);
  const partitionKey = schema.partitionKeys.map((attribute) => partitionValue(condition, attribute));
  if (condition.clauses.length === partitionKey.length) return { partitionKey, sortKeyPrefix: [] };
  const sortKeys = askedSortKeys(condition, schema).map((attribute) => askedOf(condition, attribute));
  return {
    partitionKey,
    sortKeyPrefix: sortKeys.slice(0, -1).flatMap((asks) => (asks.operator === "=" ? [asks.value] : [])),
    sortKey: sortKeys.at(-1),
  };
}

function checkCount({ clauses, style }: KeyCondition, { partitionKeys, sortKeys }: KeyAttributes): void {
  const keyAttributes = partitionKeys.length + sortKeys.length;
  if (clauses.length <= keyAttributes) return;
  throw style === "legacy" && keyAttributes === 1
    ? keyConditionNotSupported()
    : tooManyKeyConditions(clauses.length, keyAttributes);
}

function partitionValue(condition: KeyCondition, attribute: KeyAttribute): AttributeValue {
  const asks = askedOf(condition, attribute);
  if (asks.operator !== "=") throw keyConditionNotSupported();
  return asks.value;
}

/**
 * The sort key attributes that the condition names, which are the first ones: they sort one after another, so that
 * items lie together only if all but the last have one value.
 */
function askedSortKeys(
  { clauses }: KeyCondition,
  { partitionKeys, sortKeys }: KeyAttributes,
): readonly KeyAttribute[] {
  const clauseOf = (name: string) => clauses.find((clause) => clause.name === name);
  const asked = sortKeys.slice(0, sortKeys.findLastIndex(({ name }) => clauseOf(name) !== undefined) + 1);
  const last = asked.at(-1);
  const open = asked.slice(0, -1).filter(({ name }) => clauseOf(name)?.asks?.operator !== "=");
  if (last !== undefined && open.length > 0) {
    throw sortKeyGap(
      open.map(({ name }) => name),
      last.name,
    );
  }
  // A clause that is left is on no key attribute of the schema; the service names what it could have been on.
  const next = sortKeys[asked.length];
  if (next !== undefined && clauses.length > partitionKeys.length + asked.length)
    throw missingKeyCondition(next.name);
  return asked;
}

function askedOf({ clauses }: KeyCondition, { name, type }: KeyAttribute): SortKeyCondition {
  const clause = clauses.find((candidate) => candidate.name === name);
  if (clause === undefined) throw missingKeyCondition(name);
  if (clause.asks === undefined) throw keyConditionNotIndexable();
  if (valuesOf(clause.asks).some((value) => value[type] === undefined)) throw keyConditionTypeMismatch();
  return clause.asks;
}

/** The values that a condition on a key names. */
export function valuesOf(asks: SortKeyCondition): readonly AttributeValue[] {
  switch (asks.operator) {
    case "=":
    case "<":
    case "<=":
    case ">":
    case ">=":
      return [asks.value];
    case "between":
      return [asks.low, asks.high];
    case "begins_with":
      return [asks.prefix];
    default:
      return unreachable(asks);
  }
}
