import { assert, unreachable } from "../base/assert.ts";
import { kindOf, type AttributeKind, type AttributeValue } from "../model/attribute-value.ts";
import {
  argumentsOfDifferentTypes,
  reversedBounds,
  wrongArgumentCount,
  wrongArgumentType,
} from "../model/messages/legacy-conditions.ts";
import type { Condition as LegacyCondition } from "../model/types.generated.ts";
import { compareValues } from "../values/compare.ts";
import type { Comparator, ConditionTree, Operand, PredicateName } from "./ast.ts";
import type { KeyClause } from "./key-condition.ts";

/** One attribute held against values, as the older parameters state it. */
export interface Comparison {
  readonly attribute: string;
  readonly operator: ComparisonOperator;
  readonly values: readonly AttributeValue[];
}

type ComparisonOperator = LegacyCondition["ComparisonOperator"];

interface OperatorRule {
  /** "some": one or more. */
  readonly arguments: number | "some";
  readonly types: readonly AttributeKind[] | "all";
}

const scalars = ["S", "N", "B"] as const;

const operators: Readonly<Record<ComparisonOperator, OperatorRule>> = {
  EQ: { arguments: 1, types: "all" },
  NE: { arguments: 1, types: "all" },
  LE: { arguments: 1, types: scalars },
  LT: { arguments: 1, types: scalars },
  GE: { arguments: 1, types: scalars },
  GT: { arguments: 1, types: scalars },
  BETWEEN: { arguments: 2, types: scalars },
  IN: { arguments: "some", types: scalars },
  CONTAINS: { arguments: 1, types: [...scalars, "BOOL", "NULL"] },
  NOT_CONTAINS: { arguments: 1, types: [...scalars, "BOOL", "NULL"] },
  BEGINS_WITH: { arguments: 1, types: ["S", "B"] },
  NULL: { arguments: 0, types: "all" },
  NOT_NULL: { arguments: 0, types: "all" },
};

/** How many values an operator takes. */
export function argumentCount(operator: ComparisonOperator): number | "some" {
  return operators[operator].arguments;
}

/** Refuses checked values that the operator cannot take. */
export function checkArguments({ operator, values }: Comparison): void {
  const rule = operators[operator];
  const fits = rule.arguments === "some" ? values.length > 0 : values.length === rule.arguments;
  if (!fits) throw wrongArgumentCount(operator);
  const [first, second] = values;
  if (first === undefined) return;
  const type = kindOf(first);
  if (values.some((value) => kindOf(value) !== type)) throw argumentsOfDifferentTypes();
  if (rule.types !== "all" && !rule.types.includes(type)) throw wrongArgumentType(operator, type);
  if (operator === "BETWEEN" && second !== undefined && (compareValues(first, second) ?? 0) > 0) {
    throw reversedBounds();
  }
}

/**
 * The comparison as a condition on the attribute in `slot`; its values take the next slots of `values`. An absent
 * attribute makes every operator false but NE and NULL.
 */
export function conditionOn(
  { operator, values: own }: Comparison,
  slot: number,
  values: AttributeValue[],
): ConditionTree {
  const attribute: Operand = { kind: "path", slot };
  const operands = own.map((value): Operand => ({ kind: "value", slot: values.push(value) - 1 }));
  const call = (name: PredicateName): ConditionTree => ({
    kind: "call",
    name,
    operands: [attribute, ...operands],
  });
  switch (operator) {
    case "BETWEEN":
      return { kind: "between", operand: attribute, low: at(operands, 0), high: at(operands, 1) };
    case "IN":
      return { kind: "in", operand: attribute, candidates: operands };
    case "CONTAINS":
      return call("contains");
    case "NOT_CONTAINS":
      return { kind: "and", left: exists(attribute), right: { kind: "not", condition: call("contains") } };
    case "BEGINS_WITH":
      return call("begins_with");
    case "NULL":
      return call("attribute_not_exists");
    case "NOT_NULL":
      return call("attribute_exists");
    case "EQ":
    case "NE":
    case "LE":
    case "LT":
    case "GE":
    case "GT":
      return {
        kind: "compare",
        comparator: comparators[operator],
        left: attribute,
        right: at(operands, 0),
      };
    default:
      return unreachable(operator);
  }
}

const comparators = {
  EQ: "=",
  NE: "<>",
  LE: "<=",
  LT: "<",
  GE: ">=",
  GT: ">",
} as const satisfies Partial<Record<ComparisonOperator, Comparator>>;

function exists(attribute: Operand): ConditionTree {
  return { kind: "call", name: "attribute_exists", operands: [attribute] };
}

/** The comparison as what a query asks of a key attribute. */
export function keyClauseOn({ attribute: name, operator, values }: Comparison): KeyClause {
  switch (operator) {
    case "EQ":
    case "LE":
    case "LT":
    case "GE":
    case "GT":
      return { name, asks: { operator: comparators[operator], value: at(values, 0) } };
    case "BETWEEN":
      return { name, asks: { operator: "between", low: at(values, 0), high: at(values, 1) } };
    case "BEGINS_WITH":
      return { name, asks: { operator: "begins_with", prefix: at(values, 0) } };
    case "NE":
    case "IN":
    case "CONTAINS":
    case "NOT_CONTAINS":
    case "NULL":
    case "NOT_NULL":
      return { name, asks: undefined };
    default:
      return unreachable(operator);
  }
}

function at<Element>(elements: readonly Element[], index: number): Element {
  const element = elements[index];
  assert(element !== undefined, "an operator has its arguments");
  return element;
}
