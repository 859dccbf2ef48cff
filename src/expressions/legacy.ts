/** The parameters that expressions have replaced, as the same trees. */
import { assert } from "../base/assert.ts";
import { kindOf, type AttributeKind, type AttributeValue } from "../model/attribute-value.ts";
import { wrongKeyConditionCount } from "../model/messages/key-conditions.ts";
import {
  addNotSupported,
  deleteNotSupported,
  existsBesideOperator,
  listWithoutOperator,
  onlyDeleteWithoutValue,
  operatorOfOneCondition,
  operatorWithoutConditions,
  operatorWithoutValue,
  valueBesideList,
  valueMissing,
  valueOfAbsentAttribute,
} from "../model/messages/legacy-conditions.ts";
import { emptyAttributeName } from "../model/messages/values.ts";
import type {
  AttributeValueUpdate,
  Condition as LegacyCondition,
  ExpectedAttributeValue,
  QueryInput,
} from "../model/types.generated.ts";
import type { Wording } from "../model/wording.ts";
import { checkValue } from "../values/check.ts";
import type { Action } from "./ast.ts";
import type { Condition } from "./evaluate.ts";
import type { KeyCondition } from "./key-condition.ts";
import {
  argumentCount,
  checkArguments,
  conditionOn,
  keyClauseOn,
  type Comparison,
} from "./legacy-comparison.ts";
import { updateOf, type Update } from "./update.ts";

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

/** Which keys a query reads, as `KeyConditions` states it. */
export function keyConditionsCondition(
  keyConditions: ByAttribute<LegacyCondition>,
  wording: Wording,
): KeyCondition {
  const clauses = Object.entries(keyConditions).map(([attribute, entry]) =>
    keyClauseOn(listComparison(entry, attribute, wording)),
  );
  if (clauses.length < 1 || clauses.length > 2) throw wrongKeyConditionCount();
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

/** The update that `AttributeUpdates` states: it writes whole attributes only. */
export function attributeUpdatesUpdate(
  updates: Readonly<Record<string, AttributeValueUpdate>>,
  wording: Wording,
): Update {
  const names = Object.keys(updates);
  const values: AttributeValue[] = [];
  const actions = Object.values(updates).map((given, target) => {
    const value = given.Value === undefined ? undefined : checkValue(given.Value, wording);
    checkAction(given.Action, value);
    return actionOf(given.Action, target, value === undefined ? undefined : values.push(value) - 1);
  });
  if (names.includes("")) throw emptyAttributeName();
  const update = updateOf(actions, { paths: names.map((name) => [name]), values });
  assert(update !== undefined, "no name is twice in a map");
  return update;
}

type ActionName = AttributeValueUpdate["Action"];

const addable: ReadonlySet<AttributeKind> = new Set(["N", "SS", "NS", "BS", "L"]);
const deletable: ReadonlySet<AttributeKind> = new Set(["SS", "NS", "BS"]);

function checkAction(action: ActionName, value: AttributeValue | undefined): void {
  if (value === undefined) {
    if (action !== "DELETE") throw onlyDeleteWithoutValue();
    return;
  }
  const type = kindOf(value);
  if (action === "ADD" && !addable.has(type)) throw addNotSupported(type);
  if (action === "DELETE" && !deletable.has(type)) throw deleteNotSupported(type);
}

/** Without a value there is only DELETE, which then takes the attribute away. */
function actionOf(action: ActionName, target: number, value: number | undefined): Action {
  if (value === undefined) return { kind: "remove", target };
  if (action === "ADD") return { kind: "legacy-add", target, value };
  if (action === "DELETE") return { kind: "legacy-delete", target, value };
  return { kind: "set", target, value: { kind: "value", slot: value } };
}
