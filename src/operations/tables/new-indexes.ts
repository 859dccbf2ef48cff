/** The indexes of a new table, from the client's words. */
import {
  duplicateIndexName,
  indexNeedsThroughput,
  tableWithoutSortKey,
  throughputOfOnDemandIndex,
  tooManyGlobalIndexes,
  tooManyLocalIndexes,
} from "../../model/messages/indexes.ts";
import { onDemandLimitOfNewProvisionedTable } from "../../model/messages/throughput.ts";
import type {
  AttributeDefinition,
  CreateTableInput,
  GlobalSecondaryIndex,
  LocalSecondaryIndex,
} from "../../model/types.generated.ts";
import type { Billing, IndexDefinition, IndexKeySchema, KeySchema } from "../../store/table.ts";
import { newCapacity } from "./index-capacity.ts";
import { checkGlobalKeySchema, checkLocalKeySchema } from "./index-key-schema.ts";
import { firstLimit } from "./on-demand-throughput.ts";
import { checkProjectedAttributes, checkProjection } from "./projections.ts";
import { checkThroughputBounds } from "./provisioned-throughput.ts";
import { globalIndexesMax, localIndexesMax } from "./quotas.ts";

/** An index of which nothing but its key is checked yet. */
export type IndexDraft = { readonly keySchema: IndexKeySchema } & (
  | { readonly kind: "local"; readonly request: LocalSecondaryIndex }
  | { readonly kind: "global"; readonly request: GlobalSecondaryIndex }
);

/** Checks the keys of the indexes that a request asks for: local ones first, each kind in the order of the request. */
export function draftIndexes(
  { LocalSecondaryIndexes: local = [], GlobalSecondaryIndexes: global = [] }: CreateTableInput,
  definitions: readonly AttributeDefinition[],
  table: KeySchema,
): readonly IndexDraft[] {
  if (local.length > 0 && table.sortKey === undefined) throw tableWithoutSortKey();
  return [
    ...local.map((request) => ({
      kind: "local" as const,
      request,
      keySchema: checkLocalKeySchema(request, definitions, table),
    })),
    ...global.map((request) => ({
      kind: "global" as const,
      request,
      keySchema: checkGlobalKeySchema(request.KeySchema, definitions),
    })),
  ];
}

/** Checks everything else about them. They are active as soon as their table is. */
export function newIndexes(drafts: readonly IndexDraft[], billing: Billing): readonly IndexDefinition[] {
  const projected = drafts.map((draft) => ({
    ...draft,
    projection: checkProjection(draft.request.Projection),
  }));
  checkProjectedAttributes(projected);
  checkNames(drafts);
  checkNumbers(drafts);
  for (const draft of drafts) if (draft.kind === "global") checkMode(draft.request, billing);
  return projected.map(({ keySchema, projection, ...draft }, position) => ({
    id: position + 1,
    name: draft.request.IndexName,
    kind: draft.kind,
    keySchema,
    projection,
    state: "active",
    ...(draft.kind === "global" ? newCapacity(draft.request, billing) : {}),
  }));
}

function checkNames(drafts: readonly IndexDraft[]): void {
  const names = new Set<string>();
  for (const { request } of drafts) {
    if (names.has(request.IndexName)) throw duplicateIndexName(request.IndexName);
    names.add(request.IndexName);
  }
}

function checkNumbers(drafts: readonly IndexDraft[]): void {
  const locals = drafts.filter(({ kind }) => kind === "local").length;
  if (locals > localIndexesMax) throw tooManyLocalIndexes(localIndexesMax);
  if (drafts.length - locals > globalIndexesMax) throw tooManyGlobalIndexes(globalIndexesMax);
}

/** The mode of the table says what may be said, and must be, of an index's throughput. */
function checkMode(index: GlobalSecondaryIndex, { mode }: Billing): void {
  const { IndexName: name, ProvisionedThroughput: throughput } = index;
  if (mode === "PAY_PER_REQUEST" && throughput !== undefined) throw throughputOfOnDemandIndex(name);
  if (mode === "PROVISIONED" && throughput === undefined) throw indexNeedsThroughput(name);
  if (throughput !== undefined) checkThroughputBounds(throughput, name);
  const limit = firstLimit(index.OnDemandThroughput);
  if (mode === "PROVISIONED" && limit !== undefined) throw onDemandLimitOfNewProvisionedTable(limit, name);
}
