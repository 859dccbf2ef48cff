/** Labels tell the streams of a table apart: the times at which they were asked for. */
import type { StreamSpecification } from "../../model/types.generated.ts";
import type { Context } from "../operation.ts";

/** The label of a stream asked for now: no other stream of a table with this name has it. */
export async function newStreamLabel(
  { store, caller, clock }: Context,
  tableName: string,
  specification: StreamSpecification | undefined,
): Promise<string> {
  let label = labelOf(clock.now());
  if (specification?.StreamEnabled !== true) return label;
  while ((await store.changeLog.streams.find(caller, tableName, label)) !== undefined) label = after(label);
  return label;
}

/** `label`, or the first one behind `latest` where that is not before it. */
export function laterLabel(label: string, latest: string | undefined): string {
  return latest === undefined || latest < label ? label : after(latest);
}

function after(label: string): string {
  return labelOf(Date.parse(`${label}Z`) + 1);
}

/** ISO 8601 with milliseconds and without the zone, such as `2026-11-21T17:20:00.123`. */
function labelOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, -1);
}
