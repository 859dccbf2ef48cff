/** The reads of ExecuteTransaction: each of one item by its key, all as they were at one moment. */
import { keyPlan } from "../../expressions/partiql/key-plan.ts";
import { namedKey } from "../../expressions/partiql/named-key.ts";
import { projectRow } from "../../expressions/partiql/row-projection.ts";
import type { SelectStatement } from "../../expressions/partiql/statement.ts";
import { transactionReadOnIndex, transactionReadWithoutKey } from "../../model/messages/statements.ts";
import { itemTwiceInTransaction, transactionTooLarge } from "../../model/messages/transactions.ts";
import type { ItemResponse } from "../../model/types.generated.ts";
import { orderOf, tableKeyAttributes } from "../../store/key-attributes.ts";
import type { ItemRead } from "../../store/store.ts";
import type { StoredItem } from "../../store/stored-item.ts";
import type { Table } from "../../store/table.ts";
import { nameOneItemTwice } from "../items/batch-keys.ts";
import { checkUncontended } from "../transactions/cancellation.ts";
import { checkKey, checkKeyValues } from "../items/item-key.ts";
import type { Context } from "../operation.ts";
import { transactionBytesMax } from "../transactions/transaction-actions.ts";
import { useOfTransactionalRead, type ActionUse } from "../transactions/transaction-capacity.ts";
import { allOrCancelled, onTables, type TransactStatement } from "./transaction-statements.ts";

export interface TransactionRows {
  readonly responses: readonly ItemResponse[];
  readonly uses: readonly ActionUse[];
}

export async function readTransactionRows(
  statements: readonly TransactStatement<SelectStatement>[],
  context: Context,
): Promise<TransactionRows> {
  const reads = await planReads(statements, context);
  checkUncontended(context.store.contended(reads));
  const items = await context.store.readItems(reads, "strong");
  if (items.reduce((sum, item) => sum + (item?.sizeBytes ?? 0), 0) > transactionBytesMax) {
    throw transactionTooLarge();
  }
  return {
    responses: statements.map(({ statement }, position) => responseOf(statement, items[position])),
    uses: reads.map(({ table }, position) => ({
      table,
      tableName: statements[position]?.statement.source.table ?? "",
      use: useOfTransactionalRead(items[position]?.sizeBytes ?? 0),
    })),
  };
}

async function planReads(
  statements: readonly TransactStatement<SelectStatement>[],
  context: Context,
): Promise<readonly ItemRead[]> {
  const named = await onTables(statements, context, ({ statement }, table) => readOf(statement, table));
  // As in other transactions, bad values of keys end the request, and keys of the wrong types cancel it.
  for (const { table, key } of named) checkKeyValues(table.definition.keySchema, key);
  const reads = allOrCancelled(named, ({ table, key }) => ({
    table,
    key: checkKey(table.definition.keySchema, key),
  }));
  if (nameOneItemTwice(reads)) throw itemTwiceInTransaction();
  return reads;
}

/** The one item that a statement names by nothing but its key, whose values may still be of the wrong types. */
function readOf({ source, where }: SelectStatement, table: Table): ItemRead {
  if (source.index !== undefined) throw transactionReadOnIndex();
  const { keySchema } = table.definition;
  const names = tableKeyAttributes(keySchema).map(({ name }) => name);
  const { values: key, contradicted, asksMore } = namedKey(where, names, { listsOfOne: true });
  if (names.length === Object.keys(key).length && contradicted === undefined && !asksMore)
    return { table, key };
  // What is wrong with a clause whatever it asks for is told first.
  keyPlan(where, { ...orderOf(keySchema), isUnique: true });
  throw transactionReadWithoutKey();
}

/** An absent item and one of which nothing was asked for look the same. */
function responseOf({ projection }: SelectStatement, stored: StoredItem | undefined): ItemResponse {
  if (stored === undefined) return {};
  if (projection === undefined) return { Item: stored };
  const row = projectRow(projection, stored.item);
  return Object.keys(row).length === 0 ? {} : { Item: row };
}
