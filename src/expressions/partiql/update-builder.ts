import { kindOf } from "../../model/attribute-value.ts";
import type { AttributeKind, AttributeValue } from "../../model/attribute-value.ts";
import {
  setArgumentNotSet,
  setArgumentNotTarget,
  unrecognizedFunction,
  unsupportedOperation,
  wrongSetArgumentCount,
} from "../../model/messages/partiql.ts";
import type { Action, Operand, Path, SetValue, UpdateTree } from "../ast.ts";
import { checkSetValues, throwClash } from "../check-update.ts";
import { pathTree, type MapBranch } from "../path-tree.ts";
import type { Update } from "../update.ts";
import { positionOf } from "./lexer.ts";
import { isLiteral, literalValue } from "./literals.ts";
import { operationOf } from "./operation-name.ts";
import { isPath, pathOf } from "./paths.ts";
import { boundScope, boundValue, SlotList, type Slots, type SlotValue } from "./slots.ts";
import type { CallExpression, ChangeSyntax, Expression } from "./syntax.ts";

/** An update whose parameters are not known yet. */
export interface UpdateTemplate extends Slots {
  readonly actions: UpdateTree;
  readonly targets: MapBranch;
  /** The values that must turn out to be sets. */
  readonly sets: readonly SetArgument[];
}

interface SetArgument {
  readonly value: SlotValue;
  readonly functionName: string;
  readonly position: string;
}

/** The update of SET and REMOVE clauses; refuses what no update can do. `text`: the statement. */
export function buildUpdate(changes: readonly ChangeSyntax[], text: string): UpdateTemplate {
  return new UpdateBuilder(text).build(changes);
}

/** The update in one request; refuses operands of the wrong types. */
export function boundUpdate(template: UpdateTemplate, parameters: readonly AttributeValue[]): Update {
  for (const { value, functionName, position } of template.sets) {
    if (!isSet(boundValue(value, parameters))) throw setArgumentNotSet(functionName, position);
  }
  const scope = boundScope(template, parameters);
  checkSetValues(template.actions, scope, "Statement");
  return { actions: template.actions, scope, targets: template.targets };
}

const setFunctions: ReadonlyMap<string, "add" | "delete"> = new Map([
  ["set_add", "add"],
  ["set_delete", "delete"],
]);

const valueFunctions: ReadonlyMap<string, "list_append" | "if_not_exists"> = new Map([
  ["list_append", "list_append"],
  ["if_not_exists", "if_not_exists"],
]);

class UpdateBuilder {
  readonly #text: string;
  readonly #slots = new SlotList();
  readonly #sets: SetArgument[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  build(changes: readonly ChangeSyntax[]): UpdateTemplate {
    const actions = changes.map((change) => this.#action(change));
    const { paths, values } = this.#slots;
    const targetPaths = actions.map(({ target }) => paths[target] ?? []);
    const targets = pathTree(targetPaths);
    if (targets === undefined) throwClash("Statement", targetPaths);
    return { actions, targets, paths, values, sets: this.#sets };
  }

  #action(change: ChangeSyntax): Action {
    const path = pathOf(change.target, this.#text);
    const target = this.#slots.path(path);
    if (change.kind === "remove") return { kind: "remove", target };
    const kind = change.value.kind === "call" ? setFunctions.get(change.value.name) : undefined;
    if (kind === undefined || change.value.kind !== "call") {
      return { kind: "set", target, value: this.#value(change.value) };
    }
    return { kind, target, value: this.#members(change.value, path) };
  }

  /** What a set function adds or takes away, as its value slot. */
  #members({ name, operands, place }: CallExpression, target: Path): number {
    const functionName = name.toUpperCase();
    const position = positionOf(this.#text, place);
    const [first, second] = operands;
    if (first === undefined || second === undefined || operands.length > 2) {
      throw wrongSetArgumentCount(functionName, position);
    }
    if (!isPath(first) || !isSamePath(pathOf(first, this.#text), target)) {
      throw setArgumentNotTarget(functionName, position);
    }
    const argument = { functionName, position: positionOf(this.#text, first.place) };
    if (second.kind !== "parameter" && !isLiteral(second)) {
      throw setArgumentNotSet(functionName, argument.position);
    }
    const value = this.#slotValue(second);
    this.#sets.push({ ...argument, value });
    return this.#slots.value(value);
  }

  #value(expression: Expression): SetValue {
    if (expression.kind !== "binary") return this.#operand(expression);
    const { operator, left, right } = expression;
    if (operator !== "+" && operator !== "-") throw unsupportedOperation(operationOf(expression));
    return { kind: "arithmetic", operator, left: this.#operand(left), right: this.#operand(right) };
  }

  #operand(expression: Expression): Operand {
    if (isPath(expression)) return { kind: "path", slot: this.#slots.path(pathOf(expression, this.#text)) };
    if (expression.kind === "parameter" || isLiteral(expression)) {
      return { kind: "value", slot: this.#slots.value(this.#slotValue(expression)) };
    }
    if (expression.kind !== "call") throw unsupportedOperation(operationOf(expression));
    const name = valueFunctions.get(expression.name);
    if (name === undefined)
      throw unrecognizedFunction(expression.name, positionOf(this.#text, expression.place));
    return { kind: "call", name, operands: expression.operands.map((operand) => this.#operand(operand)) };
  }

  #slotValue(expression: Expression): SlotValue {
    if (expression.kind === "parameter") return { parameter: expression.index };
    return { constant: literalValue(expression, this.#text) };
  }
}

function isSamePath(one: Path, two: Path): boolean {
  return one.length === two.length && one.every((step, index) => step === two[index]);
}

function isSet(value: AttributeValue | undefined): boolean {
  return value !== undefined && setKinds.has(kindOf(value));
}

const setKinds: ReadonlySet<AttributeKind> = new Set(["SS", "NS", "BS"]);
