import type { IndexDefinition } from "../../store/table.ts";
import type { IndexView } from "./index-status.ts";

/** What becomes of one index. */
export interface IndexChange {
  /** The index from now on. */
  readonly index: IndexDefinition;
  /** As the answer shows it. */
  readonly view: IndexView;
}
