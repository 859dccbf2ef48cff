import { open, type RootDatabase, type Transaction } from "lmdb";

/** An LMDB environment with byte strings for keys and values. */
export type Database = RootDatabase<Buffer, Uint8Array> & FastReads;

/** Present in the package and documented, but not in its types. */
interface FastReads {
  /** The value in memory that the next read overwrites: its first `lastSize` bytes count, whatever its length says. */
  getBinaryFast(key: Uint8Array, options: ReadOptions): Buffer | undefined;
  readonly lastSize: number;
}

export interface ReadOptions {
  readonly transaction: Transaction;
}

/** Addresses, not memory; on a smaller address space or beyond it, the package lets the map grow by itself. */
const mapBytes = 64 * 1_073_741_824;

export type Durability = "strict" | "relaxed";

/**
 * Opens a database file. "strict" is LMDB's plain commit: flush the pages, then write the root through a descriptor
 * that writes to disk, and only then let readers see it. "relaxed" shows a commit at once and flushes it behind, with
 * a third root that always names the last flushed state, so that a power failure loses the newest writes but never
 * the file.
 */
export function openDatabase(path: string, durability: Durability): Database {
  const database = open<Buffer, Uint8Array>({
    path,
    noSubdir: true,
    pageSize: 8_192,
    mapSize: mapBytes,
    encoding: "binary",
    keyEncoding: "binary",
    cache: false,
    overlappingSync: durability === "relaxed",
    maxDbs: 1,
    maxReaders: 1_000,
  });
  return database as Database;
}
