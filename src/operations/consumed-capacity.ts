/** What an answer says of the capacity its request used. */
import type { Capacity, ConsumedCapacity } from "../model/types.generated.ts";
import { readUnits, writeUnits } from "../store/capacity.ts";
import type { Page } from "../store/page.ts";
import type { IndexDefinition } from "../store/table.ts";
import type { IndexChange, WrittenOutcome } from "../store/write.ts";
import { byName } from "./by-name.ts";
import type { Consistency } from "./consistency.ts";

/** How much a request wants to know; absent means NONE. */
export type CapacityDetail = "INDEXES" | "TOTAL" | "NONE" | undefined;

/** The units that a request used, of one table and, by their names, of those of its indexes that it touched. */
export interface CapacityUse {
  readonly table: number;
  readonly local?: UnitsByIndex | undefined;
  readonly global?: UnitsByIndex | undefined;
}

type UnitsByIndex = ReadonlyMap<string, number>;

/** The units of one write, by what it found and what it left. */
export function useOfWrite({ before, after, indexes }: WrittenOutcome): CapacityUse {
  const table = writeUnits(before?.sizeBytes ?? 0, after?.sizeBytes ?? 0);
  if (indexes.length === 0) return { table };
  return { table, local: unitsOf(indexes, "local"), global: unitsOf(indexes, "global") };
}

function unitsOf(changes: readonly IndexChange[], kind: IndexDefinition["kind"]): UnitsByIndex | undefined {
  let units: Map<string, number> | undefined;
  for (const { index, writeUnits: used } of changes) {
    if (index.kind !== kind) continue;
    units ??= new Map();
    units.set(index.name, used);
  }
  return units;
}

/** The units of a page: of an index, the table's are those of the items that were fetched from it. */
export function useOfPage(
  page: Page,
  index: IndexDefinition | undefined,
  consistency: Consistency,
): CapacityUse {
  const units = readUnits(page.scannedBytes, consistency);
  if (index === undefined) return { table: units };
  const ofIndex = new Map([[index.name, units]]);
  const table = page.fetchedUnits;
  return index.kind === "local" ? { table, local: ofIndex } : { table, global: ofIndex };
}

/** The units of several requests to one table together. */
export function sumOfUses(uses: readonly CapacityUse[]): CapacityUse {
  let table = 0;
  const local = new Map<string, number>();
  const global = new Map<string, number>();
  for (const use of uses) {
    table += use.table;
    if (use.local !== undefined) addUnits(local, use.local);
    if (use.global !== undefined) addUnits(global, use.global);
  }
  return {
    table,
    local: local.size === 0 ? undefined : local,
    global: global.size === 0 ? undefined : global,
  };
}

function addUnits(sum: Map<string, number>, units: UnitsByIndex): void {
  for (const [name, used] of units) sum.set(name, (sum.get(name) ?? 0) + used);
}

/** What a transaction uses: twice the units of the table, while its indexes cost what they always do. */
export function doubledTable(use: CapacityUse): CapacityUse {
  return { ...use, table: 2 * use.table };
}

/** `tableName` is the name or ARN as the request gave it. */
export function consumedCapacity(
  detail: CapacityDetail,
  tableName: string,
  use: CapacityUse,
): ConsumedCapacity | undefined {
  return detail === undefined || detail === "NONE" ? undefined : answered(detail, tableName, use, plain);
}

/** The same of a transaction, whose answers tell at every level what kind of units they count. */
export function transactionalCapacity(
  detail: CapacityDetail,
  tableName: string,
  use: CapacityUse,
  kind: "read" | "write",
): ConsumedCapacity | undefined {
  if (detail === undefined || detail === "NONE") return undefined;
  return answered(detail, tableName, use, kind === "read" ? ofReads : ofWrites);
}

type ToCapacity = (units: number) => Capacity;

const plain: ToCapacity = (units) => ({ CapacityUnits: units });
const ofReads: ToCapacity = (units) => ({ CapacityUnits: units, ReadCapacityUnits: units });
const ofWrites: ToCapacity = (units) => ({ CapacityUnits: units, WriteCapacityUnits: units });

function answered(
  detail: "INDEXES" | "TOTAL",
  tableName: string,
  use: CapacityUse,
  toCapacity: ToCapacity,
): ConsumedCapacity {
  const { table, local, global } = use;
  const total = { TableName: tableName, ...toCapacity(table + totalOf(local) + totalOf(global)) };
  if (detail === "TOTAL") return total;
  return {
    ...total,
    Table: toCapacity(table),
    LocalSecondaryIndexes: local && capacities(local, toCapacity),
    GlobalSecondaryIndexes: global && capacities(global, toCapacity),
  };
}

function totalOf(units: UnitsByIndex | undefined): number {
  let total = 0;
  if (units !== undefined) for (const used of units.values()) total += used;
  return total;
}

function capacities(units: UnitsByIndex, toCapacity: ToCapacity): { readonly [name: string]: Capacity } {
  return byName(new Map([...units].map(([name, used]) => [name, toCapacity(used)])));
}
