/** What of an item a read can get from an index, and what only from the table behind it. */
import {
  attributesNotProjected,
  filterNotProjected,
  wholeItemsOfGlobalIndex,
} from "../../model/messages/pages.ts";
import { projectedNames } from "../../store/indexes/index-entries.ts";
import type { IndexDefinition, Table } from "../../store/table.ts";

/** A table, or one of its indexes. */
export interface PageSource {
  readonly table: Table;
  readonly index: IndexDefinition | undefined;
}

/** What a request wants of the items: these attributes, whole items, or what the table or index has of them. */
export type Wanted = readonly string[] | "whole items" | "what is there";

/**
 * Whether the items have to be fetched from the table, which only local indexes do: they share its item collections. A
 * global index refuses what it does not project.
 */
export function mustFetchItems({ table, index }: PageSource, wanted: Wanted): boolean {
  if (index === undefined || wanted === "what is there" || index.projection.type === "ALL") return false;
  if (wanted === "whole items") {
    if (index.kind === "global") throw wholeItemsOfGlobalIndex(index.name);
    return true;
  }
  const missing = notProjected(table, index, wanted);
  if (missing.length === 0) return false;
  if (index.kind === "global") throw attributesNotProjected(index.name, missing);
  return true;
}

/**
 * Refuses the filter of a query that looks at attributes which the index does not project. Local indexes do not fetch
 * them either; a scan takes such a filter, which finds these attributes absent.
 */
export function checkFilterProjected({ table, index }: PageSource, names: readonly string[]): void {
  if (index === undefined) return;
  const missing = notProjected(table, index, names);
  if (missing.length > 0) throw filterNotProjected(index.name, missing);
}

function notProjected(table: Table, index: IndexDefinition, names: readonly string[]): readonly string[] {
  const projected = projectedNames(table, index);
  return projected === undefined ? [] : names.filter((name) => !projected.has(name));
}
