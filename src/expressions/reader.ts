import { assert } from "../base/assert.ts";
import type { ServiceError } from "../model/errors.ts";
import {
  foreignFunction,
  listIndexTooLarge,
  pathTooDeep,
  redundantParentheses,
  reservedWord,
  syntaxError,
  tooManyOperators,
  unknownFunction,
  type ExpressionParameter,
} from "../model/messages/expressions.ts";
import type { Call, Operand, Parsed, Step } from "./ast.ts";
import { Faults } from "./faults.ts";
import { functionRule, isFunctionName } from "./functions.ts";
import { tokensOf, type Token } from "./lexer.ts";
import { listIndexMax, operatorsMax, pathStepsMax } from "./limits.ts";
import { isReservedWord } from "./reserved-words.ts";

/**
 * How deep parentheses and functions may nest. No text within the other bounds needs so much, so that a deeper one has
 * redundant parentheses or too many functions; and the stack must hold.
 */
const depthMax = 500;

/** Reads the tokens of one expression, with what all grammars share: paths, values, calls, parentheses, faults. */
export class Reader {
  readonly parameter: ExpressionParameter;
  readonly faults: Faults;
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #keywords: ReadonlySet<string>;
  readonly #paths: Step[][] = [];
  readonly #values: string[] = [];
  readonly #names = new Set<string>();
  #index = 0;
  #depth = 0;
  #operators = 0;
  /** The token indexes of the group closed last. */
  #group = { open: -1, close: -1 };

  /** `keywords`: the words, in capitals, that are no names here. */
  constructor(parameter: ExpressionParameter, text: string, keywords: ReadonlySet<string>) {
    this.parameter = parameter;
    this.faults = new Faults(parameter);
    this.#text = text;
    this.#tokens = tokensOf(text);
    this.#keywords = keywords;
  }

