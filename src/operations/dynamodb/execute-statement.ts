import type { SelectStatement } from "../../expressions/partiql/statement.ts";
import { foreignToken } from "../../model/messages/statements.ts";
import type { ExecuteStatementInput } from "../../model/types.generated.ts";
import type { Table } from "../../store/table.ts";
import { consistencyOf } from "../consistency.ts";
import { consumedCapacity, useOfWrite } from "../consumed-capacity.ts";
import { defineOperation, type Context, type Output } from "../operation.ts";
import { decodeToken, encodeToken } from "../partiql/next-token.ts";
import { readAlone, statementTables } from "../partiql/requested-statement.ts";
import { readSelectPage } from "../partiql/select-page.ts";
import { describePlan, planSelect, selectSource } from "../partiql/select-plan.ts";
import { applyStatement, planWrite, returnedRow, type WriteStatement } from "../partiql/statement-write.ts";
import { activeTable } from "../table-reference.ts";

/** Runs one PartiQL statement. A SELECT answers a page of rows. */
export const executeStatement = defineOperation({
  name: "ExecuteStatement",
  effect: "write",
  wording: "older",
  resources: (input) => statementTables([input]),

  prepare: (input) => ({ statement: readAlone(input), input }),

  async execute({ statement, input }, context) {
    const table = await activeTable(context, statement.source.table);
    return statement.kind === "select"
      ? select({ statement, input, table }, context)
      : write({ statement, input, table }, context);
  },
});

interface Run<Kind extends SelectStatement | WriteStatement> {
  readonly statement: Kind;
  readonly input: ExecuteStatementInput;
  readonly table: Table;
}

type Answer = Promise<Output<"ExecuteStatement">>;

async function select({ statement, input, table }: Run<SelectStatement>, context: Context): Answer {
  const plan = planSelect(statement, selectSource(statement, table), consistencyOf(input));
  context.log.debug("statement planned", describePlan(plan));
  const from = input.NextToken === undefined ? { part: 0 } : decodeToken(input.NextToken, input, plan);
  const { rows, next, lastKey, use } = await readSelectPage(context.store, plan, {
    from,
    itemsMax: input.Limit,
  });
  return {
    Items: rows,
    NextToken: next && encodeToken(input, plan, next),
    LastEvaluatedKey: lastKey,
    ConsumedCapacity: consumedCapacity(input.ReturnConsumedCapacity, statement.source.table, use),
  };
}

async function write({ statement, input, table }: Run<WriteStatement>, context: Context): Answer {
  if (input.NextToken !== undefined) throw foreignToken();
  const outcome = await applyStatement(context.store, {
    statement,
    write: planWrite(statement, table),
    showsItem: input.ReturnValuesOnConditionCheckFailure === "ALL_OLD",
  });
  if (outcome.kind === "refused") throw outcome.error;
  const row = returnedRow(statement, outcome);
  return {
    Items: row === undefined ? [] : [row],
    ConsumedCapacity: consumedCapacity(
      input.ReturnConsumedCapacity,
      statement.source.table,
      useOfWrite(outcome),
    ),
  };
}
