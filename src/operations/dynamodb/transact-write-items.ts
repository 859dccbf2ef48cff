import { itemTwiceInTransaction } from "../../model/messages/transactions.ts";
import type { TransactWriteItem } from "../../model/types.generated.ts";
import type { Table } from "../../store/table.ts";
import { nameOneItemTwice } from "../items/batch-keys.ts";
import { cancelling } from "../transactions/cancellation.ts";
import { defineOperation, type Context } from "../operation.ts";
import { idempotencyToken } from "../transactions/request-token.ts";
import { activeTable } from "../table-reference.ts";
import { applyTransaction, type TransactionWrite } from "../transactions/transaction.ts";
import {
  checkActionKeyValues,
  readActions,
  transactionWrite,
  type Action,
} from "../transactions/transaction-actions.ts";
import { writeCapacities } from "../transactions/transaction-capacity.ts";
import { collectionMetrics } from "../transactions/transaction-metrics.ts";

/** Writes up to 100 items of one or more tables, or none of them. */
export const transactWriteItems = defineOperation({
  name: "TransactWriteItems",
  effect: "write",
  wording: "older",
  resources: (input) => [...new Set(input.TransactItems.flatMap(tableNames))],

  prepare(input) {
    return {
      actions: readActions(input.TransactItems),
      token: input.ClientRequestToken,
      content: input.TransactItems,
      capacityDetail: input.ReturnConsumedCapacity,
      metricsDetail: input.ReturnItemCollectionMetrics,
    };
  },

  async execute({ actions, token, content, capacityDetail, metricsDetail }, context) {
    const writes = await planActions(actions, context);
    const once = idempotencyToken(context.caller, { operation: "TransactWriteItems", token, content });
    const applied = await applyTransaction(context.store, writes, once);
    return {
      ConsumedCapacity: writeCapacities(capacityDetail, writes, applied),
      ItemCollectionMetrics: collectionMetrics(metricsDetail, writes, applied),
    };
  },
});

function tableNames({ ConditionCheck, Put, Delete, Update }: TransactWriteItem): readonly string[] {
  return [ConditionCheck, Put, Delete, Update].flatMap((member) => member?.TableName ?? []);
}

/** Checks the actions against their tables: what ends the request first, then what cancels the transaction. */
async function planActions(
  actions: readonly Action[],
  context: Context,
): Promise<readonly TransactionWrite[]> {
  const planned: { readonly action: Action; readonly table: Table }[] = [];
  for (const action of actions) {
    planned.push({ action, table: await activeTable(context, action.tableName) });
  }
  for (const { action, table } of planned) checkActionKeyValues(table, action);
  const count = actions.length;
  const writes = planned.map(({ action, table }, position) =>
    cancelling({ position, count }, () => transactionWrite(table, action)),
  );
  if (nameOneItemTwice(writes.map(({ write }) => write))) throw itemTwiceInTransaction();
  return writes;
}
