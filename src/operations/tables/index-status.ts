/** The life of an index, read off its definition and the clock: nothing has to wake up to end a change. */
import type { IndexDefinition, IndexTransition, TableDefinition } from "../../store/table.ts";
import type { Moment } from "./moment.ts";

/** As descriptions call it. */
export type IndexStatus = "CREATING" | "UPDATING" | "DELETING" | "ACTIVE";

/** An index as descriptions show it. */
export interface IndexView {
  readonly index: IndexDefinition;
  readonly status: IndexStatus;
  /** Whether items are being added to it: of an index that was added to its table and is not ready yet. */
  readonly backfilling?: boolean | undefined;
  /** Whether its warm throughput is being raised, or not even told yet. */
  readonly warm?: "rising" | "untold" | undefined;
}

/** The indexes of a table that is being created are being created with it. */
export function indexView(
  index: IndexDefinition,
  { ofNewTable, now }: { readonly ofNewTable: boolean; readonly now: number },
): IndexView {
  if (ofNewTable) return { index, status: "CREATING", warm: "rising" };
  if (index.state === "building") {
    return { index, status: "CREATING", backfilling: !isAllocating(index, now), warm: "rising" };
  }
  if (index.state === "deleting") return { index, status: "DELETING" };
  return isChanging(index, now)
    ? { index: { ...index, ...index.transition?.shows }, status: "UPDATING" }
    : { index, status: "ACTIVE" };
}

/** Whether an index is so new that not even its backfill has begun. */
export function isAllocating({ state, buildsFrom = 0 }: IndexDefinition, now: number): boolean {
  return state === "building" && now < buildsFrom;
}

/** Whether a change of an index's settings is under way. */
export function isChanging({ transition }: IndexDefinition, now: number): boolean {
  return transition !== undefined && now < transition.until;
}

/** Whether an index is anything but ready. */
export function isUnderWay(index: IndexDefinition, now: number): boolean {
  return index.state !== "active" || isChanging(index, now);
}

/** While an index is allocated or removed, so long its table is being updated. */
export function holdsUpTable(indexes: TableDefinition["indexes"], now: number): boolean {
  return indexes.some((index) => index.state === "deleting" || isAllocating(index, now));
}

/** An index as an answer shows it that has just changed its settings; one under construction goes on with that. */
export function changedView(index: IndexDefinition, status: "UPDATING" | "ACTIVE"): IndexView {
  return index.state === "building"
    ? { index, status: "CREATING", backfilling: true, warm: "rising" }
    : { index, status };
}

/** The change to record in an index's definition, or undefined where changes take no time. */
export function indexTransition(
  { now, delayMs }: Moment,
  shows: IndexTransition["shows"],
): IndexTransition | undefined {
  return delayMs === 0 ? undefined : { until: now + delayMs, shows };
}
