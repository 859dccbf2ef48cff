/** What clients did and saw. Operations of one item and transactions of several are the same thing here. */

/**
 * What a client saw of an item: the ids of the operations that wrote it since it was last put as a whole, oldest first.
 * The last one names the version. Empty: the item was absent. It may be only the end of the list.
 */
export type Seen = readonly string[];

/** An item's state as an operation saw it; of a write, its state before. */
export interface Read {
  readonly key: string;
  readonly seen: Seen;
  /** Read from where old states are allowed: it must only be a state that the item did have. */
  readonly weak?: boolean | undefined;
}

/** What an operation meant to do to one item. Every version carries the id of the operation that made it. */
export interface ItemWrite {
  readonly key: string;
  /** `append` keeps the list of writers and adds itself; `put` starts a new one; `delete` leaves nothing. */
  readonly kind: "append" | "put" | "delete";
  /**
   * The version that it replaced, by its answer or by its condition; "" for an absent item. An append may leave it out:
   * the list tells.
   */
  readonly over?: string | undefined;
}

/** `failed`: an answer said that nothing was written. `unknown`: no answer came. */
export type Fate = "done" | "failed" | "unknown";

/** One operation, atomic as a whole, as its client saw it. */
export interface Operation {
  readonly id: string;
  /** What it was, for people. */
  readonly name: string;
  /** Moments of one clock, never the same twice. */
  readonly from: number;
  /** Undefined: it may still take effect at any time. */
  readonly until: number | undefined;
  readonly fate: Fate;
  /** What a failed operation saw counts too. */
  readonly reads: readonly Read[];
  readonly writes: readonly ItemWrite[];
}

/**
 * Every operation of a stretch of time on items that did not exist before. An item is born at most once and dies at
 * most once, and the last read of each item came after everything else: so the order of its versions can be told.
 */
export type History = readonly Operation[];

/** The version a read saw; "" for an absent item. */
export function versionOf({ seen }: Read): string {
  return seen.at(-1) ?? "";
}
