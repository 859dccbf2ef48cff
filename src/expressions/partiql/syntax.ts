/** What statements say, word by word: any expression may still stand anywhere. */
import type { Place } from "./lexer.ts";

export type Expression =
  | Placed<"name", { readonly name: string }>
  | Placed<"string", { readonly text: string }>
  /** A sign before it is part of its text, but not of its place. */
  | Placed<"number", { readonly text: string }>
  | Placed<"true">
  | Placed<"false">
  | Placed<"null">
  | Placed<"missing">
  /** The parameters are counted from 0 in the order of the text. */
  | Placed<"parameter", { readonly index: number }>
  | PathExpression
  | Placed<"list", { readonly elements: readonly Expression[] }>
  | Placed<"bag", { readonly elements: readonly Expression[] }>
  | Placed<"struct", { readonly members: readonly StructMember[] }>
  | CallExpression
  | Placed<"sign", { readonly operator: "+" | "-"; readonly operand: Expression }>
  | Placed<"not", { readonly operand: Expression }>
  | BinaryExpression
  | BetweenExpression
  /** `type`: in capitals. */
  | Placed<"is", { readonly operand: Expression; readonly type: string }>;

type Placed<Kind extends string, Members = unknown> = {
  readonly kind: Kind;
  readonly place: Place;
} & Members;

export type PathExpression = Placed<
  "path",
  { readonly root: Expression; readonly steps: readonly PathStep[] }
>;

export type PathStep =
  | Placed<"member", { readonly name: string }>
  | Placed<"element", { readonly index: Expression }>
  | Placed<"star">;

export interface StructMember {
  readonly name: Expression;
  readonly value: Expression;
}

/** `name`: in small letters, since functions are known in any case. */
export type CallExpression = Placed<
  "call",
  { readonly name: string; readonly operands: readonly Expression[] }
>;

export type BinaryExpression = Placed<
  "binary",
  { readonly operator: BinaryOperator; readonly left: Expression; readonly right: Expression }
>;

export type BetweenExpression = Placed<
  "between",
  { readonly operand: Expression; readonly low: Expression; readonly high: Expression }
>;

export type BinaryOperator =
  "and" | "or" | "=" | "<>" | "<" | "<=" | ">" | ">=" | "in" | "like" | "+" | "-" | "*" | "/" | "%" | "||";

/** The table or index of a statement, with the alias that must not be there. */
export interface SourceSyntax {
  readonly path: Expression;
  readonly aliased: boolean;
}

export interface SelectSyntax {
  readonly kind: "select";
  /** Empty for `*`. */
  readonly columns: readonly ColumnSyntax[];
  readonly source: SourceSyntax;
  readonly where?: Expression | undefined;
  readonly orderBy: readonly SortSyntax[];
  /** A clause that other dialects have: its name, and what it says. */
  readonly unsupported?: { readonly clause: string; readonly place: Place } | undefined;
}

export interface ColumnSyntax {
  readonly expression: Expression;
  readonly aliased: boolean;
}

export interface SortSyntax {
  readonly expression: Expression;
  readonly descending: boolean;
}

export type ChangeSyntax =
  | { readonly kind: "set"; readonly target: Expression; readonly value: Expression }
  | { readonly kind: "remove"; readonly target: Expression };

export type ReturningSyntax = "ALL OLD" | "ALL NEW" | "MODIFIED OLD" | "MODIFIED NEW";

export type StatementSyntax =
  | SelectSyntax
  | { readonly kind: "insert"; readonly source: SourceSyntax; readonly value: Expression }
  | {
      readonly kind: "update";
      readonly source: SourceSyntax;
      readonly changes: readonly ChangeSyntax[];
      readonly where?: Expression | undefined;
      readonly returning?: ReturningSyntax | undefined;
    }
  | {
      readonly kind: "delete";
      readonly source: SourceSyntax;
      readonly where?: Expression | undefined;
      readonly returning?: ReturningSyntax | undefined;
    }
  | { readonly kind: "exists"; readonly select: SelectSyntax }
  /** Well formed, but nothing to be executed. */
  | { readonly kind: "other"; readonly operation: string };
