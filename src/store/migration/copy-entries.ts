import type { Entry } from "../../engine/engine.ts";
import { batchesOf } from "./batches.ts";
import { checkEntry } from "./check-entry.ts";
import type { Migration } from "./migration.ts";
import { takeStep, type MigrationRecord } from "./migration-record.ts";
import type { TableNames } from "./table-names.ts";

/** Copies all entries that are not there yet. How far it has come is written with each batch, in one transaction. */
export async function copyEntries(
  { source, target, onProgress, bounds }: Migration,
  names: TableNames,
  record: MigrationRecord,
): Promise<MigrationRecord> {
  const after = record.afterKey === undefined ? undefined : Buffer.from(record.afterKey, "hex");
  let copied = record;
  for await (const entries of batchesOf(source, after, bounds)) {
    for (const entry of entries) checkEntry(entry, target.limits, names);
    const next = behind(copied, entries);
    await takeStep(target, { from: copied, to: next }, (transaction) => {
      for (const { key, value } of entries) transaction.put(key, value);
    });
    copied = next;
    onProgress(copied);
  }
  return copied;
}

function behind(record: MigrationRecord, entries: readonly Entry[]): MigrationRecord {
  const last = entries.at(-1);
  if (last === undefined) return record;
  let { bytes } = record;
  for (const { key, value } of entries) bytes += key.length + value.length;
  return {
    ...record,
    entries: record.entries + entries.length,
    bytes,
    afterKey: Buffer.from(last.key).toString("hex"),
  };
}
