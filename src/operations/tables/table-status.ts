/** The life of a table, read off its definition and the clock: nothing has to wake up to end a change. */
import type { TableDefinition, Transition } from "../../store/table.ts";
import { holdsUpTable } from "./index-status.ts";
import type { Moment } from "./moment.ts";

/** `GONE`: deleted, though nothing has taken it out of the catalog yet. */
export type TableStatus = Transition["status"] | "ACTIVE" | "GONE";

/** What the table itself is about. */
export function statusOf({ transition }: TableDefinition, now: number): TableStatus {
  if (transition === undefined) return "ACTIVE";
  if (now < transition.until) return transition.status;
  return transition.status === "DELETING" ? "GONE" : "ACTIVE";
}

/** What the table shows: it is being updated, too, while some changes of its indexes are under way. */
export function shownStatusOf(definition: TableDefinition, now: number): TableStatus {
  const status = statusOf(definition, now);
  return status === "ACTIVE" && holdsUpTable(definition.indexes, now) ? "UPDATING" : status;
}

/** The change to record in a definition, or undefined where changes take no time. */
export function transitionFor(
  status: Transition["status"],
  { now, delayMs }: Moment,
  details: Pick<Transition, "changes" | "shows"> = {},
): Transition | undefined {
  return delayMs === 0 ? undefined : { status, until: now + delayMs, ...details };
}
