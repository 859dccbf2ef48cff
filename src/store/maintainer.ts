import type { Transaction } from "../engine/engine.ts";
import type { StatisticsChange } from "./statistics.ts";
import type { StoredItem } from "./stored-item.ts";
import type { Outcome, Write, WrittenOutcome } from "./write.ts";

/** A write with what follows from it alone, before any data is read. */
export interface PlannedWrite {
  readonly write: Write;
  /** The item's key in the engine. */
  readonly key: Uint8Array;
  /** What a put stores. */
  readonly put: StoredItem | undefined;
}

/**
 * Keeps something that is derived from items in step with the writes of one plan, within their own transaction. Its
 * functions may run again after a conflict: it remembers nothing of a run.
 */
export interface Maintainer {
  /** What it needs to know beside the items: read together with them. */
  readonly keys: readonly Uint8Array[];
  /** Works out what the writes come to, and stages nothing yet: another maintainer may refuse. */
  prepare(batch: Batch): Maintenance | Promise<Maintenance>;
}

/** Writes that are allowed, with what each does to its item. */
export interface Batch {
  readonly transaction: Transaction;
  readonly writes: readonly PlannedWrite[];
  /** One a write. */
  readonly written: readonly WrittenOutcome[];
  /** The values of the maintainer's keys. */
  readonly values: readonly (Uint8Array | undefined)[];
  /** By table id. */
  readonly statistics: ReadonlyMap<number, StatisticsChange>;
}

export interface Maintenance {
  /** The outcomes with what the maintainer adds to them, or why none of the writes may happen; default as they were. */
  readonly outcomes?: readonly Outcome[];
  stage(): void;
}

/** What maintainers need of the plan beside its writes. */
export interface MaintenanceTerms {
  readonly writtenAt: number;
  /** How large an item collection of a table with local indexes may grow. */
  readonly collectionBytesMax: number;
}

/** Undefined when the writes are of no concern: most tables have nothing derived but their statistics. */
export type MaintainerOf = (
  writes: readonly PlannedWrite[],
  terms: MaintenanceTerms,
) => Maintainer | undefined;
