/** What transactions use: every unit of a table twice, told apart by table. */
import type { ConsumedCapacity } from "../../model/types.generated.ts";
import { readUnits } from "../../store/capacity.ts";
import type { Table } from "../../store/table.ts";
import {
  doubledTable,
  sumOfUses,
  transactionalCapacity,
  useOfWrite,
  type CapacityDetail,
  type CapacityUse,
} from "../consumed-capacity.ts";
import type { AppliedTransaction, TransactionWrite } from "./transaction.ts";

/** What one action used. */
export interface ActionUse {
  readonly table: Table;
  /** The name or ARN as the request gave it. */
  readonly tableName: string;
  readonly use: CapacityUse;
}

/** What the reading of one item uses; zero bytes stand for no item. */
export function useOfTransactionalRead(bytes: number): CapacityUse {
  return { table: 2 * readUnits(bytes, "strong") };
}

/** A transaction that had happened before is told as if it read the items that it wrote. */
export function writeCapacities(
  detail: CapacityDetail,
  writes: readonly TransactionWrite[],
  applied: AppliedTransaction,
): readonly ConsumedCapacity[] | undefined {
  if (detail === undefined || detail === "NONE") return undefined;
  const isDone = applied.kind === "done";
  const uses = isDone
    ? applied.outcomes.map((outcome) => doubledTable(useOfWrite(outcome)))
    : applied.sizes.map(useOfTransactionalRead);
  const actions = writes.flatMap(({ tableName, write }, position) => {
    const use = uses[position];
    return use === undefined ? [] : { table: write.table, tableName, use };
  });
  return capacitiesByTable(detail, actions, isDone ? "write" : "read");
}

/** One element a table, in the order in which the request first names them. */
export function capacitiesByTable(
  detail: CapacityDetail,
  actions: readonly ActionUse[],
  kind: "read" | "write",
): readonly ConsumedCapacity[] | undefined {
  if (detail === undefined || detail === "NONE") return undefined;
  // By id: a table may be named twice, by its name and its ARN.
  const byTable = new Map<number, { readonly tableName: string; readonly uses: CapacityUse[] }>();
  for (const { table, tableName, use } of actions) {
    const ofTable = byTable.get(table.id);
    if (ofTable === undefined) byTable.set(table.id, { tableName, uses: [use] });
    else ofTable.uses.push(use);
  }
  return [...byTable.values()].flatMap(
    ({ tableName, uses }) => transactionalCapacity(detail, tableName, sumOfUses(uses), kind) ?? [],
  );
}
