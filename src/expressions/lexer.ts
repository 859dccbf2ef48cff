export type TokenKind = "word" | "name" | "value" | "number" | "symbol" | "end";

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** In the order of the groups of the pattern. Characters that mean nothing are symbols that no grammar asks for. */
const kinds = ["word", "name", "value", "number", "symbol"] as const;

// Names may not start with a digit or an underscore, and a number that starts with 0 ends there: both show in the
// tokens that syntax errors name.
const tokenPattern = /[ \t\r\n]*(?:([A-Za-z]\w*)|(#\w+)|(:\w+)|(0|[1-9]\d*)|(<=|>=|<>|[^ \t\r\n]))/gu;

/** The tokens of `text`, of which the last is its end. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let end = 0;
  for (const match of text.matchAll(tokenPattern)) {
    end = match.index + match[0].length;
    const group = match.findIndex((part, index) => index > 0 && part !== undefined);
    const written = match[group] ?? "";
    tokens.push({ kind: kinds[group - 1] ?? "symbol", text: written, start: end - written.length, end });
  }
  tokens.push({ kind: "end", text: "<EOF>", start: end, end });
  return tokens;
}
