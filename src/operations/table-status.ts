/** The life of a table, read off its definition and the clock: nothing has to wake up to end a change. */
import type { TableDefinition, Transition } from "../store/table.ts";

/** `GONE`: deleted, though nothing has taken it out of the catalog yet. */
export type TableStatus = Transition["status"] | "ACTIVE" | "GONE";

export function statusOf({ transition }: TableDefinition, now: number): TableStatus {
  if (transition === undefined) return "ACTIVE";
  if (now < transition.until) return transition.status;
  return transition.status === "DELETING" ? "GONE" : "ACTIVE";
}

/** The change to record in a definition, or undefined where changes take no time. */
export function transitionFor(
  status: Transition["status"],
  { now, delayMs }: { readonly now: number; readonly delayMs: number },
  shows?: Partial<TableDefinition>,
): Transition | undefined {
  return delayMs === 0 ? undefined : { status, until: now + delayMs, shows };
}
