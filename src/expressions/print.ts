/** Trees as texts that parse into the same trees: for tests and for whoever wants to see a tree. */
import { unreachable } from "../base/assert.ts";
import type { Action, ConditionTree, Operand, Parsed, ProjectionTree, SetValue, UpdateTree } from "./ast.ts";

/** Everything that binds is in parentheses, so that the text shows the tree. */
export function printCondition(parsed: Parsed<ConditionTree>): string {
  return new Printer(parsed).condition(parsed.tree);
}

export function printUpdate(parsed: Parsed<UpdateTree>): string {
  const printer = new Printer(parsed);
  let text = "";
  let section = "";
  for (const action of parsed.tree) {
    const next = sectionOf(action);
    text += next === section ? ", " : `${text === "" ? "" : " "}${next} `;
    section = next;
    text += printer.action(action);
  }
  return text;
}

export function printProjection(parsed: Parsed<ProjectionTree>): string {
  const printer = new Printer(parsed);
  return parsed.tree.map((slot) => printer.path(slot)).join(", ");
}

/** The changes of AttributeUpdates print as those of expressions. */
function sectionOf({ kind }: Action): string {
  return kind.replace("legacy-", "").toUpperCase();
}

class Printer {
  readonly #parsed: Parsed<unknown>;

  constructor(parsed: Parsed<unknown>) {
    this.#parsed = parsed;
  }

  condition(tree: ConditionTree): string {
    switch (tree.kind) {
      case "and":
      case "or":
        return `${this.#nested(tree.left)} ${tree.kind.toUpperCase()} ${this.#nested(tree.right)}`;
      case "not":
        return `NOT ${this.#nested(tree.condition)}`;
      case "compare":
        return `${this.#value(tree.left)} ${tree.comparator} ${this.#value(tree.right)}`;
      case "between": {
        const bounds = `${this.#value(tree.low)} AND ${this.#value(tree.high)}`;
        return `${this.#value(tree.operand)} BETWEEN ${bounds}`;
      }
      case "in":
        return `${this.#value(tree.operand)} IN (${this.#values(tree.candidates)})`;
      case "call":
        return this.#value(tree);
      default:
        return unreachable(tree);
    }
  }

  action(action: Action): string {
    const target = this.path(action.target);
    if (action.kind === "remove") return target;
    if (action.kind === "set") return `${target} = ${this.#value(action.value)}`;
    return `${target} ${this.#placeholder(action.value)}`;
  }

  path(slot: number): string {
    const steps = this.#parsed.paths[slot] ?? [];
    return steps
      .map((step, index) => (typeof step === "number" ? `[${step}]` : `${index === 0 ? "" : "."}${step}`))
      .join("");
  }

  #nested(tree: ConditionTree): string {
    const binds = tree.kind === "and" || tree.kind === "or" || tree.kind === "not";
    return binds ? `(${this.condition(tree)})` : this.condition(tree);
  }

  #values(operands: readonly Operand[]): string {
    return operands.map((operand) => this.#value(operand)).join(", ");
  }

  #value(operand: SetValue): string {
    switch (operand.kind) {
      case "path":
        return this.path(operand.slot);
      case "value":
        return this.#placeholder(operand.slot);
      case "call":
        return `${operand.name}(${this.#values(operand.operands)})`;
      case "arithmetic":
        return `${this.#value(operand.left)} ${operand.operator} ${this.#value(operand.right)}`;
      default:
        return unreachable(operand);
    }
  }

  #placeholder(slot: number): string {
    return this.#parsed.values[slot] ?? "";
  }
}
