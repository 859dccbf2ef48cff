/** PartiQL statements as tests send them: a text alone, or with whatever else stands beside it. */
import {
  BatchExecuteStatementCommand,
  ExecuteStatementCommand,
  ExecuteTransactionCommand,
  type BatchExecuteStatementCommandInput,
  type BatchStatementRequest,
  type DynamoDBClient,
  type ExecuteStatementCommandInput,
  type ExecuteTransactionCommandInput,
  type ParameterizedStatement,
} from "@aws-sdk/client-dynamodb";
import type { Item } from "./indexed-tables.ts";

export function execute(
  client: DynamoDBClient,
  statement: string,
  input: Partial<ExecuteStatementCommandInput> = {},
) {
  return client.send(new ExecuteStatementCommand({ Statement: statement, ...input }));
}

export function executeBatch(
  client: DynamoDBClient,
  statements: readonly (string | BatchStatementRequest)[],
  input: Partial<BatchExecuteStatementCommandInput> = {},
) {
  const Statements = statements.map((one) => (typeof one === "string" ? { Statement: one } : one));
  return client.send(new BatchExecuteStatementCommand({ Statements, ...input }));
}

export function executeTransaction(
  client: DynamoDBClient,
  statements: readonly (string | ParameterizedStatement)[],
  input: Partial<ExecuteTransactionCommandInput> = {},
) {
  const TransactStatements = statements.map((one) => (typeof one === "string" ? { Statement: one } : one));
  return client.send(new ExecuteTransactionCommand({ TransactStatements, ...input }));
}

/** All rows of a statement, page by page, and how many pages there were. */
export async function allPages(
  client: DynamoDBClient,
  statement: string,
  input: Partial<ExecuteStatementCommandInput> = {},
): Promise<{ readonly rows: readonly Item[]; readonly pages: number }> {
  const rows: Item[] = [];
  let NextToken: string | undefined;
  let pages = 0;
  do {
    const page = await execute(client, statement, { ...input, NextToken });
    rows.push(...(page.Items ?? []));
    NextToken = page.NextToken;
    pages += 1;
  } while (NextToken !== undefined);
  return { rows, pages };
}
