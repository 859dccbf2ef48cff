import type { BinaryOperator } from "./syntax.ts";
import type { TokenStream } from "./token-stream.ts";

/** How tightly operators bind: all of them group from the left. */
export const precedences = {
  or: 10,
  and: 20,
  not: 30,
  "=": 40,
  "<>": 40,
  is: 40,
  in: 40,
  "<": 50,
  "<=": 50,
  ">": 50,
  ">=": 50,
  between: 50,
  like: 50,
  "+": 60,
  "-": 60,
  "||": 60,
  "*": 70,
  "/": 70,
  "%": 70,
} as const;

/** An operator between its operands. */
export interface Infix {
  readonly operator: BinaryOperator | "is" | "between";
  /** NOT stands before it, or behind IS. */
  readonly negated: boolean;
  readonly tokens: number;
}

/** The operator that stands at the start of `stream`, which is not read. */
export function infixAt(stream: TokenStream): Infix | undefined {
  const { kind, text } = stream.peek();
  if (kind === "symbol") {
    const operator = symbols.get(text);
    return operator && { operator, negated: false, tokens: 1 };
  }
  if (kind !== "word") return undefined;
  if (!stream.isWord("NOT")) {
    const operator = words.get(text.toUpperCase());
    if (operator === "is" && stream.isWord("NOT", 1)) return { operator, negated: true, tokens: 2 };
    return operator && { operator, negated: false, tokens: 1 };
  }
  const next = stream.peek(1);
  const operator = next.kind === "word" ? words.get(next.text.toUpperCase()) : undefined;
  return operator !== undefined && negatable.has(operator)
    ? { operator, negated: true, tokens: 2 }
    : undefined;
}

/** Whether `symbol` is nothing but an operator. A star may stand for other things. */
export function isOperatorSymbol(symbol: string): boolean {
  return symbol !== "*" && symbols.has(symbol);
}

const symbols: ReadonlyMap<string, BinaryOperator> = new Map([
  ["=", "="],
  ["<>", "<>"],
  ["!=", "<>"],
  ["<", "<"],
  ["<=", "<="],
  [">", ">"],
  [">=", ">="],
  ["+", "+"],
  ["-", "-"],
  ["*", "*"],
  ["/", "/"],
  ["%", "%"],
  ["||", "||"],
]);

const words: ReadonlyMap<string, Infix["operator"]> = new Map([
  ["AND", "and"],
  ["OR", "or"],
  ["IN", "in"],
  ["IS", "is"],
  ["LIKE", "like"],
  ["BETWEEN", "between"],
]);

const negatable: ReadonlySet<Infix["operator"]> = new Set<Infix["operator"]>(["in", "like", "between"]);
