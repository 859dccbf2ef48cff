/** A table's definition in the engine, beside the version that every read and write checks. */
import type { ReadView, Transaction } from "../engine/engine.ts";
import { jsonRecord } from "./json-record.ts";
import { definitionKey, stampKey } from "./keyspace.ts";
import { decodeStamp, encodeStamp } from "./table-stamp.ts";
import type { Table, TableDefinition } from "./table.ts";

const definitionRecord = jsonRecord<TableDefinition>();

/** The table as it is now; undefined when it was removed. */
export async function readTableById(view: ReadView | Transaction, id: number): Promise<Table | undefined> {
  const [value] = await view.getMany([definitionKey(id)]);
  return value === undefined ? undefined : decodeTable(id, value);
}

/**
 * The same for those who change it. They hold its version before all else, as writers of items do: whoever took it last
 * would lock up with a writer that waits for what they hold already.
 */
export async function holdTableById(transaction: Transaction, id: number): Promise<Table | undefined> {
  const [, [value]] = await Promise.all([
    transaction.getMany([stampKey(id)], "sole"),
    transaction.getMany([definitionKey(id)]),
  ]);
  return value === undefined ? undefined : decodeTable(id, value);
}

/** Stages a table under the version it carries. */
export function putTable(transaction: Transaction, { id, version, definition }: Table): void {
  const stamp = encodeStamp(version);
  transaction.put(definitionKey(id), Buffer.concat([stamp, definitionRecord.encode(definition)]));
  transaction.put(stampKey(id), stamp);
}

/** What definitions lack that were stored before there were indexes. */
const olderDefinition = { indexes: [], nextIndexId: 1 } satisfies Partial<TableDefinition>;

/** A table from what `putTable` wrote under its definition's key. */
export function decodeTable(id: number, value: Uint8Array): Table {
  const definition = { ...olderDefinition, ...definitionRecord.decode(value, 4) };
  return { id, version: decodeStamp(value), definition };
}
