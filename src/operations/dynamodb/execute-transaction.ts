import { defineOperation } from "../operation.ts";
import { statementTables } from "../partiql/requested-statement.ts";
import { readTransactionRows } from "../partiql/transaction-reads.ts";
import { readTransaction } from "../partiql/transaction-statements.ts";
import { planTransactionWrites } from "../partiql/transaction-writes.ts";
import { idempotencyToken } from "../transactions/request-token.ts";
import { capacitiesByTable, writeCapacities } from "../transactions/transaction-capacity.ts";
import { applyTransaction } from "../transactions/transaction.ts";

/** Runs up to 100 PartiQL statements as one: all of them read, or all write. */
export const executeTransaction = defineOperation({
  name: "ExecuteTransaction",
  effect: "write",
  wording: "older",
  resources: (input) => statementTables(input.TransactStatements),

  prepare(input) {
    return {
      transaction: readTransaction(input.TransactStatements),
      token: input.ClientRequestToken,
      content: input.TransactStatements,
      capacityDetail: input.ReturnConsumedCapacity,
    };
  },

  async execute({ transaction, token, content, capacityDetail }, context) {
    if (transaction.kind === "read") {
      const { responses, uses } = await readTransactionRows(transaction.statements, context);
      return { Responses: responses, ConsumedCapacity: capacitiesByTable(capacityDetail, uses, "read") };
    }
    const writes = await planTransactionWrites(transaction.statements, context);
    const once = idempotencyToken(context.caller, { operation: "ExecuteTransaction", token, content });
    const applied = await applyTransaction(context.store, writes, once);
    return { Responses: [], ConsumedCapacity: writeCapacities(capacityDetail, writes, applied) };
  },
});
