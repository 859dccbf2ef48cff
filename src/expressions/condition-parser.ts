import {
  misusedFunction,
  tooManyCandidates,
  type ExpressionParameter,
} from "../model/messages/expressions.ts";
import type { Comparator, ConditionTree, Operand, Parsed } from "./ast.ts";
import { functionRule } from "./functions.ts";
import { candidatesMax } from "./limits.ts";
import { Reader } from "./reader.ts";

const keywords = new Set(["AND", "OR", "NOT", "BETWEEN", "IN"]);
const comparators: readonly Comparator[] = ["=", "<>", "<", "<=", ">", ">="];

/** Which of the two it is shows only behind it: `(a) = :b` and `(a = :b)` start alike. */
type Node = ConditionTree | Operand;

/** Reads a condition, a filter or a key condition: they have one grammar. */
export function parseCondition(parameter: ExpressionParameter, text: string): Parsed<ConditionTree> {
  return new ConditionParser(parameter, text).parse();
}

/** One method per rule, weakest binding first. */
class ConditionParser {
  readonly #reader: Reader;

  constructor(parameter: ExpressionParameter, text: string) {
    this.#reader = new Reader(parameter, text, keywords);
  }

  parse(): Parsed<ConditionTree> {
    return this.#reader.finish(this.#condition(this.#or()));
  }

  readonly #or = (): Node => {
    let left = this.#and();
    while (this.#reader.isWord("OR")) {
      const first = this.#condition(left);
      this.#reader.expectWord("OR");
      this.#reader.countOperator();
      left = { kind: "or", left: first, right: this.#condition(this.#and()) };
    }
    return left;
  };

  #and(): Node {
    let left = this.#not();
    while (this.#reader.isWord("AND")) {
      const first = this.#condition(left);
      this.#reader.expectWord("AND");
      this.#reader.countOperator();
      left = { kind: "and", left: first, right: this.#condition(this.#not()) };
    }
    return left;
  }

  #not(): Node {
    let negations = 0;
    for (; this.#reader.takeWord("NOT"); negations++) this.#reader.countOperator();
    let node = this.#comparison();
    for (; negations > 0; negations--) node = { kind: "not", condition: this.#condition(node) };
    return node;
  }

  #comparison(): Node {
    const first = this.#reader.isSymbol("(") ? this.#group() : this.#operand();
    if (!isOperand(first)) return first;
    const comparator = this.#reader.takeAny(comparators);
    if (comparator !== undefined) {
      this.#reader.countOperator();
      return { kind: "compare", comparator, left: this.#given(first), right: this.#givenOperand() };
    }
    if (this.#reader.takeWord("BETWEEN")) return this.#between(first);
    if (this.#reader.takeWord("IN")) return this.#in(first);
    return first;
  }

  #between(operand: Operand): ConditionTree {
    this.#reader.countOperator();
    this.#given(operand);
    const low = this.#givenOperand();
    this.#reader.expectWord("AND");
    return { kind: "between", operand, low, high: this.#givenOperand() };
  }

  #in(operand: Operand): ConditionTree {
    this.#reader.countOperator();
    this.#given(operand);
    const candidates = this.#reader.operandList(this.#givenOperand);
    if (candidates.length > candidatesMax) {
      const fault = tooManyCandidates(this.#reader.parameter, candidates.length);
      this.#reader.faults.note("candidates", fault);
    }
    return { kind: "in", operand, candidates };
  }

  #group(): Node {
    return this.#extended(this.#reader.group(this.#or));
  }

  /** An operand that something is done with: of the functions, only those that give a value. */
  readonly #givenOperand = (): Operand => this.#given(this.#operand());

  readonly #operand = (): Operand => {
    const reader = this.#reader;
    if (reader.isSymbol("(")) return this.#extended(reader.group(this.#operand));
    if (reader.isCall()) return reader.call(this.#givenOperand);
    if (reader.isValue()) return { kind: "value", slot: reader.value() };
    return { kind: "path", slot: reader.path() };
  };

  /** A path in parentheses may go on behind them. */
  #extended<Content extends Node>(node: Content): Content {
    if (node.kind === "path") this.#reader.extendPath(node.slot);
    return node;
  }

  #given(operand: Operand): Operand {
    if (operand.kind === "call" && functionRule(operand.name).gives === "condition") {
      this.#misused(operand.name);
    }
    return operand;
  }

  #condition(node: Node): ConditionTree {
    if (node.kind === "path" || node.kind === "value" || node.kind === "truth") {
      throw this.#reader.syntaxError();
    }
    if (node.kind === "call" && functionRule(node.name).gives === "operand") this.#misused(node.name);
    return node;
  }

  #misused(name: string): void {
    this.#reader.faults.note("misused function", misusedFunction(this.#reader.parameter, name));
  }
}

function isOperand(node: Node): node is Operand {
  return node.kind === "path" || node.kind === "value" || node.kind === "call" || node.kind === "truth";
}
