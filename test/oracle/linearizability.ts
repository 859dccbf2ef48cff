/** One operation on one item as its client saw it. Times are of one clock; `until` is undefined if no answer came. */
export interface Observed<Action> {
  readonly from: number;
  readonly until: number | undefined;
  readonly action: Action;
}

/**
 * Says what an action makes of a state, or undefined when what the client saw cannot be in that state. States are texts
 * so that they can be remembered.
 */
export type Model<Action> = (state: string, action: Action) => string | undefined;

/**
 * Whether some order of the operations explains what every client saw: an order in which no operation comes before one
 * that had ended when it began (Wing and Gong's search, remembering configurations as Lowe does). An operation without
 * an answer may take effect at any time, or never.
 */
export function isLinearizable<Action>(
  history: readonly Observed<Action>[],
  initial: string,
  model: Model<Action>,
): boolean {
  const seen = new Set<string>();
  const search = (done: bigint, state: string): boolean => {
    const configuration = `${done.toString(36)} ${state}`;
    if (seen.has(configuration)) return false;
    seen.add(configuration);
    const open = history.map((_, index) => index).filter((index) => ((done >> BigInt(index)) & 1n) === 0n);
    if (open.every((index) => history[index]?.until === undefined)) return true;
    const deadline = Math.min(...open.map((index) => history[index]?.until ?? Infinity));
    return open.some((index) => {
      const operation = history[index];
      // What began after another open operation ended cannot come first.
      if (operation === undefined || operation.from > deadline) return false;
      const next = model(state, operation.action);
      return next !== undefined && search(done | (1n << BigInt(index)), next);
    });
  };
  return search(0n, initial);
}
