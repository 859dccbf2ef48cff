/** The changes of indexes that a request asks for. */
import { indexNamedTwice, noIndexAction, severalIndexActions } from "../../model/messages/index-changes.ts";
import { emptyIndexList } from "../../model/messages/tables.ts";
import type {
  CreateGlobalSecondaryIndexAction,
  DeleteGlobalSecondaryIndexAction,
  GlobalSecondaryIndexUpdate,
  UpdateGlobalSecondaryIndexAction,
  UpdateTableInput,
} from "../../model/types.generated.ts";

export type IndexUpdate =
  | { readonly kind: "create"; readonly action: CreateGlobalSecondaryIndexAction }
  | { readonly kind: "update"; readonly action: UpdateGlobalSecondaryIndexAction }
  | { readonly kind: "delete"; readonly action: DeleteGlobalSecondaryIndexAction };

/** Each does one thing to an index of its own. */
export function indexUpdatesOf({
  GlobalSecondaryIndexUpdates: list,
}: UpdateTableInput): readonly IndexUpdate[] {
  if (list?.length === 0) throw emptyIndexList("GlobalSecondaryIndexUpdates");
  const updates = (list ?? []).map(indexUpdate);
  const names = new Set<string>();
  for (const { action } of updates) {
    if (names.has(action.IndexName)) throw indexNamedTwice(action.IndexName);
    names.add(action.IndexName);
  }
  return updates;
}

/** Whether an update makes an index or takes one away: there is one such change at a time for a table. */
export function isOnline({ kind }: IndexUpdate): boolean {
  return kind !== "update";
}

function indexUpdate({
  Create: create,
  Update: update,
  Delete: remove,
}: GlobalSecondaryIndexUpdate): IndexUpdate {
  const [only, more] = [
    create && { kind: "create" as const, action: create },
    update && { kind: "update" as const, action: update },
    remove && { kind: "delete" as const, action: remove },
  ].filter((action) => action !== undefined);
  if (only === undefined) throw noIndexAction();
  if (more !== undefined) throw severalIndexActions();
  return only;
}
