import { unreachable } from "../../base/assert.ts";
import { wellFormed } from "../../base/text.ts";
import { emptyItem } from "../../model/attribute-value.ts";
import { ServiceError } from "../../model/errors.ts";
import type { AttributeValue, Item } from "../../model/attribute-value.ts";
import {
  aliasing,
  deleteReturning,
  emptySourcePart,
  tooManySourceParts,
  unexpectedPathComponent,
  unsupportedClause,
  unsupportedData,
  unsupportedOperation,
} from "../../model/messages/partiql.ts";
import { headOf } from "../scope.ts";
import { buildCondition, type ConditionTemplate } from "./condition-builder.ts";
import { positionOf } from "./lexer.ts";
import { literalValue } from "./literals.ts";
import { operationOf } from "./operation-name.ts";
import { pathOf } from "./paths.ts";
import type { Column, RowProjection } from "./row-projection.ts";
import { boundValue, type SlotValue } from "./slots.ts";
import { parseStatement } from "./statement-parser.ts";
import type { Returning, SelectStatement, SortTerm, Source } from "./statement.ts";
import type {
  ColumnSyntax,
  Expression,
  ReturningSyntax,
  SelectSyntax,
  SourceSyntax,
  StatementSyntax,
} from "./syntax.ts";
import { buildUpdate, type UpdateTemplate } from "./update-builder.ts";

/** A statement of which everything is known but the values of its parameters. */
export interface PreparedStatement {
  readonly template: StatementTemplate;
  /** How many parameters it takes. */
  readonly parameters: number;
}

export type StatementTemplate =
  | SelectTemplate
  | { readonly kind: "insert"; readonly source: Source; readonly item: ItemTemplate }
  | {
      readonly kind: "update";
      readonly source: Source;
      readonly update: UpdateTemplate;
      readonly where?: ConditionTemplate | undefined;
      readonly returning?: Returning | undefined;
    }
  | {
      readonly kind: "delete";
      readonly source: Source;
      readonly where?: ConditionTemplate | undefined;
      readonly returning?: Returning | undefined;
    }
  | { readonly kind: "exists"; readonly source: Source; readonly select: SelectTemplate };

export interface SelectTemplate extends Pick<SelectStatement, "projection" | "columnFault"> {
  readonly kind: "select";
  readonly source: Source;
  readonly where?: ConditionTemplate | undefined;
  readonly orderBy: readonly SortTerm[];
}

/** Parameters may stand for whole attributes only. */
export type ItemTemplate = ReadonlyMap<string, SlotValue>;

/** Reads `text` as far as it can be read without parameters and tables. */
export function prepareStatement(text: string): PreparedStatement {
  const { syntax, parameters } = parseStatement(text);
  return { template: new Preparation(text).statement(syntax), parameters };
}

/** The item that an INSERT makes of its parameters. */
export function boundItem(template: ItemTemplate, parameters: readonly AttributeValue[]): Item {
  const item = emptyItem();
  for (const [name, slot] of template) {
    const value = boundValue(slot, parameters);
    if (value !== undefined) item[name] = value;
  }
  return item;
}

class Preparation {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  statement(syntax: StatementSyntax): StatementTemplate {
    switch (syntax.kind) {
      case "select":
        return this.#select(syntax);
      case "insert":
        return { kind: "insert", source: this.#source(syntax.source), item: this.#item(syntax.value) };
      case "update": {
        const source = this.#source(syntax.source);
        const update = buildUpdate(syntax.changes, this.#text);
        return {
          kind: "update",
          source,
          update,
          where: this.#where(syntax.where),
          returning: returningOf(syntax),
        };
      }
      case "delete": {
        const { returning } = syntax;
        const source = this.#source(syntax.source);
        if (returning !== undefined && returning !== "ALL OLD") throw deleteReturning(returning);
        return { kind: "delete", source, where: this.#where(syntax.where), returning: returningOf(syntax) };
      }
      case "exists": {
        const select = this.#select(syntax.select);
        return { kind: "exists", source: select.source, select };
      }
      case "other":
        throw unsupportedOperation(syntax.operation);
      default:
        return unreachable(syntax);
    }
  }

  #select({ columns, source, where, orderBy, unsupported }: SelectSyntax): SelectTemplate {
    if (unsupported !== undefined) {
      throw unsupportedClause(unsupported.clause, positionOf(this.#text, unsupported.place));
    }
    const read = this.#columns(columns);
    const from = this.#source(source);
    // Of an index it is told first whether statements can read it at all.
    if (read.columnFault !== undefined && from.index === undefined) throw read.columnFault;
    return {
      kind: "select",
      ...read,
      source: from,
      where: this.#where(where),
      orderBy: orderBy.map(({ expression, descending }) => ({
        name: this.#sortName(expression),
        descending,
      })),
    };
  }

  #columns(columns: readonly ColumnSyntax[]): Pick<SelectTemplate, "projection" | "columnFault"> {
    try {
      return { projection: columns.length === 0 ? undefined : this.#projection(columns) };
    } catch (error) {
      if (error instanceof ServiceError) return { columnFault: error };
      throw error;
    }
  }

  #projection(columns: readonly ColumnSyntax[]): RowProjection {
    const named = columns.map((column) => this.#column(column));
    return { columns: named, attributes: [...new Set(named.map(({ path }) => headOf(path)))] };
  }

  /** A column is called as its path ends: from its last name on. */
  #column({ expression, aliased }: ColumnSyntax): Column {
    if (aliased) throw aliasing();
    const path = pathOf(expression, this.#text);
    const last = path.findLastIndex((step) => typeof step === "string");
    const name = path.slice(last).map((step) => (typeof step === "number" ? `[${step}]` : step));
    return { name: name.join(""), path };
  }

  /** A nested path reads as an attribute with dots in its name, which is hardly ever part of a key. */
  #sortName(expression: Expression): string {
    return pathOf(expression, this.#text).join(".");
  }

  #source({ path, aliased }: SourceSyntax): Source {
    if (aliased) throw aliasing();
    const [table, index, ...more] = pathOf(path, this.#text).map((part) => {
      if (typeof part === "number") throw unexpectedPathComponent(positionOf(this.#text, path.place));
      if (part === "") throw emptySourcePart();
      return part;
    });
    if (more.length > 0) throw tooManySourceParts();
    return { table: table ?? "", index };
  }

  #where(where: Expression | undefined): ConditionTemplate | undefined {
    return where && buildCondition(where, this.#text);
  }

  #item(value: Expression): ItemTemplate {
    if (value.kind !== "struct") throw this.#unsupported(value);
    const item = new Map<string, SlotValue>();
    for (const member of value.members) {
      if (member.name.kind !== "string") throw this.#unsupported(member.name);
      item.set(wellFormed(member.name.text), this.#attribute(member.value));
    }
    return item;
  }

  #attribute(value: Expression): SlotValue {
    if (value.kind === "parameter") return { parameter: value.index };
    return { constant: literalValue(value, this.#text) };
  }

  #unsupported(expression: Expression): Error {
    return unsupportedData(operationOf(expression), "root", positionOf(this.#text, expression.place));
  }
}

function returningOf({
  returning,
}: {
  readonly returning?: ReturningSyntax | undefined;
}): Returning | undefined {
  switch (returning) {
    case undefined:
      return undefined;
    case "ALL OLD":
      return { attributes: "all", image: "old" };
    case "ALL NEW":
      return { attributes: "all", image: "new" };
    case "MODIFIED OLD":
      return { attributes: "modified", image: "old" };
    case "MODIFIED NEW":
      return { attributes: "modified", image: "new" };
    default:
      return unreachable(returning);
  }
}
