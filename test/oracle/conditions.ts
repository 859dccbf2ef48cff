import { bytesOf, equal, order, valueAt, type Item, type Path, type Value } from "./values.ts";
import type { Placeholders } from "./placeholders.ts";

/** Conditions as trees: the oracle evaluates the tree and never sees the text that the server parses. */
export type Condition =
  | { readonly kind: "and" | "or"; readonly left: Condition; readonly right: Condition }
  | { readonly kind: "not"; readonly inner: Condition }
  | {
      readonly kind: "compare";
      readonly comparator: Comparator;
      readonly left: Operand;
      readonly right: Operand;
    }
  | { readonly kind: "between"; readonly operand: Operand; readonly low: Value; readonly high: Value }
  | { readonly kind: "in"; readonly operand: Operand; readonly candidates: readonly Value[] }
  | { readonly kind: "exists" | "absent"; readonly path: Path }
  | { readonly kind: "type"; readonly path: Path; readonly type: string }
  | { readonly kind: "begins"; readonly path: Path; readonly prefix: Value }
  | { readonly kind: "contains"; readonly path: Path; readonly part: Value };

export type Comparator = "=" | "<>" | "<" | "<=" | ">" | ">=";
export type Operand = { readonly path: Path } | { readonly value: Value } | { readonly sizeOf: Path };

/** The expression text of a condition. Every nested condition gets parentheses, except where `bare` lets them go. */
export function printCondition(condition: Condition, to: Placeholders): string {
  const path = (steps: Path): string => to.path(steps);
  switch (condition.kind) {
    case "and":
    case "or":
      return `(${printCondition(condition.left, to)}) ${condition.kind} (${printCondition(condition.right, to)})`;
    case "not":
      return `NOT (${printCondition(condition.inner, to)})`;
    case "compare":
      return `${printOperand(condition.left, to)} ${condition.comparator} ${printOperand(condition.right, to)}`;
    case "between":
      return `${printOperand(condition.operand, to)} BETWEEN ${to.value(condition.low)} AND ${to.value(condition.high)}`;
    case "in":
      return `${printOperand(condition.operand, to)} IN (${condition.candidates.map((value) => to.value(value)).join()})`;
    case "exists":
      return `attribute_exists(${path(condition.path)})`;
    case "absent":
      return `attribute_not_exists(${path(condition.path)})`;
    case "type":
      return `attribute_type(${path(condition.path)}, ${to.value({ S: condition.type })})`;
    case "begins":
      return `begins_with(${path(condition.path)}, ${to.value(condition.prefix)})`;
    case "contains":
      return `contains(${path(condition.path)}, ${to.value(condition.part)})`;
  }
}

/** Whether the condition holds for an item; for an absent one give `{}`. */
export function meets(item: Item, condition: Condition): boolean {
  switch (condition.kind) {
    case "and":
      return meets(item, condition.left) && meets(item, condition.right);
    case "or":
      return meets(item, condition.left) || meets(item, condition.right);
    case "not":
      return !meets(item, condition.inner);
    case "compare":
      return compares(
        operandOf(item, condition.left),
        condition.comparator,
        operandOf(item, condition.right),
      );
    case "between": {
      const operand = operandOf(item, condition.operand);
      return compares(operand, ">=", condition.low) && compares(operand, "<=", condition.high);
    }
    case "in": {
      const operand = operandOf(item, condition.operand);
      return condition.candidates.some((candidate) => compares(operand, "=", candidate));
    }
    case "exists":
      return valueAt(item, condition.path) !== undefined;
    case "absent":
      return valueAt(item, condition.path) === undefined;
    case "type":
      return Object.keys(valueAt(item, condition.path) ?? {})[0] === condition.type;
    case "begins":
      return beginsWith(valueAt(item, condition.path), condition.prefix);
    case "contains":
      return contains(valueAt(item, condition.path), condition.part);
  }
}

export function beginsWith(value: Value | undefined, prefix: Value): boolean {
  if (value === undefined) return false;
  if ("S" in value && "S" in prefix) return value.S.startsWith(prefix.S);
  if (!("B" in value && "B" in prefix)) return false;
  const start = bytesOf(prefix.B);
  return bytesOf(value.B).subarray(0, start.length).equals(start);
}

export function compares(left: Value | undefined, comparator: Comparator, right: Value | undefined): boolean {
  if (left === undefined || right === undefined) return comparator === "<>";
  if (comparator === "=") return equal(left, right);
  if (comparator === "<>") return !equal(left, right);
  const sign = order(left, right);
  if (sign === undefined) return false;
  if (comparator === "<") return sign < 0;
  if (comparator === "<=") return sign <= 0;
  return comparator === ">" ? sign > 0 : sign >= 0;
}

function contains(value: Value | undefined, part: Value): boolean {
  if (value === undefined) return false;
  if ("S" in value) return "S" in part && value.S.includes(part.S);
  if ("B" in value) return "B" in part && bytesOf(value.B).includes(bytesOf(part.B));
  if ("SS" in value) return "S" in part && value.SS.includes(part.S);
  if ("NS" in value) return "N" in part && value.NS.some((number) => Number(number) === Number(part.N));
  if ("BS" in value) return "B" in part && value.BS.includes(part.B);
  return "L" in value && value.L.some((element) => equal(element, part));
}

function operandOf(item: Item, operand: Operand): Value | undefined {
  if ("value" in operand) return operand.value;
  if ("path" in operand) return valueAt(item, operand.path);
  const size = sizeOf(valueAt(item, operand.sizeOf));
  return size === undefined ? undefined : { N: String(size) };
}

function sizeOf(value: Value | undefined): number | undefined {
  if (value === undefined) return undefined;
  if ("S" in value) return value.S.length;
  if ("B" in value) return bytesOf(value.B).length;
  if ("M" in value) return Object.keys(value.M).length;
  for (const list of Object.values(value)) if (Array.isArray(list)) return list.length;
  return undefined;
}

function printOperand(operand: Operand, to: Placeholders): string {
  if ("value" in operand) return to.value(operand.value);
  return "path" in operand ? to.path(operand.path) : `size(${to.path(operand.sizeOf)})`;
}
