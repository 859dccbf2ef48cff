import { assert } from "../../base/assert.ts";
import type {
  Chunk,
  Engine,
  Exchange,
  Exchanged,
  KeyRange,
  ReadView,
  ScanOptions,
  Tally,
  Transaction,
} from "../engine.ts";
import { exchangeWithin } from "../exchange.ts";
import { embeddedLimits } from "../limits.ts";
import { decodeTally } from "../tally.ts";
import { GroupCommit, type DurableMap } from "./group-commit.ts";
import type { Database } from "./open-database.ts";
import { Snapshot } from "./snapshot.ts";
import type { StagedEntry } from "./staged-transaction.ts";

/** An open LMDB database as an engine. */
export class LmdbEngine implements Engine, DurableMap {
  readonly limits = embeddedLimits;
  readonly isDistant = false;
  readonly #database: Database;
  readonly #commits = new GroupCommit(this);
  readonly #reads = new Set<Promise<unknown>>();
  readonly #release: () => Promise<void>;
  /** What views share until the next commit lands: one read transaction serves thousands of reads. */
  #latest: Snapshot | undefined;

  /** `release` lets go of whatever guards the database, once that is closed. */
  constructor(database: Database, release: () => Promise<void>) {
    this.#database = database;
    this.#release = release;
  }

  getMany(keys: readonly Uint8Array[]): Promise<readonly (Uint8Array | undefined)[]> {
    const snapshot = this.#snapshot();
    return Promise.resolve(keys.map((key) => snapshot.get(key)));
  }

  async read<T>(body: (view: ReadView) => Promise<T>): Promise<T> {
    const view = new SnapshotView(this.#snapshot().hold());
    let reading: Promise<T> | undefined;
    try {
      reading = body(view);
      this.#reads.add(reading);
      return await reading;
    } finally {
      if (reading !== undefined) this.#reads.delete(reading);
      view.end();
    }
  }

  write<T>(body: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.#commits.write(body);
  }

  exchange(exchange: Exchange): Promise<Exchanged> {
    return this.#commits.write((transaction) => exchangeWithin(transaction, exchange));
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#snapshot().get(key);
  }

  async apply(entries: Iterable<StagedEntry>): Promise<void> {
    try {
      await this.#database.batch(() => {
        for (const { key, value } of entries) {
          if (value === undefined) void this.#database.remove(key);
          else void this.#database.put(key, value as Buffer);
        }
      });
    } catch (error) {
      throw await reasonOf(error);
    } finally {
      this.#latest?.release();
      this.#latest = undefined;
    }
  }

  #snapshot(): Snapshot {
    this.#latest ??= new Snapshot(this.#database);
    return this.#latest;
  }

  async close(): Promise<void> {
    await this.#commits.idle();
    await Promise.allSettled(this.#reads);
    this.#latest?.release();
    this.#latest = undefined;
    await this.#database.close();
    await this.#release();
  }
}

/** The package rejects with a note that a commit failed; why comes as the rejection of a promise attached to it. */
async function reasonOf(error: unknown): Promise<unknown> {
  if (!(error instanceof Error && "commitError" in error)) return error;
  try {
    await error.commitError;
    return error;
  } catch (reason) {
    return reason;
  }
}

class SnapshotView implements ReadView {
  #snapshot: Snapshot | undefined;

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
  }

  getMany(keys: readonly Uint8Array[]): Promise<readonly (Uint8Array | undefined)[]> {
    const snapshot = this.#held();
    return Promise.resolve(keys.map((key) => snapshot.get(key)));
  }

  scan(range: KeyRange, options: ScanOptions): Promise<Chunk> {
    return Promise.resolve(this.#held().scan(range, options));
  }

  tally(key: Uint8Array): Promise<Tally> {
    return Promise.resolve(decodeTally(this.#held().get(key)));
  }

  /** Reading through an ended transaction would be a read of freed memory. */
  #held(): Snapshot {
    assert(this.#snapshot !== undefined, "a view is not used after its body ended");
    return this.#snapshot;
  }

  end(): void {
    this.#snapshot?.release();
    this.#snapshot = undefined;
  }
}
