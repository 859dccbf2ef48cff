import { assert } from "../../base/assert.ts";
import type { ServiceError } from "../../model/errors.ts";
import { malformedStatement } from "../../model/messages/partiql.ts";
import { isKeyword } from "./keywords.ts";
import { tokensOf, type Token } from "./lexer.ts";

/** How deep a statement may nest: the stack must hold. The service says nothing of such a bound. */
const depthMax = 300;

/** Reads the tokens of one statement one after another. */
export class TokenStream {
  readonly #tokens: readonly Token[];
  #index = 0;
  #depth = 0;
  #parameters = 0;

  constructor(text: string) {
    this.#tokens = tokensOf(text);
  }

  /** How many parameters were read so far. */
  get parameters(): number {
    return this.#parameters;
  }

  /** The token `ahead` tokens further on; the end where there are no more. */
  peek(ahead = 0): Token {
    const token = this.#tokens[Math.min(this.#index + ahead, this.#tokens.length - 1)];
    assert(token !== undefined, "a statement has at least its end");
    return token;
  }

  next(): Token {
    const token = this.peek();
    if (token.kind !== "end") this.#index++;
    return token;
  }

  /** Counts the parameter that is read. */
  nextParameter(): number {
    this.next();
    return this.#parameters++;
  }

  isEnd(): boolean {
    return this.peek().kind === "end";
  }

  isSymbol(symbol: string, ahead = 0): boolean {
    const { kind, text } = this.peek(ahead);
    return kind === "symbol" && text === symbol;
  }

  /** Whether the keyword `word`, in capitals, stands here. */
  isWord(word: string, ahead = 0): boolean {
    const { kind, text } = this.peek(ahead);
    return kind === "word" && text.length === word.length && text.toUpperCase() === word;
  }

  isIdentifier(): boolean {
    const { kind, text } = this.peek();
    return kind === "quoted" || (kind === "word" && !isKeyword(text));
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

  expectSymbol(symbol: string, refusal: () => ServiceError): void {
    if (!this.takeSymbol(symbol)) throw refusal();
  }

  expectWord(word: string, refusal: () => ServiceError): void {
    if (!this.takeWord(word)) throw refusal();
  }

  /** One or more of something, between commas. */
  list<Element>(parse: () => Element): Element[] {
    const elements = [parse()];
    while (this.takeSymbol(",")) elements.push(parse());
    return elements;
  }

  nested<Content>(parse: () => Content): Content {
    if (++this.#depth > depthMax) throw malformedStatement();
    const content = parse();
    this.#depth--;
    return content;
  }
}
