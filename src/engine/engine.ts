import { BusyError, EnvironmentError } from "../base/environment-error.ts";

/**
 * An ordered map of byte strings with serializable transactions. It knows nothing of tables or items.
 * Every engine passes the suite in `contract.ts`.
 */
export interface Engine {
  readonly limits: EngineLimits;
  /** Each call is a trip to somewhere else: what does without a transaction is worth a second try. */
  readonly isDistant: boolean;
  /** The values of `keys`, in their order, from one consistent view: the cheapest read there is. */
  getMany(
    keys: readonly Uint8Array[],
    consistency?: Consistency,
  ): Promise<readonly (Uint8Array | undefined)[]>;
  /**
   * The values of some keys and one chunk of a range, from one consistent view. Only engines have it that answer it
   * much more cheaply than a view.
   */
  readChunk?(request: ChunkRequest, consistency?: Consistency): Promise<ChunkWithValues>;
  /**
   * Runs `body` against one consistent view of committed state. `eventual` allows a replica that lags. A body that has
   * read nothing yet may begin again.
   */
  read<T>(body: (view: ReadView) => Promise<T>, consistency?: Consistency): Promise<T>;
  /**
   * Runs `body` and commits what it staged; resolves once that is as durable as the engine was opened to make it.
   * `body` may run again after a conflict, so it has no other effect. If it throws, nothing is written and
   * `write` rejects with the same error. A failure whose outcome is unknown rejects with `EngineError`.
   */
  write<T>(body: (transaction: Transaction) => Promise<T>): Promise<T>;
  /**
   * Replaces one entry whatever it holds, unless the guard fails: what a transaction can do that needs no look at what
   * it replaces, in one round trip where the engine is far away. As durable as `write` when it resolves.
   */
  exchange(exchange: Exchange): Promise<Exchanged>;
  /** Waits for work under way, then lets go of every resource. No call may follow. */
  close(): Promise<void>;
}

export type Consistency = "strong" | "eventual";

export interface ReadView {
  /** The values of `keys`, in their order; undefined where there is none. Values must not be modified. */
  getMany(keys: readonly Uint8Array[]): Promise<readonly (Uint8Array | undefined)[]>;
  /** One chunk of the entries in `range`, in key order or its reverse. Continue behind the last key of a full one. */
  scan(range: KeyRange, options: ScanOptions): Promise<Chunk>;
  /** What was added up under `key`, by part. */
  tally(key: Uint8Array): Promise<Tally>;
}

/**
 * Reads by key see what this transaction staged. Scans are not offered: a write names its keys. Calls that do not wait
 * for one another share a round trip.
 */
export interface Transaction {
  /**
   * What is read holds until the commit. `shared` keys may be held by many transactions at once, for what many read and
   * few write; a transaction does not write what it holds so. Who means to write such keys holds them as `sole`: then
   * those who come later for a share wait too, where else there would always be somebody who has one.
   */
  getMany(keys: readonly Uint8Array[], hold?: Hold): Promise<readonly (Uint8Array | undefined)[]>;
  put(key: Uint8Array, value: Uint8Array): void;
  delete(key: Uint8Array): void;
  /**
   * Adds to what is tallied under `key`, a key that no entry has. Transactions that add to one tally do not wait for
   * each other.
   */
  add(key: Uint8Array, part: number, amounts: Amounts): void;
  /** Forgets one part of a tally, or all of it, while no other transaction adds to that. */
  removeTally(key: Uint8Array, part?: number): void;
}

export type Hold = "exclusive" | "shared" | "sole";

/** Sums by part, a whole number from 0 below 2 ** 32. Parts to which nothing was ever added are absent. */
export type Tally = ReadonlyMap<number, Amounts>;

/** Whole numbers within 2 ** 53; what is added may be negative. */
export interface Amounts {
  readonly count: number;
  readonly bytes: number;
}

export interface Exchange {
  readonly key: Uint8Array;
  /** Undefined deletes. */
  readonly value: Uint8Array | undefined;
  /** What the entry must hold until then, exactly; null stands for no entry. Default: whatever it holds. */
  readonly expected?: Uint8Array | null | undefined;
  /** Another entry, which must hold exactly this. It is held as a `shared` one. */
  readonly guard: Entry;
  /** Where the difference is added that the exchange makes to the number of entries and the sum of their sizes. */
  readonly tally: ExchangeTally;
}

export interface ExchangeTally {
  readonly key: Uint8Array;
  readonly part: number;
  /** Where every value at `key` of the exchange holds its size: the offset of 4 bytes, big-endian, unsigned. */
  readonly sizeAt: number;
}

export type Exchanged =
  | { readonly kind: "done"; readonly before: Uint8Array | undefined }
  /** The guard holds something else: nothing happened. */
  | { readonly kind: "refused" }
  /** The entry holds something else than expected: nothing happened. */
  | { readonly kind: "changed" };

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

export interface ChunkRequest {
  /** At least one. */
  readonly keys: readonly Uint8Array[];
  readonly range: KeyRange;
  readonly options: Omit<ScanOptions, "values">;
}

export interface ChunkWithValues {
  /** One a key, in their order. */
  readonly values: readonly (Uint8Array | undefined)[];
  readonly chunk: Chunk;
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

/** The engine has more to do than it can: nothing happened, and the caller may try again later. */
export class EngineBusyError extends BusyError {
  override readonly name = "EngineBusyError";
}
