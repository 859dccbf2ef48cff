import { join } from "node:path";
import { EngineError, type Engine } from "../engine.ts";
import { bootId, flush, makeFolder, readFormat, writeFormat, type FolderFormat } from "./data-folder.ts";
import { lockFolder, type FolderLock } from "./folder-lock.ts";
import { LmdbEngine } from "./lmdb-engine.ts";
import { openDatabase, type Durability } from "./open-database.ts";

export interface LmdbOptions {
  /** Made where there is none; used by one engine at a time. */
  readonly folder: string;
  /**
   * Strict: a write resolves once it is on disk. Relaxed: once the operating system has it, so that it survives the
   * death of the process; after that of the machine the folder is refused.
   */
  readonly durability: Durability;
}

/** An engine that keeps everything in one folder. Throws `EngineError` when it cannot have the folder for itself. */
export async function openLmdbEngine({ folder, durability }: LmdbOptions): Promise<Engine> {
  try {
    makeFolder(folder);
    readFormat(folder);
    const lock = await lockFolder(folder);
    try {
      return openLocked({ folder, durability }, lock);
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

function openLocked({ folder, durability }: LmdbOptions, lock: FolderLock): Engine {
  const path = join(folder, "data.mdb");
  const before = readFormat(folder);
  checkUndamaged(folder, before);
  if (durability === "relaxed") writeFormat(folder, { unflushedIn: bootId() });
  else if (before === undefined) writeFormat(folder, {});
  const database = openDatabase(path, durability);
  flush(folder);
  if (durability === "strict" && before?.unflushedIn !== undefined) markFlushed(folder, path);
  return new LmdbEngine(database, async () => {
    try {
      if (durability === "relaxed") markFlushed(folder, path);
    } finally {
      await lock.release();
    }
  });
}

function checkUndamaged(folder: string, format: FolderFormat | undefined): void {
  if (format?.unflushedIn === undefined || format.unflushedIn === bootId()) return;
  throw new EngineError(
    `data folder ${folder} was open with relaxed durability when the machine went down and may be damaged`,
  );
}

/** Ends a relaxed engine's claim that the file may be damaged. */
function markFlushed(folder: string, path: string): void {
  try {
    flush(path);
    writeFormat(folder, {});
  } catch (cause) {
    throw new EngineError(`data folder ${folder} could not be flushed: ${String(cause)}`, { cause });
  }
}
