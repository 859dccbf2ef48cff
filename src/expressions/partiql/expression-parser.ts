import { unreachable } from "../../base/assert.ts";
import { tooManyOperators } from "../../model/messages/expressions.ts";
import {
  callWithStar,
  expectedKeyword,
  expectedSimplePath,
  expectedToken,
  expectedTypeName,
  expectedUpperBound,
  invalidDotComponent,
  missingRightSide,
  unexpectedKeyword,
  unexpectedOperator,
  unexpectedTerm,
} from "../../model/messages/partiql.ts";
import { operatorsMax } from "../limits.ts";
import { isFunctionKeyword, isKeyword, isOperatorKeyword, isTypeName, secondTypeWord } from "./keywords.ts";
import type { Token } from "./lexer.ts";
import { infixAt, isOperatorSymbol, precedences, type Infix } from "./operators.ts";
import type { Expression, PathStep, StructMember } from "./syntax.ts";
import type { TokenStream } from "./token-stream.ts";

/** Reads expressions by the precedence of their operators. */
export class ExpressionParser {
  readonly #stream: TokenStream;
  readonly #startManipulation: () => never;
  #operators = 0;

  /** `startManipulation`: what a FROM where an expression should stand begins, which the service reads as such. */
  constructor(stream: TokenStream, startManipulation: () => never) {
    this.#stream = stream;
    this.#startManipulation = startManipulation;
  }

  /** An expression of operators that bind tighter than `precedence`. */
  expression(precedence = 0): Expression {
    let left = this.#unary();
    for (;;) {
      const infix = infixAt(this.#stream);
      if (infix === undefined || precedences[infix.operator] <= precedence) return left;
      const read = this.#infixed(left, infix);
      left = infix.negated ? { kind: "not", operand: read, place: read.place } : read;
    }
  }

  /** A path that starts with a name, as targets and tables of writes have it. */
  simplePath(): Expression {
    if (!this.#stream.isIdentifier()) throw expectedSimplePath();
    return this.#path(nameOf(this.#stream.next()));
  }

  /** Refuses what has too many operators. Whoever goes down its tree needs the bound, too: the stack must hold. */
  checkOperators(): void {
    if (this.#operators > operatorsMax) throw tooManyOperators("Statement", this.#operators);
  }

  #infixed(left: Expression, { operator, tokens }: Infix): Expression {
    const place = this.#stream.peek();
    for (let taken = 0; taken < tokens; taken++) this.#stream.next();
    this.#operators++;
    if (operator === "is") return { kind: "is", operand: left, type: this.#type(), place };
    if (operator === "between") return this.#between(left, place);
    const right = operator === "in" ? this.#candidates() : this.#right(precedences[operator]);
    return { kind: "binary", operator, left, right, place };
  }

  #right(precedence: number): Expression {
    if (this.#stream.isEnd()) throw missingRightSide();
    return this.expression(precedence);
  }

  #between(operand: Expression, place: Token): Expression {
    const low = this.#right(precedences.between);
    this.#stream.expectWord("AND", () => expectedKeyword("AND"));
    if (this.#stream.isEnd()) throw expectedUpperBound();
    return { kind: "between", operand, low, high: this.expression(precedences.between), place };
  }

  /** Parentheses behind IN always hold a list, even of one element. */
  #candidates(): Expression {
    const stream = this.#stream;
    const place = stream.peek();
    if (!stream.takeSymbol("(")) return this.#right(precedences.in);
    return { kind: "list", elements: this.#elements(")", "RIGHT_PAREN"), place };
  }

  #type(): string {
    const stream = this.#stream;
    const { kind, text } = stream.peek();
    const name = text.toUpperCase();
    if (kind !== "word") throw expectedTypeName();
    const second = secondTypeWord(name);
    if (second !== undefined && stream.isWord(second, 1)) {
      stream.next();
      stream.next();
      return `${name} ${second}`;
    }
    if (!isTypeName(name)) throw expectedTypeName();
    stream.next();
    return name;
  }

  /** A sign before a number is part of it. */
  #unary(): Expression {
    const stream = this.#stream;
    const place = stream.peek();
    if (stream.takeWord("NOT")) {
      this.#operators++;
      const operand = stream.nested(() => this.expression(precedences.not));
      return { kind: "not", operand, place };
    }
    const operator = stream.isSymbol("-") ? "-" : stream.isSymbol("+") ? "+" : undefined;
    if (operator === undefined) return this.#pathTerm();
    stream.next();
    const operand = stream.nested(() => this.#unary());
    if (operand.kind !== "number") return { kind: "sign", operator, operand, place };
    return operator === "+" ? operand : { ...operand, text: negated(operand.text) };
  }

  #pathTerm(): Expression {
    return this.#path(this.#term());
  }

  #path(root: Expression): Expression {
    const steps: PathStep[] = [];
    for (;;) {
      if (this.#stream.takeSymbol(".")) steps.push(this.#member());
      else if (this.#stream.takeSymbol("[")) steps.push(this.#element());
      else return steps.length === 0 ? root : { kind: "path", root, steps, place: root.place };
    }
  }

  #member(): PathStep {
    const place = this.#stream.peek();
    if (this.#stream.takeSymbol("*")) return { kind: "star", place };
    if (!this.#stream.isIdentifier()) throw invalidDotComponent();
    return { kind: "member", name: this.#stream.next().text, place };
  }

  #element(): PathStep {
    const stream = this.#stream;
    const place = stream.peek();
    const step: PathStep = stream.takeSymbol("*")
      ? { kind: "star", place }
      : { kind: "element", index: stream.nested(() => this.expression()), place };
    stream.expectSymbol("]", () => expectedToken("RIGHT_BRACKET"));
    return step;
  }

  #term(): Expression {
    const stream = this.#stream;
    const place = stream.peek();
    switch (place.kind) {
      case "string":
        return { kind: "string", text: stream.next().text, place };
      case "number":
        return { kind: "number", text: stream.next().text, place };
      case "quoted":
        return this.#nameOrCall();
      case "word":
        return isKeyword(place.text) ? this.#keyword(place) : this.#nameOrCall();
      case "symbol":
        return this.#opened(place);
      case "end":
        throw unexpectedTerm();
      default:
        return unreachable(place.kind);
    }
  }

  #nameOrCall(): Expression {
    const token = this.#stream.next();
    return this.#stream.takeSymbol("(") ? this.#call(token) : nameOf(token);
  }

  #keyword(token: Token): Expression {
    const stream = this.#stream;
    const word = token.text.toUpperCase();
    if (isFunctionKeyword(word) && stream.isSymbol("(", 1)) return this.#nameOrCall();
    if (isOperatorKeyword(word)) throw unexpectedOperator();
    if (word === "FROM") {
      stream.next();
      stream.nested(this.#startManipulation);
    }
    const kind = constants.get(word);
    if (kind === undefined) throw unexpectedKeyword();
    stream.next();
    return { kind, place: token };
  }

  #call(token: Token): Expression {
    const stream = this.#stream;
    const name = token.text.toLowerCase();
    if (stream.isSymbol("*")) {
      if (name !== "count") throw callWithStar(name);
      stream.next();
      stream.expectSymbol(")", () => expectedToken("RIGHT_PAREN"));
      return { kind: "call", name, operands: [], place: token };
    }
    const operands = this.#elements(")", "RIGHT_PAREN");
    return { kind: "call", name, operands, place: token };
  }

