import type { AttributeValue } from "../../model/attribute-value.ts";
import type { SortKeyCondition } from "../../values/sort-key-condition.ts";
import type { Comparator, ConditionTree, Operand } from "../ast.ts";
import { pathAt, valueAt, type Scope } from "../scope.ts";

/** What one clause asks of one attribute in a way that an index answers: to meet any of `asks`. */
export interface KeyClause {
  readonly name: string;
  readonly asks: readonly SortKeyCondition[];
}

/** Reads `clause` as a condition on a key attribute; undefined where it is none. */
export function keyClauseOf(clause: ConditionTree, scope: Scope): KeyClause | undefined {
  switch (clause.kind) {
    case "compare":
      return comparison(clause.comparator, clause.left, clause.right, scope);
    case "between": {
      const name = attributeNamed(clause.operand, scope);
      const low = constantOf(clause.low, scope);
      const high = constantOf(clause.high, scope);
      if (name === undefined || low === undefined || high === undefined) return undefined;
      return { name, asks: [{ operator: "between", low, high }] };
    }
    case "in": {
      const name = attributeNamed(clause.operand, scope);
      const values = constantsOf(clause.candidates, scope);
      if (name === undefined || values.length === 0) return undefined;
      return { name, asks: values.map((value) => ({ operator: "=", value })) };
    }
    case "call": {
      const [operand, prefix] = clause.operands;
      const name = clause.name === "begins_with" ? attributeNamed(operand, scope) : undefined;
      const value = constantOf(prefix, scope);
      return name === undefined || value === undefined
        ? undefined
        : { name, asks: [{ operator: "begins_with", prefix: value }] };
    }
    case "and":
    case "or":
    case "not":
      return undefined;
  }
}

/** Whether `clause` says of `name` what it must not be: the service reads such a clause apart from all others. */
export function excludes(clause: ConditionTree, name: string, scope: Scope): boolean {
  if (clause.kind === "compare" && clause.comparator === "<>") {
    return attributeNamed(clause.left, scope) === name || attributeNamed(clause.right, scope) === name;
  }
  if (clause.kind !== "not") return false;
  const { condition } = clause;
  if (condition.kind === "and" || condition.kind === "or") {
    return [condition.left, condition.right].some((part) => mentions(part, name, scope));
  }
  return mentions(condition, name, scope);
}

function mentions(clause: ConditionTree, name: string, scope: Scope): boolean {
  if (clause.kind === "and" || clause.kind === "or") {
    return mentions(clause.left, name, scope) || mentions(clause.right, name, scope);
  }
  return keyClauseOf(clause, scope)?.name === name || excludes(clause, name, scope);
}

function comparison(
  comparator: Comparator,
  left: Operand,
  right: Operand,
  scope: Scope,
): KeyClause | undefined {
  if (comparator === "<>") return undefined;
  const name = attributeNamed(left, scope);
  const isFirst = name !== undefined;
  const attribute = isFirst ? name : attributeNamed(right, scope);
  const value = constantOf(isFirst ? right : left, scope);
  if (attribute === undefined || value === undefined) return undefined;
  return { name: attribute, asks: [{ operator: isFirst ? comparator : mirrored[comparator], value }] };
}

const mirrored = { "=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<=" } as const;

/** The attribute that `operand` is as a whole. */
function attributeNamed(operand: Operand | undefined, scope: Scope): string | undefined {
  if (operand?.kind !== "path") return undefined;
  const [name, ...more] = pathAt(scope, operand.slot);
  return typeof name === "string" && more.length === 0 ? name : undefined;
}

function constantOf(operand: Operand | undefined, scope: Scope): AttributeValue | undefined {
  return operand?.kind === "value" ? valueAt(scope, operand.slot) : undefined;
}

/** None unless all of them are constants. */
function constantsOf(operands: readonly Operand[], scope: Scope): readonly AttributeValue[] {
  const values: AttributeValue[] = [];
  for (const operand of operands) {
    const value = constantOf(operand, scope);
    if (value === undefined) return [];
    values.push(value);
  }
  return values;
}
