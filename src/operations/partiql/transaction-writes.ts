/** The writes and condition checks of ExecuteTransaction: the same actions as those of TransactWriteItems. */
import { holds } from "../../expressions/evaluate.ts";
import { namedKey, type NamedKey } from "../../expressions/partiql/named-key.ts";
import type { ExistsStatement } from "../../expressions/partiql/statement.ts";
import type { Item } from "../../model/attribute-value.ts";
import {
  duplicateReason,
  existsWithoutCondition,
  returningInTransaction,
  statementOnIndex,
  statementTooDeep,
  transactionReadOnIndex,
  twoKeyValues,
} from "../../model/messages/statements.ts";
import { itemTwiceInTransaction, transactionTooLarge } from "../../model/messages/transactions.ts";
import { tableKeyAttributes } from "../../store/key-attributes.ts";
import type { Table } from "../../store/table.ts";
import { itemSize } from "../../values/size.ts";
import { nameOneItemTwice } from "../items/batch-keys.ts";
import { checkedItemSize } from "../items/item-size.ts";
import type { Context } from "../operation.ts";
import {
  checkActionKeyValues,
  transactionBytesMax,
  transactionWrite,
  type Action,
} from "../transactions/transaction-actions.ts";
import type { TransactionWrite } from "../transactions/transaction.ts";
import { allowsWrite, type WriteStatement } from "./statement-write.ts";
import { allOrCancelled, onTables, type TransactWrite } from "./transaction-statements.ts";

/** Holds the statements against their tables: what ends the request first, then what cancels the transaction. */
export async function planTransactionWrites(
  statements: readonly TransactWrite[],
  context: Context,
): Promise<readonly TransactionWrite[]> {
  const planned = await onTables(statements, context, planAction);
  checkSizes(planned);
  for (const { table, action } of planned) checkActionKeyValues(table, action);
  const writes = allOrCancelled(planned, plannedWrite);
  if (nameOneItemTwice(writes.map(({ write }) => write))) throw itemTwiceInTransaction();
  return writes;
}

interface PlannedAction {
  readonly table: Table;
  readonly action: Action;
  /** The key attribute that a statement wants to have two values. */
  readonly contradicted?: string | undefined;
}

function planAction({ statement, requested }: TransactWrite, table: Table): PlannedAction {
  const showsItem = requested.ReturnValuesOnConditionCheckFailure === "ALL_OLD";
  if (statement.kind === "exists") {
    return { table, action: conditionCheck(statement, table, showsItem) };
  }
  checkFitsTransaction(statement);
  const tableName = statement.source.table;
  const condition = { allows: allowsWrite(statement), showsItem };
  if (statement.kind === "insert") {
    const { item } = statement;
    return {
      table,
      action: { tableName, change: { kind: "put", item, sizeBytes: itemSize(item) }, condition },
    };
  }
  const { values: key, contradicted } = keyIn(statement, table);
  const change: Action["change"] =
    statement.kind === "update"
      ? { kind: "update", key, update: statement.update, tooDeep: statementTooDeep }
      : { kind: "delete", key };
  return { table, action: { tableName, change, condition }, contradicted };
}

function checkFitsTransaction(statement: WriteStatement): void {
  if (statement.kind !== "insert" && statement.returning !== undefined) throw returningInTransaction();
  if (statement.source.index !== undefined) throw statementOnIndex();
}

/** EXISTS is true of an item that is there and is like that; where its key has two values, of none. */
function conditionCheck({ source, select }: ExistsStatement, table: Table, showsItem: boolean): Action {
  if (source.index !== undefined) throw transactionReadOnIndex();
  const { where } = select;
  const { values: key, asksMore, contradicted } = keyIn(select, table);
  const isWhole = tableKeyAttributes(table.definition.keySchema).length === Object.keys(key).length;
  if (where === undefined || !isWhole || !(asksMore || contradicted !== undefined)) {
    throw existsWithoutCondition();
  }
  const allows = (before: Item | undefined) => before !== undefined && holds(where, before);
  return { tableName: source.table, change: { kind: "check", key }, condition: { allows, showsItem } };
}

function keyIn({ where }: Pick<ExistsStatement["select"], "where">, { definition }: Table): NamedKey {
  return namedKey(
    where,
    tableKeyAttributes(definition.keySchema).map(({ name }) => name),
  );
}

function checkSizes(planned: readonly PlannedAction[]): void {
  let bytes = 0;
  for (const {
    action: { change },
  } of planned) {
    bytes += change.kind === "put" ? checkedItemSize(change.item) : itemSize(change.key);
  }
  if (bytes > transactionBytesMax) throw transactionTooLarge();
}

function plannedWrite({ table, action, contradicted }: PlannedAction): TransactionWrite {
  if (contradicted !== undefined) throw twoKeyValues(contradicted);
  const write = transactionWrite(table, action);
  return action.change.kind === "put" ? { ...write, refusal: () => duplicateReason } : write;
}
