/** What one change of an item does to the indexes of its table: only the entries that change are touched. */
import type { Transaction } from "../../engine/engine.ts";
import { attributeOf, type Item } from "../../model/attribute-value.ts";
import { equalValues } from "../../values/compare.ts";
import { entryWriteUnits } from "../capacity.ts";
import { entryKey, entryOf, entrySize, type IndexPlan } from "./index-entries.ts";
import type { StatisticsChange } from "../statistics.ts";
import type { StoredItem } from "../stored-item.ts";
import type { IndexDefinition, Table } from "../table.ts";
import type { IndexChange } from "../write.ts";

/** An index with the entry that goes, the one that comes, or both. */
export interface IndexEdit {
  readonly index: IndexDefinition;
  readonly removed: RemovedEntry | undefined;
  readonly added: AddedEntry | undefined;
}

interface RemovedEntry {
  readonly key: Uint8Array;
  readonly sizeBytes: number;
}

interface AddedEntry {
  readonly key: Uint8Array;
  readonly entry: StoredItem;
}

/** A change of the item with the engine key `key`. */
export interface ItemChange {
  readonly key: Uint8Array;
  readonly before: StoredItem | undefined;
  readonly after: StoredItem | undefined;
}

export function indexEdits(
  table: Table,
  plans: readonly IndexPlan[],
  change: ItemChange & { readonly writtenAt: number },
): readonly IndexEdit[] {
  const { before, after } = change;
  if (before === after) return [];
  const changed = before && after && changedNames(before.item, after.item);
  const edits: IndexEdit[] = [];
  for (const plan of plans) {
    if (changed !== undefined && !shows(plan, changed)) continue;
    const edit = editOf(table, plan, change);
    if (edit !== undefined) edits.push(edit);
  }
  return edits;
}

/** The attributes in which two images of an item differ. */
function changedNames(before: Item, after: Item): ReadonlySet<string> {
  const changed = new Set<string>();
  for (const [name, value] of Object.entries(after)) {
    const old = attributeOf(before, name);
    if (old === undefined || !equalValues(old, value)) changed.add(name);
  }
  for (const name of Object.keys(before)) if (attributeOf(after, name) === undefined) changed.add(name);
  return changed;
}

/** Whether entries of the index show any of these attributes. */
function shows({ projected }: IndexPlan, names: ReadonlySet<string>): boolean {
  if (projected === undefined) return names.size > 0;
  for (const name of names) if (projected.has(name)) return true;
  return false;
}

function editOf(
  table: Table,
  plan: IndexPlan,
  { key, before, after, writtenAt }: ItemChange & { readonly writtenAt: number },
): IndexEdit | undefined {
  const { index } = plan;
  const oldKey = before && entryKey(table, index, { key, stored: before });
  const newKey = after && entryKey(table, index, { key, stored: after });
  if (oldKey === undefined && newKey === undefined) return undefined;
  return {
    index,
    removed: before && oldKey && { key: oldKey, sizeBytes: entrySize(plan, before) },
    added: after && newKey && { key: newKey, entry: entryOf(plan, after, writtenAt) },
  };
}

/** The entries to look up: while an index is being built, an item from before it may have no entry yet. */
export function uncertainKeys(edits: readonly IndexEdit[]): readonly Uint8Array[] {
  return edits.flatMap(({ index, removed }) =>
    index.state === "building" && removed !== undefined ? [removed.key] : [],
  );
}

/** Corrects edits by what the look-ups found, in the order of `uncertainKeys`. */
export function settled(
  edits: readonly IndexEdit[],
  found: Iterator<Uint8Array | undefined>,
): readonly IndexEdit[] {
  return edits.flatMap((edit) => {
    if (edit.index.state !== "building" || edit.removed === undefined) return [edit];
    if (found.next().value !== undefined) return [edit];
    return edit.added === undefined ? [] : [{ ...edit, removed: undefined }];
  });
}

export function stageEdit(
  transaction: Transaction,
  { index, removed, added }: IndexEdit,
  statistics: StatisticsChange | undefined,
): void {
  if (removed !== undefined && !isSameKey(removed, added)) transaction.delete(removed.key);
  if (added !== undefined) transaction.put(added.key, added.entry.bytes);
  statistics?.addEntry(index.id, removed?.sizeBytes, added?.entry.sizeBytes);
}

/** How many bytes the edit adds to what the item collection takes. */
export function grownBytes({ removed, added }: IndexEdit): number {
  return (added?.entry.sizeBytes ?? 0) - (removed?.sizeBytes ?? 0);
}

export function metered({ index, removed, added }: IndexEdit): IndexChange {
  const moves = !isSameKey(removed, added);
  return { index, writeUnits: entryWriteUnits(removed?.sizeBytes, added?.entry.sizeBytes, moves) };
}

function isSameKey(removed: RemovedEntry | undefined, added: AddedEntry | undefined): boolean {
  return removed !== undefined && added !== undefined && Buffer.compare(removed.key, added.key) === 0;
}
