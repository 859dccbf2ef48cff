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
  const present = presences(history, { chains, happened, wrong: [] });
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
      const died = history[positions.get(chain.death ?? "") ?? -1];
      const presence = present.get(read.key);
      const settled = isOpen ? settleByTime(operation, chain, { presence, died }) : version;
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

/** When an item was there for sure: somebody had seen or written it by `from`, and somebody after `until` still did. */
interface Presence {
  readonly from: number;
  readonly until: number;
}

function presences(history: History, { chains, happened }: Chains): ReadonlyMap<string, Presence> {
  const found = new Map<string, Presence>();
  for (const { id, from, until = Infinity, reads, writes } of history) {
    const seen = reads.filter((read) => read.weak !== true && versionOf(read) !== "");
    const written = happened.has(id) ? writes : [];
    for (const { key } of [...seen, ...written]) {
      const known = found.get(key) ?? { from: Infinity, until: -Infinity };
      const isDeath = chains.get(key)?.death === id;
      // What an operation without an answer saw, it may have seen at any time: but not before it began.
      found.set(key, {
        from: Math.min(known.from, until),
        until: Math.max(known.until, isDeath ? -Infinity : from),
      });
    }
  }
  return found;
}

/** Whether an item was seen before its birth ("") or after its death, where the times of the operations tell. */
function settleByTime(
  { from, until = Infinity }: Operation,
  { death = "" }: Chain,
  { presence, died }: { presence: Presence | undefined; died: Operation | undefined },
): string | undefined {
  if (presence !== undefined && presence.from < from) return death;
  if (Math.max(presence?.until ?? 0, died?.from ?? 0) > until) return "";
  return undefined;
}
