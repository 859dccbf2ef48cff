import type { History, Operation } from "./history.ts";
import { versionOf } from "./history.ts";
import type { Chain, Chains } from "./version-chains.ts";

/** Why one operation must come before another in every order that explains the history. */
export type Reason =
  /** It wrote what the other read, or replaced. */
  | { readonly kind: "read" | "replace"; readonly key: string; readonly version: string }
  /** It read what the other replaced. */
  | { readonly kind: "overtake"; readonly key: string; readonly version: string }
  /** It had ended when the other began. */
  | { readonly kind: "time" };

/** For each operation by its position in the history, which ones must come after it, and why. */
export type Dependencies = readonly (readonly (readonly [after: number, reason: Reason])[])[];

/** A read of absence, of which it is open whether it came before the item's birth or after its death. */
export interface OpenRead {
  readonly reader: number;
  readonly chain: Chain;
}

export interface DependencyGraph {
  readonly dependencies: Dependencies;
  readonly openReads: readonly OpenRead[];
}

/** The dependencies between operations that follow from what they read and wrote. */
export function dependenciesOf(history: History, { chains, happened }: Chains): DependencyGraph {
  const positions = new Map(history.map(({ id }, index) => [id, index]));
  const dependencies: (readonly [number, Reason])[][] = history.map(() => []);
  const openReads: OpenRead[] = [];
  const add = (before: number | undefined, after: number | undefined, reason: Reason): void => {
    if (before === undefined || after === undefined || before === after) return;
    dependencies[before]?.push([after, reason]);
  };
  for (const { key, versions } of chains.values()) {
    for (const [index, version] of versions.entries()) {
      const over = versions[index - 1];
      if (over !== undefined) {
        add(positions.get(over), positions.get(version), { kind: "replace", key, version: over });
      }
    }
  }
  for (const [reader, operation] of history.entries()) {
    if (operation.fate === "unknown" && !happened.has(operation.id)) continue;
    for (const read of operation.reads) {
      const chain = chains.get(read.key);
      if (read.weak === true || chain === undefined) continue;
      const version = versionOf(read);
      const isOpen = version === "" && chain.death !== undefined;
      const settled = isOpen ? settleByTime(operation, chain, { history, positions }) : version;
      if (settled === undefined) openReads.push({ reader, chain });
      else
        for (const [before, after, reason] of edgesOfRead(reader, settled, { chain, positions }))
          add(before, after, reason);
    }
  }
  return { dependencies, openReads };
}

/** What follows when `reader` saw `version`: it comes behind its writer and ahead of whoever replaced it. */
export function edgesOfRead(
  reader: number,
  version: string,
  { chain, positions }: { chain: Chain; positions: ReadonlyMap<string, number> },
): (readonly [before: number | undefined, after: number | undefined, reason: Reason])[] {
  const { key, versions, places } = chain;
  const next = versions[(places.get(version) ?? 0) + 1];
  return [
    [positions.get(version), reader, { kind: "read", key, version }],
    [reader, next === undefined ? undefined : positions.get(next), { kind: "overtake", key, version }],
  ];
}

/** Whether an item was seen before its birth ("") or after its death, where the times of the operations tell. */
function settleByTime(
  { from, until }: Operation,
  { versions, death = "" }: Chain,
  { history, positions }: { history: History; positions: ReadonlyMap<string, number> },
): string | undefined {
  const operationOf = (version: string): Operation | undefined => history[positions.get(version) ?? -1];
  const born = operationOf(versions[1] ?? "");
  const died = operationOf(death);
  if ((born?.until ?? Infinity) < from) return death;
  if ((died?.from ?? 0) > (until ?? Infinity)) return "";
  return undefined;
}
