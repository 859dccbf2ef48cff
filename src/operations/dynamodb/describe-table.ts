import { tableNotFound } from "../../model/messages/tables.ts";
import { defineOperation } from "../operation.ts";
import { describeTable as description } from "../tables/table-description.ts";
import { existingTable } from "../table-reference.ts";
import { shownStatusOf, statusOf } from "../tables/table-status.ts";

/** Tells everything about a table but its items. */
export const describeTable = defineOperation({
  name: "DescribeTable",
  effect: "admin",
  wording: "older",
  resources: (input) => [input.TableName],

  prepare: (input) => ({ reference: input.TableName }),

  async execute({ reference }, context) {
    const table = await existingTable(context, reference);
    const { definition } = table;
    const now = context.clock.now();
    const status = shownStatusOf(definition, now);
    if (status === "GONE") throw tableNotFound(definition.name);
    const shows = statusOf(definition, now) === "ACTIVE" ? undefined : definition.transition?.shows;
    return { Table: await description(context, table, { status, shows }) };
  },
});