  /** Ends the parse: nothing may be left to read, and no fault in what was read. */
  finish<Tree>(tree: Tree): Parsed<Tree> {
    if (this.#peek().kind !== "end") throw this.syntaxError();
    if (this.#operators > operatorsMax) {
      this.faults.note("operators", tooManyOperators(this.parameter, this.#operators));
    }
    this.faults.check();
    return { tree, paths: this.#paths, values: this.#values, names: [...this.#names] };
  }

  syntaxError(): ServiceError {
    const token = this.#peek();
    const before = this.#tokens[this.#index - 1] ?? token;
    const after = this.#tokens[this.#index + 1] ?? before;
    return syntaxError(this.parameter, token.text, this.#text.slice(before.start, after.end));
  }

  isSymbol(symbol: string): boolean {
    const token = this.#peek();
    return token.kind === "symbol" && token.text === symbol;
  }

  isWord(word: string): boolean {
    const token = this.#peek();
    return token.kind === "word" && token.text.toUpperCase() === word;
  }

  /** Whether a parenthesis opens a list of operands here: a call. */
  isCall(): boolean {
    const next = this.#tokens[this.#index + 1];
    return this.#isPlainName() && next?.kind === "symbol" && next.text === "(";
  }

  isValue(): boolean {
    return this.#peek().kind === "value";
  }

  takeSymbol(symbol: string): boolean {
    if (!this.isSymbol(symbol)) return false;
    this.#index++;
    return true;
  }

  takeWord(word: string): boolean {
    if (!this.isWord(word)) return false;
    this.#index++;
    return true;
  }

  expectSymbol(symbol: string): void {
    if (!this.takeSymbol(symbol)) throw this.syntaxError();
  }

  expectWord(word: string): void {
    if (!this.takeWord(word)) throw this.syntaxError();
  }

  /** The first of `symbols` that stands here, read; undefined if none does. */
  takeAny<Symbol extends string>(symbols: readonly Symbol[]): Symbol | undefined {
    return symbols.find((symbol) => this.takeSymbol(symbol));
  }

  countOperator(): void {
    this.#operators++;
  }

  /** What stands between parentheses. The service refuses a pair of them directly around another pair. */
  group<Content>(parse: () => Content): Content {
    const open = this.#index;
    this.expectSymbol("(");
    const content = this.#nested(parse);
    const close = this.#index;
    this.expectSymbol(")");
    if (this.#group.open === open + 1 && this.#group.close === close - 1) {
      this.faults.note("parentheses", redundantParentheses(this.parameter));
    }
    this.#group = { open, close };
    return content;
  }

  /** One or more of something, between commas. */
  list<Element>(parse: () => Element): Element[] {
    const elements = [parse()];
    while (this.takeSymbol(",")) elements.push(parse());
    return elements;
  }

  /** Operands between parentheses, as functions and IN have them. */
  operandList(parse: () => Operand): Operand[] {
    this.expectSymbol("(");
    const operands = this.#nested(() => this.list(parse));
    this.expectSymbol(")");
    return operands;
  }

  /** A call, where `isCall`. A function that is none here is a fault, after which the tree is worth nothing. */
  call(parseOperand: () => Operand): Call {
    const name = this.#next().text;
    this.countOperator();
    const operands = this.operandList(parseOperand);
    if (!isFunctionName(name)) {
      this.faults.note("unknown function", unknownFunction(this.parameter, name));
      return { kind: "call", name: "size", operands };
    }
    const isForUpdates = functionRule(name).gives === "update operand";
    if (isForUpdates !== (this.parameter === "UpdateExpression")) {
      this.faults.note("unknown function", foreignFunction(this.parameter, name));
    }
    return { kind: "call", name, operands };
  }

  /** A value, as the slot it has: the same slot wherever the same value is named. */
  value(): number {
    if (!this.isValue()) throw this.syntaxError();
    const name = this.#next().text;
    const known = this.#values.indexOf(name);
    return known >= 0 ? known : this.#values.push(name) - 1;
  }

  /** A path, as its slot. */
  path(): number {
    const steps: Step[] = [this.#name()];
    const slot = this.#paths.push(steps) - 1;
    this.extendPath(slot);
    return slot;
  }

  /** Reads further steps of a path, if there are any. */
  extendPath(slot: number): void {
    const steps = this.#paths[slot];
    assert(steps !== undefined, "slots are given out in order");
    for (;;) {
      if (this.takeSymbol(".")) steps.push(this.#name());
      else if (this.takeSymbol("[")) steps.push(this.#listIndex());
      else break;
    }
    if (steps.length > pathStepsMax) {
      this.faults.note("path depth", pathTooDeep(this.parameter, steps.length));
    }
  }

  #name(): string {
    const { kind, text } = this.#peek();
    if (kind === "name") this.#names.add(text);
    else if (!this.#isPlainName()) throw this.syntaxError();
    else if (isReservedWord(text)) this.faults.note("reserved word", reservedWord(this.parameter, text));
    this.#index++;
    return text;
  }

  #isPlainName(): boolean {
    const { kind, text } = this.#peek();
    return kind === "word" && !this.#keywords.has(text.toUpperCase());
  }

  #listIndex(): number {
    const { kind, text } = this.#peek();
    if (kind !== "number") throw this.syntaxError();
    this.#index++;
    this.expectSymbol("]");
    const index = Number(text);
    if (index > listIndexMax) this.faults.note("list index", listIndexTooLarge(this.parameter, text));
    return index;
  }

  #nested<Content>(parse: () => Content): Content {
    if (++this.#depth > depthMax) throw this.#tooDeep();
    const content = parse();
    this.#depth--;
    return content;
  }

  #tooDeep(): ServiceError {
    if (this.#operators > operatorsMax) return tooManyOperators(this.parameter, this.#operators);
    return redundantParentheses(this.parameter);
  }

  #peek(): Token {
    const token = this.#tokens[this.#index];
    assert(token !== undefined, "the end is never read");
    return token;
  }

  #next(): Token {
    const token = this.#peek();
    this.#index++;
    return token;
  }
}
