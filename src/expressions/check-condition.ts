import { unreachable } from "../base/assert.ts";
import { kindOf, type AttributeKind } from "../model/attribute-value.ts";
import {
  boundsOfDifferentTypes,
  boundsReversed,
  operandsNotDistinct,
  pathRequired,
  undefinedName,
  undefinedValue,
  unknownTypeName,
  wrongOperandCount,
  wrongOperandType,
  type ExpressionParameter,
} from "../model/messages/expressions.ts";
import { compareValues } from "../values/compare.ts";
import type { Call, ConditionTree, Operand, Parsed, Path } from "./ast.ts";
import { functionRule } from "./functions.ts";
import { isPlaceholder, nameOf, scopeOf, type Placeholders, type Scope } from "./scope.ts";

/** Resolves a condition, refusing what its placeholders make of it: one clause after the other, as they are written. */
export function checkCondition(
  parsed: Parsed<ConditionTree>,
  placeholders: Placeholders,
  parameter: ExpressionParameter,
): Scope {
  const scope = scopeOf(parsed, placeholders);
  new ConditionCheck(scope, parameter, { parsed, placeholders }).tree(parsed.tree);
  return scope;
}

/** Refuses a condition of a statement for the types that its operands turn out to have. */
export function checkStatementCondition(tree: ConditionTree, scope: Scope): void {
  new ConditionCheck(scope, "Statement").tree(tree);
}

/** A text whose placeholders may be undefined. */
interface Written {
  readonly parsed: Parsed<unknown>;
  readonly placeholders: Placeholders;
}

const typeNames: ReadonlySet<string> = new Set<AttributeKind>([
  "S",
  "N",
  "B",
  "BOOL",
  "NULL",
  "SS",
  "NS",
  "BS",
  "L",
  "M",
]);

/** What the service calls the type of a path: any. The order is its own. */
const anyType = "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}";

type Clause = Exclude<ConditionTree, { readonly kind: "and" | "or" | "not" }>;

class ConditionCheck {
  readonly #scope: Scope;
  readonly #parameter: ExpressionParameter;
  readonly #written: Written | undefined;

  constructor(scope: Scope, parameter: ExpressionParameter, written?: Written) {
    this.#scope = scope;
    this.#parameter = parameter;
    this.#written = written;
  }

  tree(tree: ConditionTree): void {
    if (tree.kind === "and" || tree.kind === "or") {
      this.tree(tree.left);
      this.tree(tree.right);
    } else if (tree.kind === "not") this.tree(tree.condition);
    else this.#clause(tree);
  }

  #clause(clause: Clause): void {
    const operands = operandsOf(clause);
    if (this.#written !== undefined) this.#defined(operands, this.#written);
    this.#truths(operands);
    this.#counts(clause, operands);
    this.#distinct(operatorOf(clause), operands);
    this.#types(clause, operands);
  }

