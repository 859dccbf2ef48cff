import { EnvironmentError } from "../base/environment-error.ts";

/**
 * An ordered map of byte strings with serializable transactions. It knows nothing of tables or items.
 * Every engine passes the suite in `contract.ts`.
 */
export interface Engine {
  readonly limits: EngineLimits;
  /** Runs `body` against one consistent view of committed state. `eventual` allows a replica that lags. */
  read<T>(body: (view: ReadView) => Promise<T>, consistency?: Consistency): Promise<T>;
  /**
   * Runs `body` and commits what it staged; resolves once that is as durable as the engine was opened to make it.
   * `body` may run again after a conflict, so it has no other effect. If it throws, nothing is written and
   * `write` rejects with the same error. A failure whose outcome is unknown rejects with `EngineError`.
   */
  write<T>(body: (transaction: Transaction) => Promise<T>): Promise<T>;
  /** Waits for work under way, then lets go of every resource. No call may follow. */
  close(): Promise<void>;
}

export type Consistency = "strong" | "eventual";

export interface ReadView {
  /** The values of `keys`, in their order; undefined where there is none. Values must not be modified. */
  getMany(keys: readonly Uint8Array[]): Promise<readonly (Uint8Array | undefined)[]>;
  /** One chunk of the entries in `range`, in key order or its reverse. Continue behind the last key of a full one. */
  scan(range: KeyRange, options: ScanOptions): Promise<Chunk>;
}

/** Reads by key see what this transaction staged. Scans are not offered: a write names its keys. */
export interface Transaction {
  getMany(keys: readonly Uint8Array[]): Promise<readonly (Uint8Array | undefined)[]>;
  put(key: Uint8Array, value: Uint8Array): void;
  delete(key: Uint8Array): void;
}

/**
 * Half-open: `from` is in, `until` is out. Bytes compare unsigned; a prefix sorts before what it prefixes. Bounds may
 * be one byte longer than the longest key, hence name the place just behind any key.
 */
export interface KeyRange {
  readonly from: Uint8Array;
  readonly until: Uint8Array;
}

export interface ScanOptions {
  readonly reverse?: boolean;
  /** The most entries of the chunk; at least 1. */
  readonly entriesMax: number;
  /** The chunk ends with the entry whose value brings the sum of value bytes to this or above. Default: no bound. */
  readonly bytesMax?: number;
  /** False leaves values empty, for work that needs the keys alone. */
  readonly values?: boolean;
}

export interface Chunk {
  readonly entries: readonly Entry[];
  /** True when the range holds nothing behind the last entry. */
  readonly exhausted: boolean;
}

export interface Entry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** What an engine can hold. Data that `store` obeys. Keys have at least one byte; values may be empty. */
export interface EngineLimits {
  readonly keyBytesMax: number;
  readonly valueBytesMax: number;
}

/** The environment failed: the engine is lost, the disk is full, or a commit's outcome is unknown. */
export class EngineError extends EnvironmentError {
  override readonly name = "EngineError";
}
