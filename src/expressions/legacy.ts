/** The conditions of parameters that expressions have replaced, as the same trees. */
import type { AttributeValue } from "../model/attribute-value.ts";
import { wrongKeyConditionCount } from "../model/messages/key-conditions.ts";
import {
  existsBesideOperator,
  listWithoutOperator,
  operatorOfOneCondition,
  operatorWithoutConditions,
  operatorWithoutValue,
  valueBesideList,
  valueMissing,
  valueOfAbsentAttribute,
} from "../model/messages/legacy-conditions.ts";
import type {
  Condition as LegacyCondition,
  ExpectedAttributeValue,
  QueryInput,
} from "../model/types.generated.ts";
import type { Wording } from "../model/wording.ts";
import { checkValue } from "../values/check.ts";
import type { Condition } from "./evaluate.ts";
import type { KeyCondition } from "./key-condition.ts";
import {
  argumentCount,
  checkArguments,
  conditionOn,
  keyClauseOn,
  type Comparison,
} from "./legacy-comparison.ts";

type ConditionalOperator = QueryInput["ConditionalOperator"];
type ByAttribute<Element> = Readonly<Record<string, Element>>;

/** The condition of a write, as `Expected` states it; undefined where it states none. */
export function expectedCondition(
  expected: ByAttribute<ExpectedAttributeValue> | undefined,
  conditionalOperator: ConditionalOperator,
  wording: Wording,
): Condition | undefined {
  const read = (entry: ExpectedAttributeValue, attribute: string) =>
    expectedComparison(entry, attribute, wording);
  return joined(comparisons(expected, { read, conditionalOperator, wording }), conditionalOperator);
}

/** The filter of a page, as `QueryFilter` or `ScanFilter` states it; undefined where it states none. */
export function filterCondition(
  filter: ByAttribute<LegacyCondition> | undefined,
  conditionalOperator: ConditionalOperator,
  wording: Wording,
): Condition | undefined {
  const read = (entry: LegacyCondition, attribute: string) => listComparison(entry, attribute, wording);
  return joined(comparisons(filter, { read, conditionalOperator, wording }), conditionalOperator);
}

/**
 * Which keys a query reads, as `KeyConditions` states it. The key of a table has two attributes at most, whatever the
 * table; that of an index may have more.
 */
export function keyConditionsCondition(
  keyConditions: ByAttribute<LegacyCondition>,
  { of, wording }: { readonly of: "table" | "index"; readonly wording: Wording },
): KeyCondition {
  const clauses = Object.entries(keyConditions).map(([attribute, entry]) =>
    keyClauseOn(listComparison(entry, attribute, wording)),
  );
  if (clauses.length < 1 || (of === "table" && clauses.length > 2)) throw wrongKeyConditionCount();
  return { clauses, style: "legacy" };
}

interface Reading<Entry> {
  readonly read: (entry: Entry, attribute: string) => Comparison;
  readonly conditionalOperator: ConditionalOperator;
  readonly wording: Wording;
}

/** The older layer looks at the conditions before it looks at what joins them, the newer after. */
function comparisons<Entry>(
  entries: ByAttribute<Entry> | undefined,
  { read, conditionalOperator, wording }: Reading<Entry>,
): readonly Comparison[] {
  const attributes = Object.entries(entries ?? {});
  const check = () => {
    if (conditionalOperator === undefined) return;
    if (attributes.length === 0) throw operatorWithoutConditions();
    if (attributes.length === 1) throw operatorOfOneCondition();
  };
  if (wording !== "older") check();
  const all = attributes.map(([attribute, entry]) => read(entry, attribute));
  if (wording === "older") check();
  return all;
}

/** All of the comparisons, or with OR any. */
function joined(all: readonly Comparison[], conditionalOperator: ConditionalOperator): Condition | undefined {
  const values: AttributeValue[] = [];
  const trees = all.map((comparison, slot) => conditionOn(comparison, slot, values));
  const [first, ...others] = trees;
  if (first === undefined) return undefined;
  const kind = conditionalOperator === "OR" ? "or" : "and";
  const tree = others.reduce((left, right) => ({ kind, left, right }), first);
  return { tree, scope: { paths: all.map(({ attribute }) => [attribute]), values } };
}

function listComparison(entry: LegacyCondition, attribute: string, wording: Wording): Comparison {
  return checkedComparison(
    { attribute, operator: entry.ComparisonOperator, values: entry.AttributeValueList ?? [] },
    wording,
  );
}

function expectedComparison(entry: ExpectedAttributeValue, attribute: string, wording: Wording): Comparison {
  const { Value: value, AttributeValueList: list, ComparisonOperator: operator, Exists: exists } = entry;
  if (value !== undefined && list !== undefined) throw valueBesideList(attribute);
  if (operator !== undefined) {
    if (exists !== undefined) throw existsBesideOperator(attribute);
    const given = list ?? (value === undefined ? undefined : [value]);
    if (given === undefined && argumentCount(operator) !== 0) throw operatorWithoutValue(operator, attribute);
    return checkedComparison({ attribute, operator, values: given ?? [] }, wording);
  }
  if (list !== undefined) throw listWithoutOperator(attribute);
  if (exists === false) {
    if (value !== undefined) throw valueOfAbsentAttribute(attribute);
    return { attribute, operator: "NULL", values: [] };
  }
  if (value === undefined) throw valueMissing(exists ?? null, attribute);
  return checkedComparison({ attribute, operator: "EQ", values: [value] }, wording);
}

function checkedComparison({ attribute, operator, values }: Comparison, wording: Wording): Comparison {
  const comparison = { attribute, operator, values: values.map((value) => checkValue(value, wording)) };
  checkArguments(comparison);
  return comparison;
}
