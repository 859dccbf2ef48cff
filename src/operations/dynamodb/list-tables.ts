import { defineOperation } from "../operation.ts";
import { findTable } from "../table-reference.ts";

const namesMax = 100;

/** Names the caller's tables, in the order of their bytes. */
export const listTables = defineOperation({
  name: "ListTables",
  effect: "admin",
  wording: "older",
  resources: () => [],

  prepare: (input) => ({ after: input.ExclusiveStartTableName, namesMax: input.Limit ?? namesMax }),

  async execute(command, context) {
    const { names, more } = await context.store.tables.list(context.caller, command);
    const tables = await Promise.all(names.map((name) => findTable(context, name)));
    return {
      TableNames: names.filter((_, index) => tables[index] !== undefined),
      LastEvaluatedTableName: more ? names.at(-1) : undefined,
    };
  },
});
