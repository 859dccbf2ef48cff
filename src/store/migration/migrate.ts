import type { Entry } from "../../engine/engine.ts";
import { begin, takeUp } from "./begin-migration.ts";
import { namesOfTables } from "./catalog-tables.ts";
import { compareInventories } from "./compare-inventories.ts";
import { copyEntries } from "./copy-entries.ts";
import { copyTallies } from "./copy-tallies.ts";
import { takeInventory } from "./inventory.ts";
import type { Migration, MigrationReport } from "./migration.ts";
import { checkNoMigration, takeStep, type MigrationRecord } from "./migration-record.ts";

/**
 * Copies everything from one engine to another and compares them. It can be killed at any point: asked again, it goes
 * on where it was. Until it is finished, servers refuse the target.
 */
export async function migrate(migration: Migration): Promise<MigrationReport> {
  await checkNoMigration(migration.source);
  const names = await namesOfTables(migration.source);
  const earlier = await takeUp(migration);
  if (earlier !== undefined) migration.onTakeUp?.(earlier);
  let record = earlier ?? (await begin(migration, names));
  if (record.phase === "entries") record = await copyEntries(migration, names, record);
  if (record.phase !== "verification") record = await copyTallies(migration, record);
  const compared = await compare(migration, record);
  if (compared.differences.length === 0) {
    await takeStep(migration.target, { from: record, to: undefined });
  }
  return { resumed: earlier !== undefined, names, ...compared };
}

/** Reads both engines from end to end, side by side. */
async function compare({ source, target, onProgress }: Migration, copied: MigrationRecord) {
  const entriesExpected = 2 * copied.entries;
  const progress = { entries: 0, bytes: 0 };
  const onRead = (entries: readonly Entry[]) => {
    progress.entries += entries.length;
    for (const { key, value } of entries) progress.bytes += key.length + value.length;
    onProgress({ phase: "verification", ...progress, entriesExpected });
  };
  const readings = [takeInventory(source, onRead), takeInventory(target, onRead)] as const;
  // Both are over before either's failure is told: nobody closes an engine that is still read.
  await Promise.allSettled(readings);
  const [ofSource, ofTarget] = await Promise.all(readings);
  return { source: ofSource, target: ofTarget, differences: compareInventories(ofSource, ofTarget) };
}
