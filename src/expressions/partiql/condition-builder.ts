import { unreachable } from "../../base/assert.ts";
import type { AttributeKind } from "../../model/attribute-value.ts";
import { misusedFunction, tooManyCandidates } from "../../model/messages/expressions.ts";
import { unrecognizedFunction, unsupportedOperation } from "../../model/messages/partiql.ts";
import type { ConditionTree, Operand, PredicateName } from "../ast.ts";
import { candidatesMax } from "../limits.ts";
import { positionOf } from "./lexer.ts";
import { isLiteral, literalValue } from "./literals.ts";
import { operationOf } from "./operation-name.ts";
import { isPath, pathOf } from "./paths.ts";
import { SlotList, type Slots } from "./slots.ts";
import type { BetweenExpression, BinaryExpression, CallExpression, Expression } from "./syntax.ts";

/** A condition whose parameters are not known yet. */
export interface ConditionTemplate extends Slots {
  readonly tree: ConditionTree;
}

/** The tree of a WHERE clause; refuses what no condition can say. `text`: the statement. */
export function buildCondition(where: Expression, text: string): ConditionTemplate {
  const slots = new SlotList();
  const tree = new ConditionBuilder(slots, text).condition(where);
  return { tree, paths: slots.paths, values: slots.values };
}

const predicates: ReadonlyMap<string, PredicateName> = new Map(
  (["attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains"] as const).map(
    (name) => [name, name],
  ),
);

/** What IS asks for, by the names of types that have a meaning here. */
const kindsOfTypes: ReadonlyMap<string, AttributeKind> = new Map([
  ["NULL", "NULL"],
  ["BOOL", "BOOL"],
  ["BOOLEAN", "BOOL"],
  ["STRING", "S"],
  ["NUMERIC", "N"],
  ["BLOB", "B"],
  ["LIST", "L"],
  ["STRUCT", "M"],
  ["TUPLE", "M"],
]);

class ConditionBuilder {
  readonly #slots: SlotList;
  readonly #text: string;

  constructor(slots: SlotList, text: string) {
    this.#slots = slots;
    this.#text = text;
  }

  condition(expression: Expression): ConditionTree {
    if (expression.kind === "binary") return this.#binary(expression);
    if (expression.kind === "between") return this.#between(expression);
    if (expression.kind === "is") return this.#typeTest(expression.operand, expression.type);
    if (expression.kind === "call") return this.#predicate(expression);
    if (expression.kind === "not") return { kind: "not", condition: this.condition(expression.operand) };
    throw unsupportedOperation(operationOf(expression));
  }

  #between({ operand, low, high }: BetweenExpression): ConditionTree {
    return {
      kind: "between",
      operand: this.#operand(operand),
      low: this.#operand(low),
      high: this.#operand(high),
    };
  }

  #binary(expression: BinaryExpression): ConditionTree {
    const { operator, left, right } = expression;
    switch (operator) {
      case "and":
      case "or":
        return { kind: operator, left: this.condition(left), right: this.condition(right) };
      case "=":
      case "<>":
      case "<":
      case "<=":
      case ">":
      case ">=":
        return {
          kind: "compare",
          comparator: operator,
          left: this.#operand(left),
          right: this.#operand(right),
        };
      case "in":
        return this.#membership(expression);
      case "like":
      case "+":
      case "-":
      case "*":
      case "/":
      case "%":
      case "||":
        throw unsupportedOperation(operationOf(expression));
      default:
        return unreachable(operator);
    }
  }

  #membership(expression: BinaryExpression): ConditionTree {
    const { left, right } = expression;
    if (right.kind !== "list" && right.kind !== "bag") throw unsupportedOperation(operationOf(expression));
    const { elements } = right;
    if (elements.length > candidatesMax) throw tooManyCandidates("Statement", elements.length);
    const operand = this.#operand(left);
    return { kind: "in", operand, candidates: elements.map((element) => this.#operand(element)) };
  }

  #typeTest(operand: Expression, type: string): ConditionTree {
    if (type === "MISSING") {
      return { kind: "call", name: "attribute_not_exists", operands: [this.#operand(operand)] };
    }
    const kind = kindsOfTypes.get(type);
    if (kind === undefined) throw unsupportedOperation("IsType");
    const operands = [this.#operand(operand), this.#slots.constant({ S: kind })];
    return { kind: "call", name: "attribute_type", operands };
  }

  #predicate(expression: CallExpression): ConditionTree {
    const name = predicates.get(expression.name);
    if (name !== undefined) return { kind: "call", name, operands: this.#operands(expression) };
    if (expression.name === "size") throw misusedFunction("Statement", "size");
    throw this.#unrecognized(expression);
  }

  #operands({ operands }: CallExpression): Operand[] {
    return operands.map((operand) => this.#operand(operand));
  }

  /** Conditions are operands, too: their truth is a BOOL. */
  #operand(expression: Expression): Operand {
    if (isPath(expression)) return { kind: "path", slot: this.#slots.path(pathOf(expression, this.#text)) };
    if (isLiteral(expression)) return this.#slots.constant(literalValue(expression, this.#text));
    if (expression.kind === "parameter") {
      return { kind: "value", slot: this.#slots.value({ parameter: expression.index }) };
    }
    if (expression.kind === "call" && expression.name === "size") {
      return { kind: "call", name: "size", operands: this.#operands(expression) };
    }
    return { kind: "truth", condition: this.condition(expression) };
  }

  #unrecognized({ name, place }: CallExpression): Error {
    return unrecognizedFunction(name, positionOf(this.#text, place));
  }
}
