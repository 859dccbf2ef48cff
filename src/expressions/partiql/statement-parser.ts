import {
  expectedAlias,
  expectedAssignment,
  expectedDeleteSource,
  expectedManipulation,
  expectedReturning,
  expectedSource,
  expectedToken,
  starNotAlone,
  tokenAfterSemicolon,
  unexpectedKeyword,
  unexpectedToken,
  unsupportedReturning,
} from "../../model/messages/partiql.ts";
import { ExpressionParser } from "./expression-parser.ts";
import { operationOf } from "./operation-name.ts";
import type {
  ChangeSyntax,
  ColumnSyntax,
  Expression,
  ReturningSyntax,
  SelectSyntax,
  SortSyntax,
  SourceSyntax,
  StatementSyntax,
} from "./syntax.ts";
import { TokenStream } from "./token-stream.ts";

export interface ParsedStatement {
  readonly syntax: StatementSyntax;
  readonly parameters: number;
}

/** Reads one statement; what its names and values mean is not looked at. */
export function parseStatement(text: string): ParsedStatement {
  return new StatementParser(text).parse();
}

type Write = Extract<StatementSyntax, { readonly kind: "insert" | "update" | "delete" | "other" }>;

class StatementParser {
  readonly #stream: TokenStream;
  readonly #expressions: ExpressionParser;

  constructor(text: string) {
    this.#stream = new TokenStream(text);
    this.#expressions = new ExpressionParser(this.#stream, () => {
      this.#updateFrom();
      // The service goes on as with an operand that it cannot use.
      throw unexpectedToken();
    });
  }

  parse(): ParsedStatement {
    const syntax = this.#statement();
    if (this.#stream.takeSymbol(";") && !this.#stream.isEnd()) throw tokenAfterSemicolon();
    if (!this.#stream.isEnd()) throw unexpectedToken();
    this.#expressions.checkOperators();
    return { syntax, parameters: this.#stream.parameters };
  }

  #statement(): StatementSyntax {
    const stream = this.#stream;
    if (stream.takeWord("SELECT")) return this.#select();
    if (stream.isWord("INSERT")) return this.#insert();
    if (stream.takeWord("UPDATE")) return this.#update();
    if (stream.takeWord("DELETE")) return this.#delete();
    if (stream.takeWord("FROM")) return this.#updateFrom();
    if (stream.isWord("EXISTS") && stream.isSymbol("(", 1) && stream.isWord("SELECT", 2))
      return this.#exists();
    return { kind: "other", operation: operationOf(this.#expressions.expression()) };
  }

  #exists(): StatementSyntax {
    const stream = this.#stream;
    stream.expectWord("EXISTS", unexpectedToken);
    stream.expectSymbol("(", unexpectedToken);
    stream.expectWord("SELECT", unexpectedToken);
    const select = this.#select();
    stream.expectSymbol(")", () => expectedToken("RIGHT_PAREN"));
    return { kind: "exists", select };
  }

  #select(): SelectSyntax {
    const columns = this.#columns();
    this.#stream.expectWord("FROM", expectedSource);
    const source = this.#source(this.#expressions.expression());
    const where = this.#where();
    const orderBy = this.#orderBy();
    const unsupported = this.#unsupportedClause();
    return { kind: "select", columns, source, where, orderBy, unsupported };
  }

  #columns(): ColumnSyntax[] {
    const stream = this.#stream;
    if (stream.isSymbol("*") && !stream.isSymbol(",", 1)) {
      stream.next();
      return [];
    }
    return stream.list(() => {
      if (stream.isSymbol("*")) throw starNotAlone();
      const expression = this.#expressions.expression();
      return { expression, aliased: this.#alias() };
    });
  }

  #orderBy(): SortSyntax[] {
    const stream = this.#stream;
    if (!stream.takeWord("ORDER")) return [];
    stream.expectWord("BY", () => expectedToken("BY"));
    return stream.list(() => {
      const expression = this.#expressions.expression();
      const descending = stream.takeWord("DESC");
      if (!descending) stream.takeWord("ASC");
      return { expression, descending };
    });
  }

  #unsupportedClause(): SelectSyntax["unsupported"] {
    const clause = ["GROUP", "HAVING", "LIMIT"].find((word) => this.#stream.isWord(word));
    if (clause === undefined) return undefined;
    this.#stream.next();
    if (clause === "GROUP") this.#stream.expectWord("BY", () => expectedToken("BY"));
    const [first] = this.#stream.list(() => this.#expressions.expression());
    return first && { clause, place: first.place };
  }

  #insert(): Write {
    const stream = this.#stream;
    stream.next();
    if (!stream.takeWord("INTO")) throw unexpectedKeyword();
    const path = this.#expressions.simplePath();
    if (stream.takeWord("VALUE")) {
      return { kind: "insert", source: { path, aliased: false }, value: this.#expressions.expression() };
    }
    this.#expressions.expression();
    return { kind: "other", operation: "Insert" };
  }

  #update(): Write {
    const source = this.#source(this.#expressions.simplePath());
    const changes = this.#changes();
    const where = this.#where();
    return { kind: "update", source, changes, where, returning: this.#returning() };
  }

  /** The other form of UPDATE, which names its table first. */
  #updateFrom(): Write {
    const source = this.#source(this.#expressions.expression());
    const where = this.#where();
    const changes = this.#changes();
    return { kind: "update", source, changes, where, returning: this.#returning() };
  }

  #delete(): Write {
    this.#stream.expectWord("FROM", expectedDeleteSource);
    const source = this.#source(this.#expressions.simplePath());
    const where = this.#where();
    return { kind: "delete", source, where, returning: this.#returning() };
  }

  #source(path: Expression): SourceSyntax {
    return { path, aliased: this.#alias() };
  }

  /** Whether an alias stands here: the service reads it, to refuse it later. */
  #alias(): boolean {
    const stream = this.#stream;
    let aliased = !stream.isWord("AS") && stream.isIdentifier();
    if (aliased) stream.next();
    for (const word of ["AS", "AT", "BY"]) {
      if (!stream.takeWord(word)) continue;
      if (!stream.isIdentifier()) throw expectedAlias(word);
      stream.next();
      aliased = true;
    }
    return aliased;
  }

  #where(): Expression | undefined {
    return this.#stream.takeWord("WHERE") ? this.#expressions.expression() : undefined;
  }

  #changes(): ChangeSyntax[] {
    const stream = this.#stream;
    const changes: ChangeSyntax[] = [];
    for (;;) {
      if (stream.takeWord("SET")) changes.push(...stream.list(() => this.#assignment()));
      else if (stream.takeWord("REMOVE"))
        changes.push({ kind: "remove", target: this.#expressions.simplePath() });
      else break;
    }
    if (changes.length === 0) throw expectedManipulation();
    return changes;
  }

  #assignment(): ChangeSyntax {
    const target = this.#expressions.simplePath();
    this.#stream.expectSymbol("=", expectedAssignment);
    return { kind: "set", target, value: this.#expressions.expression() };
  }

  #returning(): ReturningSyntax | undefined {
    const stream = this.#stream;
    if (!stream.takeWord("RETURNING")) return undefined;
    const attributes = stream.takeWord("ALL") ? "ALL" : stream.takeWord("MODIFIED") ? "MODIFIED" : undefined;
    const image = stream.takeWord("OLD") ? "OLD" : stream.takeWord("NEW") ? "NEW" : undefined;
    if (attributes === undefined || image === undefined) throw expectedReturning();
    stream.expectSymbol("*", unsupportedReturning);
    return `${attributes} ${image}`;
  }
}