  #opened(place: Token): Expression {
    const stream = this.#stream;
    switch (place.text) {
      case "?":
        return { kind: "parameter", index: stream.nextParameter(), place };
      case "(":
        stream.next();
        return this.#group(place);
      case "[":
        stream.next();
        return { kind: "list", elements: this.#elements("]", "RIGHT_BRACKET"), place };
      case "<<":
        stream.next();
        return { kind: "bag", elements: this.#elements(">>", "RIGHT_DOUBLE_ANGLE_BRACKET"), place };
      case "{":
        stream.next();
        return { kind: "struct", members: this.#members(), place };
      default:
        throw isOperatorSymbol(place.text) ? unexpectedOperator() : unexpectedTerm();
    }
  }

  /** Several expressions between parentheses are a list. */
  #group(place: Token): Expression {
    const stream = this.#stream;
    const elements = stream.nested(() => stream.list(() => this.expression()));
    stream.expectSymbol(")", () => expectedToken("RIGHT_PAREN"));
    const [only] = elements;
    return only !== undefined && elements.length === 1 ? only : { kind: "list", elements, place };
  }

  #elements(close: string, closeName: string): Expression[] {
    const stream = this.#stream;
    if (stream.takeSymbol(close)) return [];
    const elements = stream.nested(() => stream.list(() => this.expression()));
    stream.expectSymbol(close, () => expectedToken(closeName));
    return elements;
  }

  #members(): StructMember[] {
    const stream = this.#stream;
    if (stream.takeSymbol("}")) return [];
    const members = stream.nested(() => stream.list(() => this.#structMember()));
    stream.expectSymbol("}", () => expectedToken("RIGHT_CURLY"));
    return members;
  }

  #structMember(): StructMember {
    const name = this.expression();
    this.#stream.expectSymbol(":", () => expectedToken("COLON"));
    return { name, value: this.expression() };
  }
}

const constants: ReadonlyMap<string, "true" | "false" | "null" | "missing"> = new Map([
  ["TRUE", "true"],
  ["FALSE", "false"],
  ["NULL", "null"],
  ["MISSING", "missing"],
]);

function nameOf(token: Token): Expression {
  return { kind: "name", name: token.text, place: token };
}

function negated(number: string): string {
  return number.startsWith("-") ? number.slice(1) : `-${number}`;
}
