import type { FunctionName } from "./ast.ts";

interface FunctionRule {
  readonly operands: number;
  /** What a call of it is: a condition by itself, a value in a condition, or a value in an update. */
  readonly gives: "condition" | "operand" | "update operand";
  /** Whether its first operand must be a path. */
  readonly needsPath: boolean;
}

const functions: Readonly<Record<FunctionName, FunctionRule>> = {
  attribute_exists: { operands: 1, gives: "condition", needsPath: true },
  attribute_not_exists: { operands: 1, gives: "condition", needsPath: true },
  attribute_type: { operands: 2, gives: "condition", needsPath: true },
  begins_with: { operands: 2, gives: "condition", needsPath: false },
  contains: { operands: 2, gives: "condition", needsPath: false },
  size: { operands: 1, gives: "operand", needsPath: false },
  if_not_exists: { operands: 2, gives: "update operand", needsPath: true },
  list_append: { operands: 2, gives: "update operand", needsPath: false },
};

export function isFunctionName(name: string): name is FunctionName {
  return Object.hasOwn(functions, name);
}

/** What each function takes and gives. */
export function functionRule(name: FunctionName): FunctionRule {
  return functions[name];
}
