/** What the target of a migration holds until that is finished: how far it has come, and from where. */
import { compareBytes } from "../../base/bytes.ts";
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

/** One step of a migration: from where it stands to where it stands then. */
export interface Step {
  /** Undefined: it begins. */
  readonly from: MigrationRecord | undefined;
  /** Undefined: it is finished. */
  readonly to: MigrationRecord | undefined;
}

/**
 * Takes a step together with what `stage` writes to the target, once: a process that was killed may have commits under
 * way in a database that land after the next process has looked.
 */
export async function takeStep(
  target: Engine,
  { from, to }: Step,
  stage?: (transaction: Transaction) => void,
): Promise<void> {
  const [before, after] = [from, to].map((migration) => migration && record.encode(migration));
  await target.write(async (transaction) => {
    const [now] = await transaction.getMany([migrationKey]);
    if (isSame(now, after)) return;
    if (!isSame(now, before)) {
      throw new MigrationError(
        "another process is copying to the target, or did until now: if it was killed, try again",
      );
    }
    stage?.(transaction);
    if (after === undefined) transaction.delete(migrationKey);
    else transaction.put(migrationKey, after);
  });
}

function isSame(left: Uint8Array | undefined, right: Uint8Array | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return compareBytes(left, right) === 0;
}

/** Throws where an engine holds but a part of the data, because it is the target of an unfinished migration. */
export async function checkNoMigration(engine: Engine): Promise<void> {
  const migration = await readMigration(engine);
  if (migration === undefined) return;
  throw new MigrationError(
    `the data is an unfinished copy of ${migration.from}: run the same "stator migrate" again to finish it`,
  );
}
