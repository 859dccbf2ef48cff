/** What UpdateTable makes of a table's indexes. Pure, because a catalog may run it again. */
import {
  indexBeingDeleted,
  indexBeingUpdated,
  indexNotBackfilling,
  indexNotDeletableYet,
  indexNotFound,
  indexUpdateBlocked,
  notGlobalIndex,
  onlineIndexLimit,
} from "../../model/messages/index-changes.ts";
import type { AttributeDefinition } from "../../model/types.generated.ts";
import type { IndexDefinition, TableDefinition } from "../../store/table.ts";
import { addedIndex } from "./added-index.ts";
import { checkIndexQuota } from "./index-capacity.ts";
import type { IndexChange } from "./index-change.ts";
import { changeIndexSettings } from "./index-settings.ts";
import { isAllocating, isChanging } from "./index-status.ts";
import { isOnline, type IndexUpdate } from "./index-updates.ts";
import type { Moment } from "./moment.ts";
import { checkOnlineIndexChange } from "./online-index-change.ts";
import { isOutOfBounds } from "./provisioned-throughput.ts";

/** What a request says that matters to indexes. */
export interface IndexChangeRequest {
  readonly updates: readonly IndexUpdate[];
  readonly attributeDefinitions: readonly AttributeDefinition[] | undefined;
  /** The mode the table is in afterwards. */
  readonly mode: TableDefinition["billing"]["mode"];
}

/** The changes that a request asks for by name, in its order. */
export function changeIndexes(
  definition: TableDefinition,
  request: IndexChangeRequest,
  moment: Moment,
): readonly IndexChange[] {
  if (request.updates.filter(isOnline).length > 1) throw onlineIndexLimit();
  return request.updates.map((update) => changeIndex(definition, { ...request, update }, moment));
}

/** The definition with the changed indexes in the places of the old ones, and new ones behind them. */
export function withIndexes(definition: TableDefinition, changes: readonly IndexChange[]): TableDefinition {
  if (changes.length === 0) return definition;
  const changed = new Map(changes.map(({ index }) => [index.id, index]));
  const kept = definition.indexes.map((index) => changed.get(index.id) ?? index);
  const added = [...changed.values()].filter(({ id }) => id >= definition.nextIndexId);
  return {
    ...definition,
    indexes: [...kept, ...added],
    nextIndexId: definition.nextIndexId + added.length,
  };
}

type OneChange = IndexChangeRequest & { readonly update: IndexUpdate };

function changeIndex(definition: TableDefinition, request: OneChange, moment: Moment): IndexChange {
  const { update, mode, attributeDefinitions } = request;
  switch (update.kind) {
    case "create":
      return addedIndex(definition, { action: update.action, mode, attributeDefinitions }, moment);
    case "delete":
      return deletedIndex(definition, update.action.IndexName, moment.now);
    case "update": {
      const { action } = update;
      const units = action.ProvisionedThroughput;
      if (units !== undefined && isOutOfBounds(units)) throw indexUpdateBlocked();
      const index = changeableIndex(definition, { name: action.IndexName, kind: "update" }, moment.now);
      checkIndexQuota(action, definition.scope.region);
      return changeIndexSettings(index, { action, mode, billing: definition.billing }, moment);
    }
  }
}

function deletedIndex(definition: TableDefinition, name: string, now: number): IndexChange {
  const found = changeableIndex(definition, { name, kind: "delete" }, now);
  checkOnlineIndexChange(definition, now, found);
  const index: IndexDefinition = {
    ...found,
    state: "deleting",
    buildsFrom: undefined,
    transition: undefined,
  };
  return { index, view: { index, status: "DELETING" } };
}

/** The global index of that name, unless its state forbids to change or delete it now. */
function changeableIndex(
  { name: table, indexes }: TableDefinition,
  { name, kind }: { readonly name: string; readonly kind: "update" | "delete" },
  now: number,
): IndexDefinition {
  const index = indexes.find((candidate) => candidate.name === name);
  const names = { table, index: name };
  if (index === undefined) throw indexNotFound(names);
  if (index.kind === "local") throw notGlobalIndex(kind, name);
  if (index.state === "deleting") throw indexBeingDeleted(names);
  if (isAllocating(index, now)) {
    throw kind === "delete" ? indexNotDeletableYet(names) : indexNotBackfilling(names);
  }
  if (isChanging(index, now)) throw indexBeingUpdated(names);
  return index;
}
