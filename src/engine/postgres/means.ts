import type { Lender } from "./lender.ts";
import type { Surroundings } from "./postgres-options.ts";
import type { Statements } from "./statements.ts";

/** What the parts of an engine work with. */
export interface Means {
  readonly lender: Lender;
  readonly statements: Statements;
  readonly surroundings: Surroundings;
  /** How many requests may wait to go together. */
  readonly waitingMax: number;
}

/** So few batches of a kind under way that others have time to gather, so many that one held up matters little. */
export const batchesMax = 4;
