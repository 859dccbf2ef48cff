import { tableNotFound } from "../../model/messages/tables.ts";
import type { Table } from "../../store/table.ts";
import type { Context } from "../operation.ts";
import { existingTable } from "../table-reference.ts";
import { statusOf } from "../tables/table-status.ts";

/** The table whose destinations a request is about. One that is being created is not there yet, here. */
export async function destinationTable(context: Context, reference: string): Promise<Table> {
  const table = await existingTable(context, reference);
  const { definition } = table;
  if (statusOf(definition, context.clock.now()) === "CREATING") throw tableNotFound(definition.name);
  return table;
}
