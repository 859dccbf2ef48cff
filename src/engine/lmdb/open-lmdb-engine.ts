import { join } from "node:path";
import { EngineError, type Engine } from "../engine.ts";
import { flush, makeFolder, readFormat, writeFormat } from "./data-folder.ts";
import { lockFolder } from "./folder-lock.ts";
import { LmdbEngine } from "./lmdb-engine.ts";
import { openDatabase, type Database, type Durability } from "./open-database.ts";

export interface LmdbOptions {
  /** Made where there is none; used by one engine at a time. */
  readonly folder: string;
  /** Strict: a write resolves once it is on disk. Relaxed: once the operating system has it, and the disk follows. */
  readonly durability: Durability;
}

/** An engine that keeps everything in one folder. Throws `EngineError` when it cannot have the folder for itself. */
export async function openLmdbEngine({ folder, durability }: LmdbOptions): Promise<Engine> {
  try {
    makeFolder(folder);
    readFormat(folder);
    const lock = await lockFolder(folder);
    try {
      return new LmdbEngine(await openLocked(folder, durability), () => lock.release());
    } catch (error) {
      await lock.release();
      throw error;
    }
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EngineError(`data folder ${folder} cannot be used: ${reason}`, { cause });
  }
}

async function openLocked(folder: string, durability: Durability): Promise<Database> {
  const path = join(folder, "data.mdb");
  const before = readFormat(folder);
  // After a power failure only a relaxed database knows which of its roots was flushed: it goes back to that one.
  if (before === "relaxed" && durability === "strict") await openDatabase(path, "relaxed").close();
  if (before !== durability) writeFormat(folder, durability);
  const database = openDatabase(path, durability);
  flush(folder);
  return database;
}
