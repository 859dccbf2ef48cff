import type { ConsumedCapacity } from "../../model/types.generated.ts";
import { consumedCapacity, sumOfUses, type CapacityDetail, type CapacityUse } from "../consumed-capacity.ts";
import type { MemberResult } from "./batch-member.ts";

/** What a batch of statements used: one element a table, in the order in which the batch first names them. */
export function capacitiesOf(
  detail: CapacityDetail,
  results: readonly MemberResult[],
): readonly ConsumedCapacity[] | undefined {
  if (detail === undefined || detail === "NONE") return undefined;
  // By id: a table may be named twice, by its name and its ARN.
  const byTable = new Map<number, { readonly tableName: string; readonly uses: CapacityUse[] }>();
  for (const { response, table, use } of results) {
    if (table === undefined || use === undefined) continue;
    const ofTable = byTable.get(table.id);
    if (ofTable === undefined) byTable.set(table.id, { tableName: response.TableName ?? "", uses: [use] });
    else ofTable.uses.push(use);
  }
  return [...byTable.values()].flatMap(
    ({ tableName, uses }) => consumedCapacity(detail, tableName, sumOfUses(uses)) ?? [],
  );
}
