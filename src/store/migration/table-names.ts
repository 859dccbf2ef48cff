import { nameOfKeyspace, type Group } from "./migration-keys.ts";

/** What people call tables, by their ids: account, region and name. */
export type TableNames = ReadonlyMap<number, string>;

export function nameOfTable(names: TableNames, tableId: number): string {
  return names.get(tableId) ?? `removed table ${tableId}`;
}

/** What people call entries: what they are, and of which table where that is in their key. */
export function nameOfGroup(names: TableNames, { keyspace, tableId }: Group): string {
  const name = nameOfKeyspace(keyspace);
  return tableId === undefined ? name : `${nameOfTable(names, tableId)}: ${name}`;
}
