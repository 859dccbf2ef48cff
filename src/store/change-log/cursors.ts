import type { KeptLease, Lease } from "../lease.ts";
import type { ShardRef } from "./change-log.ts";

/** How far readers of ours have come in the shards they read. Kept in the engine: any server can go on. */
export interface Cursors {
  /** Those of one reader, in the order of tables and shards. */
  list(readerId: string): Promise<readonly Cursor[]>;
  /**
   * Takes a cursor for oneself, or renews that; a cursor that does not exist yet begins behind `startAfter`. Undefined
   * while another owner has it.
   */
  claim(name: CursorName, claim: CursorClaim): Promise<Cursor | undefined>;
  /**
   * Moves a claimed cursor on, and renews the lease; undefined when it is not the claimant's any more, or was moved
   * meanwhile: nothing was changed then.
   */
  advance(cursor: Cursor, progress: CursorProgress): Promise<Cursor | undefined>;
  /** Lets others claim it at once; nothing happens when it is not the claimant's any more. */
  release(cursor: Cursor): Promise<void>;
  /** Erases a bounded number of a reader's cursors; answers whether any are left. */
  removeSome(readerId: string): Promise<boolean>;
  /** Erases one, such as that of a shard that is no more. */
  remove(name: CursorName): Promise<void>;
}

export interface CursorName {
  /** Without the character NUL. */
  readonly readerId: string;
  readonly shard: ShardRef;
}

export interface CursorClaim extends Lease {
  /** The sequence behind which a new cursor begins. */
  readonly startAfter: number;
}

export interface CursorProgress extends Partial<Pick<Cursor, "state" | "finished">> {
  /** The last sequence that the reader is done with. */
  readonly after: number;
  readonly leaseMs: number;
}

export interface Cursor extends CursorName, KeptLease {
  readonly after: number;
  /** The reader is done with all there will ever be in the shard. */
  readonly finished: boolean;
  /** What the reader wants to find again. */
  readonly state: string | undefined;
  /** Grows with every change of the cursor. */
  readonly version: number;
}
