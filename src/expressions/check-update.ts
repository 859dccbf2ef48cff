import { assert } from "../base/assert.ts";
import { kindOf } from "../model/attribute-value.ts";
import {
  conflictingPaths,
  overlappingPaths,
  pathRequired,
  undefinedName,
  undefinedValue,
  wrongOperandCount,
  wrongOperandType,
  wrongSectionOperandType,
  type ExpressionParameter,
} from "../model/messages/expressions.ts";
import type { Action, Call, Operand, Parsed, Path, SetValue, UpdateTree } from "./ast.ts";
import { functionRule } from "./functions.ts";
import { clashOf } from "./path-tree.ts";
import { nameOf, scopeOf, valueAt, type Placeholders, type Scope } from "./scope.ts";
import { targetPaths, updateOf, type Update } from "./update.ts";

/** Resolves an update, refusing what its placeholders make of it: one kind of fault after the other. */
export function checkUpdate(parsed: Parsed<UpdateTree>, placeholders: Placeholders): Update {
  checkDefined(parsed, placeholders, "UpdateExpression");
  const scope = scopeOf(parsed, placeholders);
  const update = updateOf(parsed.tree, scope);
  if (update === undefined) throwClash("UpdateExpression", targetPaths(parsed.tree, scope));
  for (const action of parsed.tree) checkSectionOperand(action, scope);
  checkSetValues(parsed.tree, scope, "UpdateExpression");
  return update;
}

/** Refuses what SET gives its targets where values cannot be computed like that. */
export function checkSetValues(actions: UpdateTree, scope: Scope, parameter: ExpressionParameter): void {
  for (const action of actions) {
    if (action.kind === "set") checkSetValue(action.value, scope, parameter);
  }
}

/** Refuses a text that uses a placeholder the request does not define: names come before values. */
export function checkDefined(
  { names, values }: Parsed<unknown>,
  placeholders: Placeholders,
  parameter: ExpressionParameter,
): void {
  for (const name of names) {
    if (nameOf(placeholders.names, name) === undefined) throw undefinedName(parameter, name);
  }
  for (const value of values) {
    if (!Object.hasOwn(placeholders.values, value)) throw undefinedValue(parameter, value);
  }
}

/** Refuses paths that have no tree. */
export function throwClash(parameter: ExpressionParameter, paths: readonly Path[]): never {
  const clash = clashOf(paths);
  assert(clash !== undefined, "paths without a tree clash");
  const refusal = clash.kind === "overlap" ? overlappingPaths : conflictingPaths;
  throw refusal(parameter, clash.one, clash.two);
}

function checkSectionOperand(action: Action, scope: Scope): void {
  if (action.kind !== "add" && action.kind !== "delete") return;
  const type = kindOf(valueAt(scope, action.value));
  if (type === "SS" || type === "NS" || type === "BS") return;
  if (action.kind === "add" && type === "N") return;
  throw wrongSectionOperandType(action.kind.toUpperCase(), type);
}

function checkSetValue(value: SetValue, scope: Scope, parameter: ExpressionParameter): void {
  if (value.kind === "call") checkCall(value, scope, parameter);
  else if (value.kind === "arithmetic") {
    const operands = [value.left, value.right];
    for (const operand of operands) checkSetValue(operand, scope, parameter);
    checkType({ operator: value.operator, operands }, scope, parameter);
  }
}

function checkCall({ name, operands }: Call, scope: Scope, parameter: ExpressionParameter): void {
  for (const operand of operands) checkSetValue(operand, scope, parameter);
  const rule = functionRule(name);
  if (operands.length !== rule.operands) throw wrongOperandCount(parameter, name, operands.length);
  if (rule.needsPath && operands[0]?.kind !== "path") throw pathRequired(parameter, name);
  if (name === "list_append") checkType({ operator: name, operands }, scope, parameter);
}

interface TypedOperation {
  readonly operator: "+" | "-" | "list_append";
  readonly operands: readonly Operand[];
}

/** Only values given in the request have a type to be seen: what functions give shows when the update is applied. */
function checkType(
  { operator, operands }: TypedOperation,
  scope: Scope,
  parameter: ExpressionParameter,
): void {
  const wanted = operator === "list_append" ? "L" : "N";
  for (const operand of operands) {
    const type = operand.kind === "value" ? kindOf(valueAt(scope, operand.slot)) : wanted;
    if (type !== wanted) throw wrongOperandType(parameter, operator, type);
  }
}
