import { join } from "node:path";
import { open, type RootDatabase } from "lmdb";
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
  // A look before the own entry, because a process in another container may have the same id: to put an entry beside
  // one with that id takes the package ten seconds of waiting.
  const before = readersOf(table);
  const entry = before.length === 0 ? table.useReadTransaction() : undefined;
  const release = async () => {
    entry?.done();
    await table.close();
  };
  const readers = entry === undefined ? before : readersOf(table);
  if (entry !== undefined && readers.length === 1) return { release };
  await release();
  const own = String(process.pid);
  const other = readers.find((id) => id !== own);
  // In another container the own id may name another process.
  throw new EngineError(
    `data folder ${folder} is in use by process ${other ?? `${own}, which may be this one`}`,
  );
}

/** The process ids in the table of readers, without those of the dead. */
function readersOf(table: RootDatabase): string[] {
  table.readerCheck();
  const lines = table.readerList().split("\n");
  // A headline, then one line a reader that starts with its process id.
  return lines.flatMap((line) => /^\s*(\d+)/.exec(line)?.[1] ?? []);
}
