import { findCycle, type Step } from "./cycles.ts";
import { dependenciesOf, edgesOfRead, type Dependencies, type OpenRead } from "./dependencies.ts";
import { explainCycle } from "./explain-cycle.ts";
import type { History } from "./history.ts";
import { recoverChains } from "./version-chains.ts";

/** Reads of absence that times leave open are tried both ways; so many of them, at most. */
const openReadsMax = 12;

/**
 * What is wrong with a history, in words; undefined when some order of its operations explains all that clients saw, an
 * order in which no operation comes before one that had ended when it began: when it is strictly serializable.
 *
 * Versions name their writers and what they replaced, so that the order of each item's versions is known. What must
 * come before what follows from it, and an order exists exactly when nothing must come before itself (Adya's dependency
 * graphs, as Elle uses them).
 */
export function checkHistory(history: History): string | undefined {
  const chains = recoverChains(history);
  if (chains.wrong.length > 0) return [...new Set(chains.wrong)].slice(0, 10).join("\n");
  const { dependencies, openReads } = dependenciesOf(history, chains);
  if (openReads.length > openReadsMax) throw new Error(`${openReads.length} reads of absence are open`);
  const positions = new Map(history.map(({ id }, index) => [id, index]));
  const cycle = cycleInEveryWay(history, { dependencies, openReads, positions });
  return cycle === undefined ? undefined : explainCycle(history, cycle);
}

interface Ways {
  readonly dependencies: Dependencies;
  readonly openReads: readonly OpenRead[];
  readonly positions: ReadonlyMap<string, number>;
}

/** A circle that stays whichever way the open reads are settled. */
function cycleInEveryWay(history: History, ways: Ways): readonly Step[] | undefined {
  const { dependencies, openReads, positions } = ways;
  const cycle = findCycle(history, dependencies);
  const [open, ...rest] = openReads;
  if (cycle !== undefined || open === undefined) return cycle;
  let last: readonly Step[] | undefined;
  for (const version of ["", open.chain.death ?? ""]) {
    const more = dependencies.map((edges) => [...edges]);
    for (const [before, after, reason] of edgesOfRead(open.reader, version, {
      chain: open.chain,
      positions,
    })) {
      if (before !== undefined && after !== undefined && before !== after)
        more[before]?.push([after, reason]);
    }
    last = cycleInEveryWay(history, { dependencies: more, openReads: rest, positions });
    if (last === undefined) return undefined;
  }
  return last;
}
