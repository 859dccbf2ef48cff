/** The keys of a batch or transaction: no two of them may name one item. */
import type { Item } from "../../model/attribute-value.ts";
import { duplicateKeys } from "../../model/messages/batches.ts";
import type { ItemRead } from "../../store/store.ts";

/** Refuses checked keys of one table of which two are the same. */
export function checkNoDuplicates(keys: readonly Item[]): void {
  const seen = new Set<string>();
  for (const key of keys) seen.add(identityOf(key));
  if (seen.size < keys.length) throw duplicateKeys();
}

/** Whether two of these checked keys, of any tables, name one item. */
export function nameOneItemTwice(targets: readonly ItemRead[]): boolean {
  const seen = new Set<string>();
  for (const { table, key } of targets) seen.add(`${table.id} ${identityOf(key)}`);
  return seen.size < targets.length;
}

/** Checked values are canonical, so that equal keys print the same once their attributes are in one order. */
function identityOf(key: Item): string {
  const names = Object.keys(key);
  if (names.length > 1) names.sort();
  return JSON.stringify(names.map((name) => [name, key[name]]));
}
