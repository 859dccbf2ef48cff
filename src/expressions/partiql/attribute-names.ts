import { unreachable } from "../../base/assert.ts";
import type { ConditionTree, Operand } from "../ast.ts";
import { headOf, pathAt, type Scope } from "../scope.ts";

/** The top-level attributes that the conditions look at or into, in the order in which they name them first. */
export function attributesIn(trees: readonly ConditionTree[], scope: Scope): readonly string[] {
  const names = new Set<string>();
  for (const tree of trees) addNames(tree, scope, names);
  return [...names];
}

function addNames(tree: ConditionTree, scope: Scope, names: Set<string>): void {
  for (const part of partsOf(tree)) {
    if (part.kind === "path") names.add(headOf(pathAt(scope, part.slot)));
    else if (part.kind === "truth") addNames(part.condition, scope, names);
    else if (part.kind !== "value") addNames(part, scope, names);
  }
}

function partsOf(tree: ConditionTree): readonly (ConditionTree | Operand)[] {
  switch (tree.kind) {
    case "and":
    case "or":
    case "compare":
      return [tree.left, tree.right];
    case "not":
      return [tree.condition];
    case "between":
      return [tree.operand, tree.low, tree.high];
    case "in":
      return [tree.operand, ...tree.candidates];
    case "call":
      return tree.operands;
    default:
      return unreachable(tree);
  }
}
