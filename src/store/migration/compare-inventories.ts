import type { Tally } from "../../engine/engine.ts";
import type { Holding, Inventory } from "./inventory.ts";
import type { Group } from "./migration-keys.ts";

/** Something that two engines do not hold alike. */
export type Difference =
  | {
      readonly kind: "entries";
      readonly group: Group;
      readonly source: Holding | undefined;
      readonly target: Holding | undefined;
    }
  | { readonly kind: "tally"; readonly tableId: number; readonly source: Tally; readonly target: Tally };

export function compareInventories(source: Inventory, target: Inventory): readonly Difference[] {
  return [...differentHoldings(source, target), ...differentTallies(source, target)];
}

function differentHoldings(source: Inventory, target: Inventory): readonly Difference[] {
  const pairs = new Map<string, { source?: Holding; target?: Holding }>();
  for (const holding of source.holdings) pairs.set(idOf(holding.group), { source: holding });
  for (const holding of target.holdings) {
    const id = idOf(holding.group);
    pairs.set(id, { ...pairs.get(id), target: holding });
  }
  return [...pairs.values()].flatMap(({ source, target }) => {
    const group = (source ?? target)?.group;
    if (group === undefined || isSame(source, target)) return [];
    return [{ kind: "entries" as const, group, source, target }];
  });
}

function idOf({ keyspace, tableId }: Group): string {
  return `${keyspace}/${tableId ?? ""}`;
}

function isSame(source: Holding | undefined, target: Holding | undefined): boolean {
  return (
    source?.entries === target?.entries &&
    source?.bytes === target?.bytes &&
    source?.checksum === target?.checksum
  );
}

const nothing: Tally = new Map();

function differentTallies(source: Inventory, target: Inventory): readonly Difference[] {
  const tableIds = new Set([...source.tallies.keys(), ...target.tallies.keys()]);
  return [...tableIds].flatMap((tableId) => {
    const pair = {
      source: source.tallies.get(tableId) ?? nothing,
      target: target.tallies.get(tableId) ?? nothing,
    };
    return isSameTally(pair.source, pair.target) ? [] : [{ kind: "tally" as const, tableId, ...pair }];
  });
}

function isSameTally(left: Tally, right: Tally): boolean {
  if (left.size !== right.size) return false;
  return [...left].every(([part, { count, bytes }]) => {
    const other = right.get(part);
    return other?.count === count && other.bytes === bytes;
  });
}
