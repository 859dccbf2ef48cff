import type { FunctionAnswer } from "../../base/functions.ts";
import type { DeliveredRecord } from "./delivered-record.ts";

/** How many records from the first are done, by what a function answered. */
export function recordsDone(
  answer: FunctionAnswer,
  records: readonly DeliveredRecord[],
  reportsItemFailures: boolean,
): number {
  if (answer.kind === "failed") return 0;
  if (!reportsItemFailures) return records.length;
  return doneByReport(memberOf(parsed(answer.payload), "batchItemFailures"), records);
}

/** The record with the lowest sequence is where to go on; a report that makes no sense fails all of them. */
function doneByReport(failures: unknown, records: readonly DeliveredRecord[]): number {
  if (failures === undefined || failures === null) return records.length;
  if (!Array.isArray(failures)) return 0;
  const places = new Map(records.map(({ sequenceNumber }, index) => [sequenceNumber, index]));
  let first = records.length;
  for (const failure of failures) {
    const identifier = memberOf(failure, "itemIdentifier");
    const place = typeof identifier === "string" ? places.get(identifier) : undefined;
    first = Math.min(first, place ?? 0);
  }
  return first;
}

/** What a function wants to be told with the next batch of the same window, as JSON. */
export function stateOf(answer: FunctionAnswer): string {
  return JSON.stringify(memberOf(parsed(answer.payload), "state") ?? {});
}

/** Functions elsewhere may answer with anything. */
function parsed(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return Reflect.get(value, name);
}
