import type { Lease } from "../lease.ts";
import type { WalkStep } from "../item-walk.ts";
import type { QueueRef } from "./expiry-keys.ts";

/** The items of tables with time to live, in the order in which they expire. Every step is bounded and repeatable. */
export interface ExpiryQueues {
  /** The queues behind `after`, in the order of their tables' ids. */
  list(options: { after?: QueueRef | undefined; queuesMax: number }): Promise<readonly ExpiryQueue[]>;
  /** Adds a bounded number of the items from before to a queue that is `filling`. */
  fill(queue: QueueRef, lease: Lease): Promise<WalkStep>;
  /**
   * Deletes a bounded number of the items that have expired at `moment` (milliseconds since the epoch), the oldest
   * first. Items that were written meanwhile stay until they expire by what they say then. Rejects with
   * `StaleTableError` when the table changes under it.
   */
  sweep(queue: QueueRef, moment: number): Promise<SweepStep>;
  /** Erases a bounded part of a queue that is `removed`; answers whether anything is left. */
  eraseSome(queue: QueueRef): Promise<boolean>;
}

export interface ExpiryQueue extends QueueRef {
  /** `filling`: items from before are still being added. `removed`: time to live was disabled, or the table removed. */
  readonly state: "filling" | "full" | "removed";
}

export interface SweepStep {
  readonly deleted: number;
  /** Whether it is worth while to go on at once. */
  readonly more: boolean;
}
