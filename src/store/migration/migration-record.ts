/** What the target of a migration holds until that is finished: how far it has come, and from where. */
import { EnvironmentError } from "../../base/environment-error.ts";
import type { Engine, Transaction } from "../../engine/engine.ts";
import { jsonRecord } from "../json-record.ts";
import { migrationKey } from "./migration-keys.ts";

/** A migration cannot go on, for a reason that its message tells the person who asked for it. */
export class MigrationError extends EnvironmentError {
  override readonly name = "MigrationError";
}

export interface MigrationRecord {
  readonly format: 1;
  /** What the source is called, for people. */
  readonly from: string;
  /** Tells sources apart: a hash of all definitions there. */
  readonly fingerprint: string;
  /** The parts of a migration in their order. */
  readonly phase: "entries" | "tallies" | "verification";
  /** The last key that was copied, in hexadecimal digits. */
  readonly afterKey?: string | undefined;
  /** The last table whose tally was copied. */
  readonly afterTable?: number | undefined;
  readonly entries: number;
  /** The sum of the lengths of keys and values. */
  readonly bytes: number;
  /** About how many entries there will be. */
  readonly entriesExpected: number;
}

const record = jsonRecord<MigrationRecord>();

export async function readMigration(engine: Engine): Promise<MigrationRecord | undefined> {
  const [value] = await engine.getMany([migrationKey]);
  if (value === undefined) return undefined;
  const migration = record.decode(value);
  // Read from the outside: a later version may have begun it.
  const { format }: { readonly format: number } = migration;
  if (format === 1) return migration;
  throw new MigrationError(`a migration of format ${format} is under way there: this version reads format 1`);
}

export function putMigration(transaction: Transaction, migration: MigrationRecord): void {
  transaction.put(migrationKey, record.encode(migration));
}

/** Throws where an engine holds but a part of the data, because it is the target of an unfinished migration. */
export async function checkNoMigration(engine: Engine): Promise<void> {
  const migration = await readMigration(engine);
  if (migration === undefined) return;
  throw new MigrationError(
    `the data is an unfinished copy of ${migration.from}: run the same "stator migrate" again to finish it`,
  );
}
