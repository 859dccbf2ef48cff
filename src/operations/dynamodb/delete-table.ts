import { notDeletableWhileIndexes } from "../../model/messages/index-changes.ts";
import { notDeletableWhileStream } from "../../model/messages/streams.ts";
import {
  deletionProtected,
  notDeletableWhileUpdated,
  tableBeingCreated,
  tableBeingDeleted,
  tableNotFound,
} from "../../model/messages/tables.ts";
import type { Table } from "../../store/table.ts";
import { defineOperation, type Context } from "../operation.ts";
import { describeTable } from "../tables/table-description.ts";
import { isUnderWay } from "../tables/index-status.ts";
import { existingTable } from "../table-reference.ts";
import { statusOf, transitionFor } from "../tables/table-status.ts";

/** Deletes a table and all its items. */
export const deleteTable = defineOperation({
  name: "DeleteTable",
  effect: "admin",
  wording: "older",
  resources: (input) => [input.TableName],

  prepare: (input) => ({ reference: input.TableName }),

  async execute({ reference }, context) {
    const table = await existingTable(context, reference);
    const description = await describeTable(context, table, { status: "DELETING" });
    const { name } = table.definition;
    if ((await markOrRemove(context, name)) === undefined) throw tableNotFound(name);
    return { TableDescription: description };
  },
});

/** The table is gone at once, or shows DELETING for a while and is taken out by whoever looks for it after that. */
function markOrRemove({ store, caller, clock, settings }: Context, name: string): Promise<Table | undefined> {
  const now = clock.now();
  const transition = transitionFor("DELETING", { now, delayMs: settings.tableDelayMs });
  if (transition === undefined) {
    return store.tables.remove(caller, name, (table) => {
      checkDeletable(table, now);
    });
  }
  return store.tables.update(caller, name, (table) => {
    checkDeletable(table, now);
    return { ...table.definition, transition };
  });
}

function checkDeletable({ definition }: Table, now: number): void {
  const status = statusOf(definition, now);
  if (status === "CREATING") throw tableBeingCreated(definition.name);
  if (status === "DELETING") throw tableBeingDeleted(definition.name);
  if (status === "GONE") throw tableNotFound(definition.name);
  if (definition.indexes.some((index) => isUnderWay(index, now))) throw notDeletableWhileIndexes();
  if (status === "UPDATING") {
    const changesStream = definition.transition?.changes === "stream";
    throw changesStream ? notDeletableWhileStream() : notDeletableWhileUpdated(definition.name);
  }
  if (definition.deletionProtected) throw deletionProtected();
}
