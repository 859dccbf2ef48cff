/** Requests call a table by its name or its ARN: from either to the table. */
import {
  foreignAccount,
  foreignPartition,
  foreignRegion,
  malformedArn,
  notTableArn,
  resourceNotFound,
  tableNotFound,
} from "../model/messages/tables.ts";
import { backfillingIndex, noSuchIndex } from "../model/messages/pages.ts";
import { StaleTableError } from "../store/table-stamp.ts";
import type { IndexDefinition, Scope, Table } from "../store/table.ts";
import type { Context } from "./operation.ts";
import { isTableName, parseArn, partitionOf } from "./table-arn.ts";
import { statusOf } from "./tables/table-status.ts";

const arnPrefix = "arn:";
const tablePrefix = "table/";

/** The name in a name or ARN, wherever the ARN points. For those who only look a table up. */
export function tableNameOf(reference: string): string {
  if (!reference.startsWith(arnPrefix)) return reference;
  const resource = parseArn(reference)?.resource ?? "";
  return resource.slice(tablePrefix.length).split("/", 1)[0] ?? "";
}

/** The name of a table of the caller's own; refuses ARNs that lead elsewhere. */
export function checkTableReference(reference: string, caller: Scope): string {
  if (!reference.startsWith(arnPrefix)) return reference;
  const arn = parseArn(reference);
  if (arn?.service !== "dynamodb") throw malformedArn(reference);
  if (arn.partition !== partitionOf(caller.region)) throw foreignPartition(reference);
  if (arn.region !== caller.region) throw foreignRegion(reference);
  const name = arn.resource.slice(tablePrefix.length);
  if (!arn.resource.startsWith(tablePrefix) || name.includes("/")) throw notTableArn(reference);
  if (!isTableName(name)) throw malformedArn(reference);
  if (arn.accountId !== caller.accountId) throw foreignAccount();
  return name;
}

/**
 * The table that an operation on items uses. It comes from memory when this server has seen it before: reads and
 * writes of items notice when it is out of date.
 */
export async function activeTable({ store, caller, clock }: Context, reference: string): Promise<Table> {
  const name = checkTableReference(reference, caller);
  const table = store.tables.cached(caller, name) ?? (await store.tables.find(caller, name));
  if (table === undefined) throw resourceNotFound();
  if (table.definition.transition !== undefined) {
    const status = statusOf(table.definition, clock.now());
    if (status !== "ACTIVE" && status !== "UPDATING") throw resourceNotFound();
  }
  return table;
}

/** The index that an operation on items reads: one that has all its entries. */
export function readableIndex(table: Table, name: string): IndexDefinition {
  const index = findIndex(table, name);
  if (index === undefined) throw noSuchIndex(name);
  if (index.state === "building") throw backfillingIndex(name);
  return index;
}

/** The index called `name`, unless there is none or it is being deleted. */
export function findIndex({ definition }: Table, name: string): IndexDefinition | undefined {
  return definition.indexes.find((index) => index.name === name && index.state !== "deleting");
}

/** The table that an operation on tables uses, whatever its status. */
export async function existingTable(context: Context, reference: string): Promise<Table> {
  const name = checkTableReference(reference, context.caller);
  const table = await findTable(context, name);
  if (table === undefined) throw tableNotFound(name);
  return table;
}

/** The table as it is now. One whose deletion has run its time is taken out of the catalog on the way. */
export async function findTable(context: Context, name: string): Promise<Table | undefined> {
  const { store, caller, clock } = context;
  const table = await store.tables.find(caller, name);
  if (table === undefined || statusOf(table.definition, clock.now()) !== "GONE") return table;
  await store.tables.remove(caller, name, ({ id }) => {
    if (id !== table.id) throw new StaleTableError("a table was removed and made anew meanwhile");
  });
  return undefined;
}
