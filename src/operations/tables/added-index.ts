/** An index that is added to a table, which may hold items already. */
import {
  attributeRedefined,
  definitionsNotGiven,
  indexBeingCreated,
  indexBeingDeleted,
  indexExists,
  type SchemaElement,
} from "../../model/messages/index-changes.ts";
import {
  addedIndexNeedsThroughput,
  globalIndexLimit,
  throughputOfAddedOnDemandIndex,
} from "../../model/messages/indexes.ts";
import { onDemandLimitOfProvisionedTable } from "../../model/messages/throughput.ts";
import type { AttributeDefinition, CreateGlobalSecondaryIndexAction } from "../../model/types.generated.ts";
import { orderOf } from "../../store/key-attributes.ts";
import type { Billing, IndexDefinition, IndexKeySchema, TableDefinition } from "../../store/table.ts";
import { checkDefinitions } from "./attribute-definitions.ts";
import { checkIndexQuota, newCapacity } from "./index-capacity.ts";
import type { IndexChange } from "./index-change.ts";
import { checkGlobalKeySchema } from "./index-key-schema.ts";
import type { Moment } from "./moment.ts";
import { firstLimit } from "./on-demand-throughput.ts";
import { checkOnlineIndexChange } from "./online-index-change.ts";
import { checkProjectedAttributes, checkProjection } from "./projections.ts";
import { globalIndexesMax } from "./quotas.ts";

/** What is known of the index, and the mode of its table once the same request is done. */
export interface AdditionRequest {
  readonly action: CreateGlobalSecondaryIndexAction;
  /** They must define the index's key attributes, even those that the table has defined before. */
  readonly attributeDefinitions: readonly AttributeDefinition[] | undefined;
  readonly mode: Billing["mode"];
}

/** Writers see to it from now on; the items from before come in the background. */
export function addedIndex(
  definition: TableDefinition,
  { action, attributeDefinitions, mode }: AdditionRequest,
  { now, delayMs }: Moment,
): IndexChange {
  const { IndexName: name } = action;
  checkNameFree(definition, name);
  if (attributeDefinitions === undefined) throw definitionsNotGiven(name);
  checkDefinitions(attributeDefinitions);
  const keySchema = checkGlobalKeySchema(action.KeySchema, attributeDefinitions);
  const projection = checkProjection(action.Projection);
  checkMode(action, mode);
  const capacity = newCapacity(action, { mode });
  checkNotRedefined(definition, keySchema);
  checkIndexQuota(action, definition.scope.region);
  checkOnlineIndexChange(definition, now);
  if (definition.indexes.filter(({ kind }) => kind === "global").length >= globalIndexesMax) {
    throw globalIndexLimit(globalIndexesMax);
  }
  checkProjectedAttributes([...definition.indexes, { projection }]);
  const index: IndexDefinition = {
    ...{ id: definition.nextIndexId, name, kind: "global", keySchema, projection },
    ...{ state: "building", buildsFrom: now + delayMs },
    ...capacity,
  };
  return { index, view: { index, status: "CREATING", backfilling: false, warm: "rising" } };
}

function checkNameFree({ name: table, indexes }: TableDefinition, name: string): void {
  const taken = indexes.find((index) => index.name === name);
  if (taken === undefined) return;
  if (taken.state === "building") throw indexBeingCreated({ table, index: name });
  if (taken.state === "deleting") throw indexBeingDeleted({ table, index: name });
  throw indexExists();
}

function checkMode(action: CreateGlobalSecondaryIndexAction, mode: Billing["mode"]): void {
  const { IndexName: name, ProvisionedThroughput: throughput } = action;
  if (mode === "PAY_PER_REQUEST" && throughput !== undefined) throw throughputOfAddedOnDemandIndex(name);
  if (mode === "PROVISIONED" && throughput === undefined) throw addedIndexNeedsThroughput(name);
  const limit = firstLimit(action.OnDemandThroughput);
  if (mode === "PROVISIONED" && limit !== undefined) throw onDemandLimitOfProvisionedTable(limit, name);
}

/** An attribute has one type in all keys of a table. */
function checkNotRedefined({ keySchema, indexes }: TableDefinition, wanted: IndexKeySchema): void {
  const types = new Map(schemaElements(wanted).map(({ name, type }) => [name, type]));
  const clashes = ({ name, type }: SchemaElement) => (types.get(name) ?? type) !== type;
  for (const schema of [orderOf(keySchema), ...indexes.map((index) => index.keySchema)]) {
    const existing = schemaElements(schema);
    if (existing.some(clashes)) throw attributeRedefined(existing, schemaElements(wanted));
  }
}

function schemaElements({ partitionKeys, sortKeys }: IndexKeySchema): readonly SchemaElement[] {
  return [
    ...partitionKeys.map((attribute) => ({ ...attribute, keyType: "HASH" })),
    ...sortKeys.map((attribute) => ({ ...attribute, keyType: "RANGE" })),
  ];
}
