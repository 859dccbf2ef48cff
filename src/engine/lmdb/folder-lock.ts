import { join } from "node:path";
import { open } from "lmdb";
import { EngineError } from "../engine.ts";
import { checkDatabaseFile } from "./open-database.ts";

export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Takes a folder for this engine alone, or throws. The lock is an LMDB file of its own that holds no data, only its
 * table of readers: each entry is vouched for by a kernel lock on a byte of that file, which vanishes with its
 * process however that dies. Whoever has put its own entry there and finds a second one is not alone. Two that open
 * at the same moment may both be refused, never both accepted.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = join(folder, "in-use.mdb");
  checkDatabaseFile(path);
  const table = open({ path, noSubdir: true, overlappingSync: false, maxDbs: 1 });
  const entry = table.useReadTransaction();
  const lock = {
    async release() {
      entry.done();
      await table.close();
    },
  };
  table.readerCheck();
  const others = otherReaders(table.readerList());
  if (others === undefined) return lock;
  await lock.release();
  throw new EngineError(`data folder ${folder} is in use by ${others}`);
}

/** The list is a headline, then one line a reader that starts with its process id. */
function otherReaders(list: string): string | undefined {
  const lines = list.split("\n").filter((line) => /^\s*\d/.test(line));
  if (lines.length <= 1) return undefined;
  const own = String(process.pid);
  const other = lines.map((line) => line.trim().split(/\s+/)[0]).find((id) => id !== own);
  // In another container the same id may name another process.
  return other === undefined ? "this process" : `process ${other}`;
}
