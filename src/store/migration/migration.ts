import type { Engine } from "../../engine/engine.ts";
import type { BatchBounds } from "./batches.ts";
import type { Difference } from "./compare-inventories.ts";
import type { Inventory } from "./inventory.ts";
import type { TableNames } from "./table-names.ts";

/** A migration as it is asked for. Nobody else uses either engine meanwhile. */
export interface Migration {
  readonly source: Engine;
  readonly target: Engine;
  /** What the source is called, for people; the target keeps it until the end. */
  readonly from: string;
  readonly onProgress: (progress: MigrationProgress) => void;
  /** Told where an earlier attempt stopped that is taken up. */
  readonly onTakeUp?: ((progress: MigrationProgress) => void) | undefined;
  /** Default `batchBounds`. */
  readonly bounds?: BatchBounds | undefined;
}

export interface MigrationProgress {
  /** `keys` looks for keys too long for the target, `verification` reads both engines. */
  readonly phase: "keys" | "entries" | "tallies" | "verification";
  /** What this phase is done with; copying counts what earlier attempts did too. */
  readonly entries: number;
  readonly bytes: number;
  /** About how many entries this phase has. */
  readonly entriesExpected: number;
}

export interface MigrationReport {
  /** Whether an earlier attempt was taken up. */
  readonly resumed: boolean;
  readonly source: Inventory;
  readonly target: Inventory;
  /** None: the migration is finished. Otherwise the target stays one that servers refuse. */
  readonly differences: readonly Difference[];
  readonly names: TableNames;
}
