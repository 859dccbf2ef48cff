import { InvariantError, unreachable } from "../base/assert.ts";
import { base64Size } from "../base/base64.ts";
import { emptyItem, kindOf } from "../model/attribute-value.ts";
import type { AttributeValue, Item } from "../model/attribute-value.ts";
import { compareValues, equalValues } from "../values/compare.ts";
import type { Call, Comparison, ConditionTree, Operand } from "./ast.ts";
import { headOf, pathAt, valueAt, valueIn, type Scope } from "./scope.ts";
import { beginsWith, contains } from "./substance.ts";

/** A condition or filter, ready to be held against items. */
export interface Condition {
  readonly tree: ConditionTree;
  readonly scope: Scope;
}

const absentItem: Item = emptyItem();

/** Whether `condition` is true of `item`; an absent item is one without attributes. */
export function holds({ tree, scope }: Condition, item: Item | undefined): boolean {
  return isTrue(tree, scope, item ?? absentItem);
}

/** The attributes that `condition` looks at or into, in the order in which it names them first. */
export function attributesOf({ scope }: Condition): readonly string[] {
  return [...new Set(scope.paths.map((_, slot) => headOf(pathAt(scope, slot))))];
}

function isTrue(tree: ConditionTree, scope: Scope, item: Item): boolean {
  switch (tree.kind) {
    case "and":
      return isTrue(tree.left, scope, item) && isTrue(tree.right, scope, item);
    case "or":
      return isTrue(tree.left, scope, item) || isTrue(tree.right, scope, item);
    case "not":
      return !isTrue(tree.condition, scope, item);
    case "compare":
      return compares(tree, scope, item);
    case "between": {
      const value = operandValue(tree.operand, scope, item);
      const low = operandValue(tree.low, scope, item);
      const high = operandValue(tree.high, scope, item);
      return isAtLeast(value, low) && isAtLeast(high, value);
    }
    case "in": {
      const value = operandValue(tree.operand, scope, item);
      if (value === undefined) return false;
      for (const candidate of tree.candidates) {
        const other = operandValue(candidate, scope, item);
        if (other !== undefined && equalValues(value, other)) return true;
      }
      return false;
    }
    case "call":
      return predicateHolds(tree, scope, item);
    default:
      return unreachable(tree);
  }
}

/** With an absent operand only `<>` is true. Values without a common order are neither less nor greater. */
function compares({ comparator, left, right }: Comparison, scope: Scope, item: Item): boolean {
  const one = operandValue(left, scope, item);
  const two = operandValue(right, scope, item);
  if (one === undefined || two === undefined) return comparator === "<>";
  if (comparator === "=") return equalValues(one, two);
  if (comparator === "<>") return !equalValues(one, two);
  const order = compareValues(one, two);
  if (order === undefined) return false;
  switch (comparator) {
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
  }
}

function isAtLeast(value: AttributeValue | undefined, bound: AttributeValue | undefined): boolean {
  if (value === undefined || bound === undefined) return false;
  const order = compareValues(value, bound);
  return order !== undefined && order >= 0;
}

function predicateHolds({ name, operands }: Call, scope: Scope, item: Item): boolean {
  const first = operandValue(operands[0], scope, item);
  if (name === "attribute_exists") return first !== undefined;
  if (name === "attribute_not_exists") return first === undefined;
  const second = operandValue(operands[1], scope, item);
  if (first === undefined || second === undefined) return false;
  switch (name) {
    case "attribute_type":
      return kindOf(first) === second.S;
    case "begins_with":
      return beginsWith(first, second);
    case "contains":
      return contains(first, second);
    case "size":
    case "if_not_exists":
    case "list_append":
      throw new InvariantError(`${name} is no condition`);
    default:
      return unreachable(name);
  }
}

function operandValue(operand: Operand | undefined, scope: Scope, item: Item): AttributeValue | undefined {
  if (operand === undefined) return undefined;
  switch (operand.kind) {
    case "path":
      return valueIn(item, pathAt(scope, operand.slot));
    case "value":
      return valueAt(scope, operand.slot);
    case "call":
      return sizeOf(operandValue(operand.operands[0], scope, item));
    case "truth":
      return { BOOL: isTrue(operand.condition, scope, item) };
    default:
      return unreachable(operand);
  }
}

/** Strings are measured in UTF-16 code units, as the service does. Numbers, booleans and nulls have no size. */
function sizeOf(value: AttributeValue | undefined): AttributeValue | undefined {
  const size = value === undefined ? undefined : countOf(value);
  return size === undefined ? undefined : { N: String(size) };
}

function countOf(value: AttributeValue): number | undefined {
  if (value.S !== undefined) return value.S.length;
  if (value.B !== undefined) return base64Size(value.B);
  if (value.M !== undefined) return Object.keys(value.M).length;
  return (value.L ?? value.SS ?? value.NS ?? value.BS)?.length;
}
