import { malformedStatement } from "../../model/messages/partiql.ts";
import { parseNumber } from "../../values/decimal.ts";

/** Where in a statement something stands, in UTF-16 code units. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

export type TokenKind = "word" | "quoted" | "string" | "number" | "symbol" | "end";

export interface Token extends Place {
  readonly kind: TokenKind;
  /** What is meant: quotes are taken off. */
  readonly text: string;
}

/** In the order of the groups of the pattern. */
const kinds = ["word", "quoted", "string", "number", "symbol"] as const;

const tokenPattern = new RegExp(
  [
    /([A-Za-z_$][\w$]*)/,
    /("(?:[^"]|"")*")/,
    /('(?:[^']|'')*')/,
    /((?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d*)?)/,
    /(<<|>>|<=|>=|<>|!=|\|\||[()[\]{}<>=+\-*/%.,:;?@])/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "y",
);

/** White space and comments, which mean the same. */
const blankPattern = /(?:\s|--[^\n]*|\/\*(?:[^*]|\*(?!\/))*\*\/)*/y;

/** The tokens of `text`, of which the last is its end. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let start = afterBlank(text, 0); start < text.length;) {
    const token = tokenAt(text, start);
    tokens.push(token);
    start = afterBlank(text, token.end);
  }
  tokens.push({ kind: "end", text: "", start: text.length, end: text.length });
  return tokens;
}

/** `place` as the service tells it: line, column and length, in characters and from 1. */
export function positionOf(text: string, { start, end }: Place): string {
  const line = text.slice(0, start).split("\n");
  const column = charactersOf(line.at(-1) ?? "") + 1;
  return `${line.length}:${column}:${charactersOf(text.slice(start, end))}`;
}

function charactersOf(text: string): number {
  return Array.from(text).length;
}

function afterBlank(text: string, start: number): number {
  blankPattern.lastIndex = start;
  blankPattern.test(text);
  // An open comment is read as two operators by the pattern of tokens.
  if (text.startsWith("/*", blankPattern.lastIndex)) throw malformedStatement();
  return blankPattern.lastIndex;
}

function tokenAt(text: string, start: number): Token {
  tokenPattern.lastIndex = start;
  const match = tokenPattern.exec(text);
  if (match === null) throw malformedStatement();
  const group = match.findIndex((part, index) => index > 0 && part !== undefined);
  const kind = kinds[group - 1] ?? "symbol";
  const written = match[0];
  if (kind === "number" && !isReadable(written)) throw malformedStatement();
  return { kind, text: meaningOf(kind, written), start, end: tokenPattern.lastIndex };
}

function meaningOf(kind: TokenKind, written: string): string {
  if (kind === "quoted") return written.slice(1, -1).replaceAll('""', '"');
  if (kind === "string") return written.slice(1, -1).replaceAll("''", "'");
  return written;
}

/** Numbers are read as Java's BigDecimal: exponent and scale, the digits behind the point, are counted in 32 bits. */
function isReadable(written: string): boolean {
  const number = parseNumber(written);
  if (number === undefined) return false;
  const exponent = Number(number.exponent);
  return isInt32(exponent) && isInt32(number.fraction.length - exponent);
}

function isInt32(value: number): boolean {
  return value >= -(2 ** 31) && value < 2 ** 31;
}
