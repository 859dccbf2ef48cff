import { versionOf, type History, type ItemWrite, type Operation } from "./history.ts";

/** The versions of one item in the order in which they replaced each other. The first is "", before its birth. */
export interface Chain {
  readonly key: string;
  readonly versions: readonly string[];
  /** Place of each version in `versions`. */
  readonly places: ReadonlyMap<string, number>;
  /** The operation that deleted it for good, when one did: the last version. */
  readonly death: string | undefined;
}

export interface Chains {
  readonly chains: ReadonlyMap<string, Chain>;
  /** The operations that took effect: those that were answered so, and those whose writes were seen. */
  readonly happened: ReadonlySet<string>;
  /** What no order of operations can explain, before any order is looked for. */
  readonly wrong: readonly string[];
}

/** Tells from what was seen how every item changed. */
export function recoverChains(history: History): Chains {
  const operations = new Map(history.map((operation) => [operation.id, operation]));
  const keys = new Set(history.flatMap(({ reads, writes }) => [...reads, ...writes].map(({ key }) => key)));
  const wrong: string[] = [];
  const happened = operationsThatHappened(history, wrong);
  const links = new Map([...keys].map((key) => [key, new Map<string, string>()]));
  const link = (key: string, version: string, over: string): void => {
    const known = links.get(key)?.get(version);
    if (known === undefined) links.get(key)?.set(version, over);
    else if (known !== over) {
      wrong.push(`${key}: ${version} replaced both ${nameOf(known)} and ${nameOf(over)}`);
    }
  };
  for (const { id, reads, writes } of history) {
    for (const { key, seen } of reads) {
      for (const [index, version] of seen.entries()) {
        const over = seen[index - 1];
        if (over !== undefined) link(key, version, over);
      }
    }
    if (!happened.has(id)) continue;
    for (const { key, over } of writes) if (over !== undefined) link(key, id, over);
  }
  const chains = new Map(
    [...keys].map((key) => [key, chainOf({ key, links: links.get(key) ?? new Map(), operations }, wrong)]),
  );
  return { chains, happened, wrong: [...wrong, ...misplacedWrites({ history, happened, chains })] };
}

/** What was answered with success, and what left traces though nobody got its answer. */
function operationsThatHappened(history: History, wrong: string[]): Set<string> {
  const traced = new Set(history.flatMap(({ reads }) => reads.flatMap(({ seen }) => seen)));
  for (const { fate, writes } of history) {
    if (fate === "done") for (const { over = "" } of writes) traced.add(over);
  }
  const happened = new Set(
    history
      .filter(({ id, fate }) => fate === "done" || (fate === "unknown" && traced.has(id)))
      .map(({ id }) => id),
  );
  for (const key of vanishedKeys(history, happened)) {
    const deaths = history.filter(
      ({ fate, writes }) =>
        fate !== "failed" && writes.some((write) => write.key === key && write.kind === "delete"),
    );
    if (deaths.length === 0) wrong.push(`${key}: it was written and is gone, but nobody deleted it`);
    for (const { id } of deaths) happened.add(id);
  }
  return happened;
}

/** Items that were written and are absent in the end. */
function vanishedKeys(history: History, happened: ReadonlySet<string>): string[] {
  const lastReads = new Map<string, { from: number; version: string }>();
  for (const { from, reads } of history) {
    for (const read of reads) {
      if (read.weak !== true && from >= (lastReads.get(read.key)?.from ?? -Infinity)) {
        lastReads.set(read.key, { from, version: versionOf(read) });
      }
    }
  }
  const written = new Set(
    history
      .filter(({ id }) => happened.has(id))
      .flatMap(({ writes }) => writes.filter(({ kind }) => kind !== "delete").map(({ key }) => key)),
  );
  return [...written].filter((key) => lastReads.get(key)?.version === "");
}

interface Links {
  readonly key: string;
  /** Version → the one it replaced. */
  readonly links: ReadonlyMap<string, string>;
  readonly operations: ReadonlyMap<string, Operation>;
}

function chainOf({ key, links, operations }: Links, wrong: string[]): Chain {
  const next = new Map<string, string>();
  for (const [version, over] of links) {
    const other = next.get(over);
    if (other === undefined) next.set(over, version);
    else wrong.push(`${key}: both ${other} and ${version} replaced ${nameOf(over)}, so one of them was lost`);
  }
  const versions = [""];
  for (let version = next.get(""); version !== undefined; version = next.get(version)) versions.push(version);
  const last = versions.at(-1) ?? "";
  const deletes = operations.get(last)?.writes.some((write) => write.key === key && write.kind === "delete");
  return {
    key,
    versions,
    places: new Map(versions.map((version, index) => [version, index])),
    death: deletes === true ? last : undefined,
  };
}

/** Every write that took effect has its place in the order of versions, and no other has one. */
function misplacedWrites({
  history,
  happened,
  chains,
}: {
  history: History;
  happened: ReadonlySet<string>;
  chains: ReadonlyMap<string, Chain>;
}): string[] {
  const wrong: string[] = [];
  for (const { id, name, fate, writes, reads } of history) {
    const written = new Map<string, ItemWrite>(writes.map((write) => [write.key, write]));
    for (const key of written.keys()) {
      const isPlaced = chains.get(key)?.places.has(id) === true;
      if (isPlaced && fate === "failed") wrong.push(`${key}: ${id} ${name} failed, but its write is there`);
      if (!isPlaced && happened.has(id)) wrong.push(`${key}: the write of ${id} ${name} was lost`);
    }
    for (const read of reads) {
      if (chains.get(read.key)?.places.has(versionOf(read)) === true) continue;
      wrong.push(`${read.key}: ${id} ${name} saw ${versionOf(read)}, which is no version of it`);
    }
  }
  return wrong;
}

function nameOf(version: string): string {
  return version === "" ? "its absence" : version;
}
