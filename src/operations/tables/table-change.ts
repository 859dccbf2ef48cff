import type { TableDefinition, Transition } from "../../store/table.ts";
import type { IndexView } from "./index-status.ts";
import type { Moment } from "./moment.ts";
import { transitionFor } from "./table-status.ts";

/** What becomes of a table. */
export interface TableChange {
  readonly after: TableDefinition;
  /** What the answer shows: not every change is one that takes time. */
  readonly status: "ACTIVE" | "UPDATING";
  /** What the answer, and descriptions while the change takes time, show instead. */
  readonly shows?: Partial<TableDefinition> | undefined;
  readonly warming?: boolean | undefined;
  /** The indexes that changed too, as the answer shows them, by their ids. */
  readonly indexes?: ReadonlyMap<number, IndexView> | undefined;
}

/** A change that takes time. */
export function slowChange(
  after: TableDefinition,
  details: { readonly changes: Transition["changes"]; readonly shows: Partial<TableDefinition> },
  moment: Moment,
): TableChange {
  return {
    after: { ...after, transition: transitionFor("UPDATING", moment, details) },
    status: "UPDATING",
    shows: details.shows,
  };
}
