import { accessSync, closeSync, constants, existsSync, openSync, readSync } from "node:fs";
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
 * that writes to disk, and only then let readers see it. "relaxed" leaves all flushing to the operating system, which
 * may write the root before the pages: the file survives the death of the process but not that of the machine.
 */
export function openDatabase(path: string, durability: Durability): Database {
  checkDatabaseFile(path);
  const database = open<Buffer, Uint8Array>({
    path,
    noSubdir: true,
    pageSize: 8_192,
    mapSize: mapBytes,
    encoding: "binary",
    encoder: byteStrings,
    keyEncoder: byteStrings,
    cache: false,
    overlappingSync: false,
    noSync: durability === "relaxed",
    // Batches that the package makes of its own accord leave a rejected promise with nobody when a commit fails.
    eventTurnBatching: false,
    maxDbs: 1,
    maxReaders: 1_000,
  });
  return database as Database;
}

/**
 * Byte strings as they are. The package could copy what it reads by itself, but does so at several times the price:
 * it slices through the subclassed constructor of `Buffer`.
 */
const byteStrings = {
  encode: (value: Uint8Array): Uint8Array => value,
  decode: (bytes: Buffer, length: number): Buffer => copyOf(bytes, 0, length),
  writeKey(key: Uint8Array, target: Buffer, start: number): number {
    target.set(key, start);
    return start + key.length;
  },
  readKey: (source: Buffer, start: number, end: number): Buffer => copyOf(source, start, end),
};

function copyOf(source: Buffer, start: number, end: number): Buffer {
  const copy = Buffer.allocUnsafe(end - start);
  // Not `source.copy`: the package sets the length of its own buffer to that of the value.
  copy.set(new Uint8Array(source.buffer, source.byteOffset + start, end - start));
  return copy;
}

const headerBytes = 24;
const magicNumber = 0xbeef_c0de;

/**
 * Throws when the file, where there is one, cannot be opened as a database. The package would bring the process down:
 * version 3.5.6 reads freed memory after an open that failed; see "that is no database" in open-lmdb-engine.test.ts.
 */
export function checkDatabaseFile(path: string): void {
  for (const name of [path, `${path}-lock`]) {
    if (existsSync(name)) accessSync(name, constants.R_OK | constants.W_OK);
  }
  if (!existsSync(path)) return;
  const start = Buffer.alloc(headerBytes + 4);
  const file = openSync(path, "r");
  const length = readSync(file, start);
  closeSync(file);
  // An empty file is what a crash right after making it leaves.
  if (length > 0 && start.readUInt32LE(headerBytes) !== magicNumber)
    throw new Error(`${path} is no database`);
}
