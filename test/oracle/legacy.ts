import type { Condition } from "./conditions.ts";
import type { Value } from "./values.ts";

/** A condition as Expected, QueryFilter and ScanFilter state it: one comparison for each of several attributes. */
export interface LegacyCondition {
  readonly operator: "AND" | "OR";
  /** At least one; no attribute twice. */
  readonly terms: readonly LegacyTerm[];
}

export interface LegacyTerm {
  readonly name: string;
  readonly operator:
    | "EQ"
    | "NE"
    | "LT"
    | "LE"
    | "GT"
    | "GE"
    | "BETWEEN"
    | "IN"
    | "NULL"
    | "NOT_NULL"
    | "CONTAINS"
    | "BEGINS_WITH";
  /** As many as the operator wants, of one type. */
  readonly values: readonly Value[];
}

const comparators = { EQ: "=", NE: "<>", LT: "<", LE: "<=", GT: ">", GE: ">=" } as const;

/** The same condition as the tree that the oracle evaluates. */
export function treeOf({ operator, terms }: LegacyCondition): Condition {
  const kind = operator === "AND" ? "and" : "or";
  const [first, ...rest] = terms.map(treeOfTerm);
  if (first === undefined) throw new Error("a legacy condition has a term");
  return rest.reduce((left, right) => ({ kind, left, right }), first);
}

/** The members of a request that state the condition; `member` is the name of the map. */
export function printLegacy(
  member: "Expected" | "QueryFilter" | "ScanFilter",
  condition: LegacyCondition,
): object {
  const entries = condition.terms.map(({ name, operator, values }) => [name, printTerm(operator, values)]);
  const map = { [member]: Object.fromEntries(entries) as object };
  return condition.terms.length < 2 ? map : { ...map, ConditionalOperator: condition.operator };
}

export function printTerm(operator: string, values: readonly Value[]): object {
  return {
    ComparisonOperator: operator,
    ...(values.length === 0 ? {} : { AttributeValueList: values }),
  };
}

function treeOfTerm({ name, operator, values }: LegacyTerm): Condition {
  const path = [name];
  const [first = { NULL: true }, second = first] = values;
  switch (operator) {
    case "BETWEEN":
      return { kind: "between", operand: { path }, low: first, high: second };
    case "IN":
      return { kind: "in", operand: { path }, candidates: values };
    case "NULL":
      return { kind: "absent", path };
    case "NOT_NULL":
      return { kind: "exists", path };
    case "CONTAINS":
      return { kind: "contains", path, part: first };
    case "BEGINS_WITH":
      return { kind: "begins", path, prefix: first };
    case "EQ":
    case "NE":
    case "LT":
    case "LE":
    case "GT":
    case "GE":
      return { kind: "compare", comparator: comparators[operator], left: { path }, right: { value: first } };
  }
}
