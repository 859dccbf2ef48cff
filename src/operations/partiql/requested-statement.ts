/** Statements as requests give them: a text and its parameters. */
import { readStatement } from "../../expressions/partiql/read-statement.ts";
import type { SelectStatement, Statement } from "../../expressions/partiql/statement.ts";
import { ServiceError } from "../../model/errors.ts";
import { existsOutsideTransaction, insertIntoIndex } from "../../model/messages/statements.ts";
import type { ParameterizedStatement } from "../../model/types.generated.ts";
import type { WriteStatement } from "./statement-write.ts";

export type RequestedStatement = Pick<ParameterizedStatement, "Statement" | "Parameters">;

export function readRequested({ Statement: text, Parameters: parameters }: RequestedStatement): Statement {
  const statement = readStatement(text, parameters ?? []);
  if (statement.kind === "insert" && statement.source.index !== undefined) throw insertIntoIndex();
  return statement;
}

/** A statement that does not stand in a transaction, where alone there are condition checks. */
export function readAlone(requested: RequestedStatement): SelectStatement | WriteStatement {
  const statement = readRequested(requested);
  if (statement.kind === "exists") throw existsOutsideTransaction();
  return statement;
}

/** The tables that statements name; those that cannot be read name none. */
export function statementTables(requested: readonly RequestedStatement[]): readonly string[] {
  return [...new Set(requested.flatMap(tableOf))];
}

function tableOf(requested: RequestedStatement): string | readonly string[] {
  try {
    return readRequested(requested).source.table;
  } catch (error) {
    if (error instanceof ServiceError) return [];
    throw error;
  }
}
