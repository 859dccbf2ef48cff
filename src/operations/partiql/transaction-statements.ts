/** The statements of ExecuteTransaction: read without data first, and then held against their tables. */
import { checkParameters } from "../../expressions/partiql/read-statement.ts";
import type { SelectStatement, Statement } from "../../expressions/partiql/statement.ts";
import { ServiceError } from "../../model/errors.ts";
import {
  inTransactStatement,
  missingTableReason,
  mixedTransaction,
} from "../../model/messages/statements.ts";
import { noReason, transactionCancelled, validationReason } from "../../model/messages/transactions.ts";
import type { CancellationReason, ParameterizedStatement } from "../../model/types.generated.ts";
import type { Table } from "../../store/table.ts";
import type { Context } from "../operation.ts";
import { activeTable } from "../table-reference.ts";
import { readRequested } from "./requested-statement.ts";

/** One statement of a transaction. */
export interface TransactStatement<Kind extends Statement = Statement> {
  readonly statement: Kind;
  readonly requested: ParameterizedStatement;
}

export type TransactWrite = TransactStatement<Exclude<Statement, SelectStatement>>;

/** A transaction reads or writes, and never both. */
export type StatementTransaction =
  | { readonly kind: "read"; readonly statements: readonly TransactStatement<SelectStatement>[] }
  | { readonly kind: "write"; readonly statements: readonly TransactWrite[] };

export function readTransaction(requested: readonly ParameterizedStatement[]): StatementTransaction {
  for (const { Parameters: parameters = [] } of requested) checkParameters(parameters);
  const reads: TransactStatement<SelectStatement>[] = [];
  const writes: TransactWrite[] = [];
  for (const [position, one] of requested.entries()) {
    const statement = at(position, () => readRequested(one));
    if (statement.kind === "select") reads.push({ statement, requested: one });
    else writes.push({ statement, requested: one });
  }
  if (writes.length === 0) return { kind: "read", statements: reads };
  if (reads.length > 0) throw mixedTransaction();
  return { kind: "write", statements: writes };
}

/** Tells of a refusal which statement has met it. */
function at<Result>(position: number, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    throw error instanceof ServiceError ? inTransactStatement(position, error) : error;
  }
}

/**
 * What `check` makes of each statement and its table. A refusal of one ends the request; where a table is missing, the
 * transaction is cancelled, unless another statement ends the request.
 */
export async function onTables<Kind extends Statement, Result>(
  statements: readonly TransactStatement<Kind>[],
  context: Context,
  check: (statement: TransactStatement<Kind>, table: Table) => Result,
): Promise<readonly Result[]> {
  const tables: (Table | undefined)[] = [];
  for (const { statement } of statements) tables.push(await tableOf(statement, context));
  const results = statements.flatMap((statement, position) => {
    const table = tables[position];
    return table === undefined ? [] : [at(position, () => check(statement, table))];
  });
  if (results.length === statements.length) return results;
  throw transactionCancelled(tables.map((table) => (table === undefined ? missingTableReason : noReason)));
}

async function tableOf({ source }: Statement, context: Context): Promise<Table | undefined> {
  try {
    return await activeTable(context, source.table);
  } catch (error) {
    if (error instanceof ServiceError && error.name === "ResourceNotFoundException") return undefined;
    throw error;
  }
}

/** Runs what checks one statement for each; their refusals cancel the transaction together. */
export function allOrCancelled<Checked, Result>(
  all: readonly Checked[],
  check: (one: Checked) => Result,
): readonly Result[] {
  const results: Result[] = [];
  const reasons = all.map((one): CancellationReason => {
    try {
      results.push(check(one));
      return noReason;
    } catch (error) {
      if (error instanceof ServiceError && error.name === "ValidationException")
        return validationReason(error);
      throw error;
    }
  });
  if (results.length < all.length) throw transactionCancelled(reasons);
  return results;
}
