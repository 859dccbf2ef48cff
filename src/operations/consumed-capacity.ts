/** What an answer says of the capacity its request used. */
import type { ConsumedCapacity } from "../model/types.generated.ts";
import { writeUnits } from "../store/capacity.ts";
import type { Written } from "./write-condition.ts";

/** How much a request wants to know; absent means NONE. */
export type CapacityDetail = "INDEXES" | "TOTAL" | "NONE" | undefined;

/** `tableName` is the name or ARN as the request gave it. */
export function consumedCapacity(
  detail: CapacityDetail,
  tableName: string,
  units: number,
): ConsumedCapacity | undefined {
  if (detail === "TOTAL") return { TableName: tableName, CapacityUnits: units };
  if (detail === "INDEXES") {
    return { TableName: tableName, CapacityUnits: units, Table: { CapacityUnits: units } };
  }
  return undefined;
}

/** The units of one write, by what it found and what it left. */
export function unitsOfWrite({ before, after }: Written): number {
  return writeUnits(before?.sizeBytes ?? 0, after?.sizeBytes ?? 0);
}
