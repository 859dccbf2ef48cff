/** What a transaction says of the item collections that it wrote to, told apart by table. */
import type { ItemCollectionMetrics } from "../../model/types.generated.ts";
import { byName } from "../by-name.ts";
import {
  itemCollectionsMetrics,
  type DoneWrite,
  type MetricsDetail,
} from "../items/item-collection-metrics.ts";
import type { AppliedTransaction, TransactionWrite } from "./transaction.ts";

/** Only of a transaction that happened now: one that had happened before writes nothing. */
export function collectionMetrics(
  detail: MetricsDetail,
  writes: readonly TransactionWrite[],
  applied: AppliedTransaction,
): { readonly [name: string]: readonly ItemCollectionMetrics[] } | undefined {
  if (detail !== "SIZE" || applied.kind !== "done") return undefined;
  const byTable = new Map<number, { readonly tableName: string; readonly done: DoneWrite[] }>();
  writes.forEach(({ tableName, write }, position) => {
    const outcome = applied.outcomes[position];
    if (outcome === undefined || write.change.kind === "check") return;
    const ofTable = byTable.get(write.table.id);
    if (ofTable === undefined) byTable.set(write.table.id, { tableName, done: [{ write, outcome }] });
    else ofTable.done.push({ write, outcome });
  });
  const metrics = [...byTable.values()]
    .map(({ tableName, done }) => [tableName, itemCollectionsMetrics(detail, done)] as const)
    .filter(([, ofTable]) => ofTable.length > 0);
  return metrics.length === 0 ? undefined : byName(new Map(metrics));
}
