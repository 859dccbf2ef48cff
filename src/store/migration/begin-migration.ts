import type { Engine } from "../../engine/engine.ts";
import { batchesOf } from "./batches.ts";
import { checkKey } from "./check-entry.ts";
import { fingerprintOf, talliedTables, talliesOf } from "./catalog-tables.ts";
import type { Migration } from "./migration.ts";
import { everything } from "./migration-keys.ts";
import { MigrationError, readMigration, takeStep, type MigrationRecord } from "./migration-record.ts";
import type { TableNames } from "./table-names.ts";

/** Where an earlier attempt stopped; undefined where the target is to be begun with. */
export async function takeUp({ source, target, from }: Migration): Promise<MigrationRecord | undefined> {
  const migration = await readMigration(target);
  if (migration === undefined || migration.fingerprint === (await fingerprintOf(source))) return migration;
  throw new MigrationError(
    `the target holds an unfinished copy of ${migration.from}, whose tables are not those of ${from} now: ` +
      "begin anew with an empty target",
  );
}

/** Takes an empty target for a copy of the source. */
export async function begin(migration: Migration, names: TableNames): Promise<MigrationRecord> {
  const { source, target, from } = migration;
  if (await isEmpty(source)) throw new MigrationError(`there is nothing to copy in ${from}`);
  if (!(await isEmpty(target))) {
    throw new MigrationError(
      "the target holds data already: give a new folder, or a database or schema that is empty",
    );
  }
  const record: MigrationRecord = {
    format: 1,
    from,
    fingerprint: await fingerprintOf(source),
    phase: "entries",
    entries: 0,
    bytes: 0,
    entriesExpected: (await checkKeys(migration, names)) ?? (await expectedEntries(source)),
  };
  await takeStep(target, { from: undefined, to: record });
  return record;
}

async function isEmpty(engine: Engine): Promise<boolean> {
  const options = { entriesMax: 1, values: false };
  const { entries } = await engine.read((view) => view.scan(everything, options));
  return entries.length === 0;
}

/** Items and index entries: most of what there is, unless there are many changes in the log. */
async function expectedEntries(source: Engine): Promise<number> {
  const tallies = await talliesOf(source, await talliedTables(source));
  let sum = 0;
  for (const tally of tallies) for (const { count } of tally.values()) sum += count;
  return sum;
}

const keysAtOnce = { entriesMax: 5_000, bytesMax: Number.MAX_SAFE_INTEGER, values: false };

/**
 * Where the target takes but shorter keys: throws before anything was copied when one of the source is too long, and
 * answers how many there are. Keys alone are read much faster than entries.
 */
async function checkKeys(migration: Migration, names: TableNames): Promise<number | undefined> {
  const { source, target, onProgress } = migration;
  if (target.limits.keyBytesMax >= source.limits.keyBytesMax) return undefined;
  const entriesExpected = await expectedEntries(source);
  let seen = 0;
  for await (const entries of batchesOf(source, undefined, keysAtOnce)) {
    for (const { key } of entries) checkKey(key, target.limits, names);
    seen += entries.length;
    onProgress({ phase: "keys", entries: seen, bytes: 0, entriesExpected });
  }
  return seen;
}