  #truths(operands: readonly Operand[]): void {
    for (const operand of operands) {
      if (operand.kind === "truth") this.tree(operand.condition);
      else if (operand.kind === "call") this.#truths(operand.operands);
    }
  }

  #defined(operands: readonly Operand[], written: Written): void {
    for (const operand of operands) {
      if (operand.kind === "call") this.#defined(operand.operands, written);
      else if (operand.kind === "path") this.#definedPath(operand.slot, written);
      else if (operand.kind === "value" && this.#scope.values[operand.slot] === undefined) {
        throw undefinedValue(this.#parameter, written.parsed.values[operand.slot] ?? "");
      }
    }
  }

  #definedPath(slot: number, { parsed, placeholders }: Written): void {
    if (this.#scope.paths[slot] !== undefined) return;
    for (const step of parsed.paths[slot] ?? []) {
      if (isPlaceholder(step) && nameOf(placeholders.names, step) === undefined) {
        throw undefinedName(this.#parameter, step);
      }
    }
  }

  #counts(clause: Clause | Operand, operands: readonly Operand[]): void {
    for (const operand of operands) {
      if (operand.kind === "call") this.#counts(operand, operand.operands);
    }
    if (clause.kind === "call" && operands.length !== functionRule(clause.name).operands) {
      throw wrongOperandCount(this.#parameter, clause.name, operands.length);
    }
  }

  #distinct(operator: string, [first, ...others]: readonly Operand[]): void {
    const path = this.#path(first);
    if (path === undefined) return;
    for (const other of others) {
      const otherPath = this.#path(other);
      if (otherPath !== undefined && isSamePath(path, otherPath)) {
        throw operandsNotDistinct(this.#parameter, operator, path);
      }
    }
  }

  #path(operand: Operand | undefined): Path | undefined {
    return operand?.kind === "path" ? this.#scope.paths[operand.slot] : undefined;
  }

  #types(clause: Clause | Operand, operands: readonly Operand[]): void {
    for (const operand of operands) {
      if (operand.kind === "call") this.#types(operand, operand.operands);
    }
    if (clause.kind === "call") this.#callTypes(clause);
    else if (clause.kind === "between") {
      this.#notOfType(unordered, "BETWEEN", operands);
      this.#bounds(clause.low, clause.high);
    } else if (clause.kind === "compare" && clause.comparator !== "=" && clause.comparator !== "<>") {
      this.#notOfType(unordered, clause.comparator, operands);
    }
  }

  #callTypes({ name, operands }: Call): void {
    const [first, second] = operands;
    if (functionRule(name).needsPath && first?.kind !== "path") throw pathRequired(this.#parameter, name);
    if (name === "begins_with") this.#notOfType(withoutBeginning, name, operands);
    if (name === "size") this.#notOfType(withoutSize, name, operands);
    if (name === "attribute_type" && second !== undefined) this.#typeName(second);
  }

  #typeName(operand: Operand): void {
    const type = this.#typeOf(operand);
    if (type !== "S") throw wrongOperandType(this.#parameter, "attribute_type", type ?? anyType);
    const name = this.#constant(operand)?.S ?? "";
    if (!typeNames.has(name)) throw unknownTypeName(this.#parameter, name);
  }

  #notOfType(types: ReadonlySet<AttributeKind>, operator: string, operands: readonly Operand[]): void {
    for (const operand of operands) {
      const type = this.#typeOf(operand);
      if (type !== undefined && types.has(type)) throw wrongOperandType(this.#parameter, operator, type);
    }
  }

  #bounds(lowOperand: Operand, highOperand: Operand): void {
    const low = this.#constant(lowOperand);
    const high = this.#constant(highOperand);
    if (low === undefined || high === undefined) return;
    const order = compareValues(low, high);
    if (order === undefined) throw boundsOfDifferentTypes(this.#parameter, low, high);
    if (order > 0) throw boundsReversed(this.#parameter, low, high);
  }

  /** Undefined for a path, which may lead to anything. */
  #typeOf(operand: Operand): AttributeKind | undefined {
    if (operand.kind === "call") return "N";
    if (operand.kind === "truth") return "BOOL";
    const value = this.#constant(operand);
    return value && kindOf(value);
  }

  #constant(operand: Operand): Scope["values"][number] {
    return operand.kind === "value" ? this.#scope.values[operand.slot] : undefined;
  }
}

const unordered: ReadonlySet<AttributeKind> = new Set(["BOOL", "NULL", "SS", "NS", "BS", "L", "M"]);
const withoutBeginning: ReadonlySet<AttributeKind> = new Set([...unordered, "N"]);
const withoutSize: ReadonlySet<AttributeKind> = new Set(["N", "BOOL", "NULL"]);

function isSamePath(one: Path, two: Path): boolean {
  return one.length === two.length && one.every((step, index) => step === two[index]);
}

function operatorOf(clause: Clause): string {
  switch (clause.kind) {
    case "compare":
      return clause.comparator;
    case "between":
    case "in":
      return clause.kind.toUpperCase();
    case "call":
      return clause.name;
    default:
      return unreachable(clause);
  }
}

function operandsOf(clause: Clause): readonly Operand[] {
  switch (clause.kind) {
    case "compare":
      return [clause.left, clause.right];
    case "between":
      return [clause.operand, clause.low, clause.high];
    case "in":
      return [clause.operand, ...clause.candidates];
    case "call":
      return clause.operands;
    default:
      return unreachable(clause);
  }
}
