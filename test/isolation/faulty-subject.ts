import type { Seen } from "./history.ts";
import {
  groupOf,
  NoAnswer,
  placeOf,
  type Action,
  type Answer,
  type States,
  type Subject,
} from "./subject.ts";

/** What a store may do wrong. */
export const faults = [
  "lost-update",
  "dirty-transaction",
  "write-skew",
  "fractured-read",
  "half-transaction",
  "stale-read",
  "forgotten-write",
] as const;
/** What may only go wrong where answers are lost. */
export const cutOffFaults = ["torn-transaction", "forgotten-token"] as const;
export type Fault = (typeof faults)[number] | (typeof cutOffFaults)[number];

export interface FaultySubjectOptions {
  readonly fault?: Fault | undefined;
  readonly random: () => number;
  /** Some requests get no answer, whether or not they were done. */
  readonly losesAnswers: boolean;
}

/**
 * A store in memory that answers as a server would, with pauses in which others come between; with `fault` planted, to
 * prove that clients and checker find it.
 */
export function createFaultySubject({ fault, random, losesAnswers }: FaultySubjectOptions): Subject {
  const items = new Map<string, Seen>();
  const doneByToken = new Set<string>();
  const seenAt = (key: string): Seen => items.get(key) ?? [];
  let replica = new Map<string, Seen>();

  const pause = async (): Promise<void> => {
    for (let turns = Math.floor(random() * 4); turns > 0; turns--) await new Promise(setImmediate);
    if (random() < 0.01) replica = new Map(items);
  };
  const store = (action: Action, log: Seen): void => {
    if (action.kind === "delete") items.delete(action.key);
    else if (action.kind !== "check" && !(fault === "forgotten-write" && random() < 0.02))
      items.set(action.key, log);
  };
  const apply = (action: Action, id: string, base = seenAt(action.key)): void => {
    store(action, action.kind === "append" ? [...base, id] : [id]);
  };

  const around = async <Result>(work: () => Result | Promise<Result>): Promise<Result> => {
    await pause();
    if (losesAnswers && random() < 0.02) throw new NoAnswer();
    const result = await work();
    await pause();
    if (losesAnswers && random() < 0.05) throw new NoAnswer();
    return result;
  };
  const readAll = async (keys: readonly string[], pauses: boolean): Promise<States> => {
    const states = new Map<string, Seen>();
    for (const key of keys) {
      if (pauses) await pause();
      states.set(key, seenAt(key));
    }
    return states;
  };
  const matching = (accepts: (key: string, seen: Seen) => boolean): States =>
    new Map([...items].filter(([key, seen]) => accepts(key, seen)));

  const transact = async (actions: readonly Action[], id: string): Promise<Answer> => {
    const before = new Map(actions.map(({ key }) => [key, seenAt(key)]));
    const pausesBetween = fault === "dirty-transaction" || fault === "half-transaction";
    if (fault !== "dirty-transaction" && actions.some((action) => !isAllowed(action, seenAt(action.key)))) {
      return { done: false, before };
    }
    if (fault === "write-skew") {
      await pause();
      // What it writes is looked at once more, what it only checked is not.
      if (actions.some((action) => action.kind !== "check" && !isAllowed(action, seenAt(action.key)))) {
        return { done: false, before: new Map() };
      }
    }
    const undo: (() => void)[] = [];
    for (const action of actions) {
      if (!isAllowed(action, seenAt(action.key)) && fault === "dirty-transaction") {
        for (const step of undo.toReversed()) step();
        return { done: false, before: new Map() };
      }
      const old = items.get(action.key);
      undo.push(() => (old === undefined ? items.delete(action.key) : items.set(action.key, old)));
      apply(action, id);
      if (pausesBetween) await pause();
      if (fault === "torn-transaction" && random() < 0.02) throw new NoAnswer();
    }
    return { done: true, before: new Map() };
  };
  const transactOnce = async (
    actions: readonly Action[],
    { id, token }: { id: string; token: string },
  ): Promise<Answer> => {
    if (doneByToken.has(token) && fault !== "forgotten-token") return { done: true, before: new Map() };
    const answer = await transact(actions, id);
    if (answer.done) doneByToken.add(token);
    return answer;
  };

  return {
    get: (key) =>
      around(() => (fault === "stale-read" && random() < 0.2 ? (replica.get(key) ?? []) : seenAt(key))),
    batchGet: (keys) => around(() => readAll(keys, false)),
    query: ({ table, collection }) =>
      around(() => matching((key) => placeOf(key).table === table && placeOf(key).collection === collection)),
    queryGroup: (table, group) =>
      around(() =>
        matching((key, seen) => {
          const place = placeOf(key);
          return place.table === table && groupOf(place.collection, seen.at(-1) ?? "") === group;
        }),
      ),
    transactGet: (keys) => around(() => readAll(keys, fault === "fractured-read")),
    write: (action, id) =>
      around(async () => {
        const seen = seenAt(action.key);
        const before = new Map([[action.key, seen]]);
        if (!isAllowed(action, seen)) return { done: false, before };
        if (fault === "lost-update") await pause();
        apply(action, id, fault === "lost-update" ? seen : seenAt(action.key));
        return { done: true, before };
      }),
    batchWrite: (writes) =>
      around(() => {
        for (const { action, id } of writes) apply(action, id);
        return new Set(writes.map(({ action }) => action.key));
      }),
    transactWrite: (actions, options) => around(() => transactOnce(actions, options)),
  };
}

function isAllowed(action: Action, seen: Seen): boolean {
  if (action.kind === "append") return seen.length > 0 || !action.mustExist;
  return action.over === undefined || action.over === (seen.at(-1) ?? "");
}
