/** How a SELECT finds its items. */
import { assert, unreachable } from "../../base/assert.ts";
import type { Condition } from "../../expressions/evaluate.ts";
import {
  filteredAttributes,
  keyPlan,
  type CollectionPart,
  type KeyPlan,
  type PlannedKey,
} from "../../expressions/partiql/key-plan.ts";
import type { RowProjection } from "../../expressions/partiql/row-projection.ts";
import type { SelectStatement } from "../../expressions/partiql/statement.ts";
import type { Item } from "../../model/attribute-value.ts";
import {
  manyAttributeKey,
  noStatementIndex,
  strongStatementOnGlobalIndex,
} from "../../model/messages/statements.ts";
import { projectedNames } from "../../store/indexes/index-entries.ts";
import { orderOf } from "../../store/key-attributes.ts";
import type { Extent } from "../../store/page.ts";
import type { IndexKeySchema, Table } from "../../store/table.ts";
import type { Consistency } from "../consistency.ts";
import { checkFilterProjected, mustFetchItems, type PageSource } from "../pages/index-projection.ts";
import { checkKeyValues } from "../items/item-key.ts";
import { checkedCollection } from "../pages/query-key-condition.ts";
import { findIndex, readableIndex } from "../table-reference.ts";
import { checkOrderTerms, orderedPlan, type StatementKey } from "./order-by.ts";

export interface SelectPlan {
  readonly source: PageSource;
  readonly reads: Reads;
  /** Which of the items read are rows; absent: all. */
  readonly filter: Condition | undefined;
  /** Absent: whole items, as far as an index has them. */
  readonly projection: RowProjection | undefined;
  readonly consistency: Consistency;
}

/** What is read, one part after another. */
export type Reads =
  | { readonly kind: "keys"; readonly keys: readonly Item[] }
  | {
      readonly kind: "extents";
      readonly extents: readonly Extent[];
      readonly reverse: boolean;
      /** Read the item behind each entry of the index, too. */
      readonly fetchesItems: boolean;
    };

/** The table or index that a SELECT reads. */
export function selectSource(
  { source: { index: name }, columnFault }: SelectStatement,
  table: Table,
): PageSource {
  if (name === undefined) return { table, index: undefined };
  if (findIndex(table, name) === undefined) throw noStatementIndex();
  const index = readableIndex(table, name);
  const { partitionKeys, sortKeys } = index.keySchema;
  if (partitionKeys.length > 1 || sortKeys.length > 1) throw manyAttributeKey();
  if (columnFault !== undefined) throw columnFault;
  return { table, index };
}

/** Plans a SELECT on what it reads. */
export function planSelect(
  { where, orderBy, projection }: SelectStatement,
  source: PageSource,
  consistency: Consistency,
): SelectPlan {
  if (source.index?.kind === "global" && consistency === "strong") throw strongStatementOnGlobalIndex();
  const keySchema = source.index?.keySchema ?? orderOf(source.table.definition.keySchema);
  const planned: PlannedKey = { ...keySchema, isUnique: source.index === undefined };
  const key = statementKey(planned);
  checkOrderTerms(orderBy, key, where !== undefined);
  const { plan, reverse } = orderedPlan(keyPlan(where, planned), orderBy, key);
  const fetchesItems = mustFetchItems(source, projection?.attributes ?? "what is there");
  if (source.index !== undefined && where !== undefined && plan.kind !== "scan") {
    checkFilters(source, filteredAttributes(where, planned));
  }
  return {
    source,
    reads: readsOf(plan, planned, { reverse, fetchesItems }),
    filter: plan.filter,
    projection,
    consistency,
  };
}

/** What an operator's log tells of a plan: nothing of the client's data. */
export function describePlan({ source: { table, index }, reads, filter }: SelectPlan): object {
  const ofReads =
    reads.kind === "keys"
      ? { plan: "keys", parts: reads.keys.length }
      : {
          plan: reads.extents[0]?.kind === "segment" ? "scan" : "collections",
          parts: reads.extents.length,
          reverse: reads.reverse,
          fetchesItems: reads.fetchesItems,
        };
  return { table: table.definition.name, index: index?.name, ...ofReads, filtered: filter !== undefined };
}

function statementKey({ partitionKeys: [partitionKey], sortKeys: [sortKey] }: IndexKeySchema): StatementKey {
  assert(partitionKey !== undefined, "every key has a partition key");
  return { partitionKey, sortKey };
}

/**
 * A statement that is no scan may filter only by what the index holds. Of several branches it is enough that one does,
 * and what the index lacks, the others find absent. Else the service tells of the branch with the greatest key.
 */
function checkFilters(source: PageSource, branches: readonly (readonly string[])[]): void {
  const { table, index } = source;
  const projected = index && projectedNames(table, index);
  if (projected === undefined) return;
  if (branches.every((names) => names.some((name) => !projected.has(name)))) {
    checkFilterProjected(source, branches.at(-1) ?? []);
  }
}

function readsOf(
  plan: KeyPlan,
  schema: IndexKeySchema,
  how: { readonly reverse: boolean; readonly fetchesItems: boolean },
): Reads {
  switch (plan.kind) {
    case "keys":
      for (const key of plan.keys) checkKeyValues(statementKey(schema), key);
      return { kind: "keys", keys: plan.keys };
    case "collections":
      return { kind: "extents", extents: plan.collections.map((part) => extentOf(part, schema)), ...how };
    case "scan":
      return { kind: "extents", extents: [{ kind: "segment", segment: 0, segments: 1 }], ...how };
    default:
      return unreachable(plan);
  }
}

function extentOf({ partitionKey, sortKey }: CollectionPart, schema: IndexKeySchema): Extent {
  return checkedCollection({ kind: "collection", partitionKey: [partitionKey], sortKey }, schema);
}
