/** What an answer says of the item collections that its request wrote to: only tables with local indexes keep it. */
import type { ItemCollectionMetrics } from "../../model/types.generated.ts";
import { pickKey } from "../../store/key-attributes.ts";
import type { Write, WrittenOutcome } from "../../store/write.ts";

/** How much a request wants to know; absent means NONE. */
export type MetricsDetail = "SIZE" | "NONE" | undefined;

const gigabyteBytes = 1024 ** 3;

/** The size is told as the whole gigabytes between which it lies. */
export function itemCollectionMetrics(
  detail: MetricsDetail,
  { table, key }: Write,
  { collectionBytes }: WrittenOutcome,
): ItemCollectionMetrics | undefined {
  if (detail !== "SIZE" || collectionBytes === undefined) return undefined;
  const gigabytes = Math.floor(collectionBytes / gigabyteBytes);
  return {
    ItemCollectionKey: pickKey([table.definition.keySchema.partitionKey], key),
    SizeEstimateRangeGB: [gigabytes, gigabytes + 1],
  };
}

/** A write and what became of it. */
export interface DoneWrite {
  readonly write: Write;
  readonly outcome: WrittenOutcome;
}

/** The same of a group of writes: once for each of the collections, with its size after all of them. */
export function itemCollectionsMetrics(
  detail: MetricsDetail,
  writes: readonly DoneWrite[],
): readonly ItemCollectionMetrics[] {
  const metrics = new Map<string, ItemCollectionMetrics>();
  for (const { write, outcome } of writes) {
    const own = itemCollectionMetrics(detail, write, outcome);
    if (own !== undefined) metrics.set(JSON.stringify(own.ItemCollectionKey), own);
  }
  return [...metrics.values()];
}
