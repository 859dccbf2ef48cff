/** Keeps secondary indexes in step with items, and the sizes of item collections, which they are part of. */
import { assert } from "../../base/assert.ts";
import { CollectionSizesChange } from "./collection-sizes.ts";
import {
  grownBytes,
  indexEdits,
  metered,
  settled,
  stageEdit,
  uncertainKeys,
  type IndexEdit,
} from "./index-edits.ts";
import { indexPlans, type IndexPlan } from "./index-entries.ts";
import { collectionSizeKey } from "../keyspace.ts";
import type { Batch, Maintainer, Maintenance, MaintenanceTerms, PlannedWrite } from "../maintainer.ts";
import type { IndexChange, Outcome, WrittenOutcome } from "../write.ts";

export function indexMaintainer(
  writes: readonly PlannedWrite[],
  terms: MaintenanceTerms,
): Maintainer | undefined {
  if (writes.every(({ write }) => indexPlans(write.table).length === 0)) return undefined;
  const indexed = writes.map(planIndexes);
  return {
    keys: indexed.flatMap(({ collectionKey }) => collectionKey ?? []),
    prepare: (batch) => prepare({ indexed, terms, batch }),
  };
}

interface IndexedWrite {
  readonly indexes: readonly IndexPlan[];
  /** Under which the size of the item's collection is kept; absent where it is not. */
  readonly collectionKey: Uint8Array | undefined;
}

function planIndexes({ write, key }: PlannedWrite): IndexedWrite {
  const indexes = indexPlans(write.table);
  const hasLocal = indexes.some(({ index }) => index.kind === "local");
  return { indexes, collectionKey: hasLocal ? collectionSizeKey(key) : undefined };
}

interface Circumstances {
  readonly indexed: readonly IndexedWrite[];
  readonly terms: MaintenanceTerms;
  readonly batch: Batch;
}

async function prepare(circumstances: Circumstances): Promise<Maintenance> {
  const { indexed, terms, batch } = circumstances;
  const { transaction, writes, written, statistics } = batch;
  const edits = await settledEdits(circumstances);
  const sizes = knownSizes(circumstances);
  const outcomes = indexed.map(({ collectionKey }, index): Outcome => {
    const outcome = written[index];
    assert(outcome !== undefined, "every write was decided");
    const own = edits[index] ?? [];
    const indexes: readonly IndexChange[] = own.length === 0 ? outcome.indexes : own.map(metered);
    if (collectionKey === undefined) return { ...outcome, indexes };
    const grown = grownBy(outcome, own);
    const collectionBytes = sizes.grow(collectionKey, grown);
    if (grown > 0 && collectionBytes > terms.collectionBytesMax) return { kind: "collection-full" };
    return { ...outcome, indexes, collectionBytes };
  });
  return {
    outcomes,
    stage() {
      writes.forEach(({ write }, index) => {
        for (const edit of edits[index] ?? []) stageEdit(transaction, edit, statistics.get(write.table.id));
      });
      sizes.stage(transaction);
    },
  };
}

/** What each write does to the indexes of its table. */
async function settledEdits({
  indexed,
  terms: { writtenAt },
  batch: { transaction, writes, written },
}: Circumstances): Promise<readonly (readonly IndexEdit[])[]> {
  const edits = writes.map(({ write, key }, index) => {
    const { before, after } = written[index] ?? {};
    return indexEdits(write.table, indexed[index]?.indexes ?? [], { key, before, after, writtenAt });
  });
  const uncertain = edits.flatMap(uncertainKeys);
  if (uncertain.length === 0) return edits;
  const found = (await transaction.getMany(uncertain)).values();
  return edits.map((own) => settled(own, found));
}

function knownSizes({ indexed, batch }: Circumstances): CollectionSizesChange {
  const sizes = new CollectionSizesChange();
  let at = 0;
  for (const { collectionKey } of indexed) {
    if (collectionKey === undefined) continue;
    sizes.know(collectionKey, batch.values[at]);
    at += 1;
  }
  return sizes;
}

function grownBy({ before, after }: WrittenOutcome, edits: readonly IndexEdit[]): number {
  let bytes = (after?.sizeBytes ?? 0) - (before?.sizeBytes ?? 0);
  for (const edit of edits) if (edit.index.kind === "local") bytes += grownBytes(edit);
  return bytes;
}
