import type { Dependencies, Reason } from "./dependencies.ts";
import type { History } from "./history.ts";

/** A step of a circle: `from` must come before `to`, both by their positions in the history. */
export interface Step {
  readonly from: number;
  readonly to: number;
  readonly reason: Reason;
}

/** From how many operations of a knot the shortest circle is looked for. */
const startsMax = 40;

/** The shortest circle found among operations that must come before each other; undefined when there is an order. */
export function findCycle(history: History, dependencies: Dependencies): readonly Step[] | undefined {
  const knot = findKnot(withTime(history, dependencies), history.length);
  if (knot === undefined) return undefined;
  let best: readonly Step[] | undefined;
  for (const start of knot.slice(0, startsMax)) {
    const circle = shortestCircle(start, { history, dependencies, members: knot });
    if (circle !== undefined && circle.length < (best?.length ?? Infinity)) best = circle;
  }
  return best;
}

/**
 * The dependencies with those of time in it. There would be one for almost every two operations, so every ending is a
 * node of its own, linked to the next one: an operation comes behind the last ending before it began.
 */
function withTime(history: History, dependencies: Dependencies): readonly (readonly number[])[] {
  const graph = dependencies.map((edges) => edges.map(([after]) => after));
  const moments = history
    .flatMap(({ from, until }, operation) => [
      { at: from, operation, begins: true },
      ...(until === undefined ? [] : [{ at: until, operation, begins: false }]),
    ])
    .toSorted((left, right) => left.at - right.at);
  let last: number | undefined;
  for (const { operation, begins } of moments) {
    if (begins) {
      if (last !== undefined) graph[last]?.push(operation);
      continue;
    }
    const ending = graph.push([]) - 1;
    graph[operation]?.push(ending);
    if (last !== undefined) graph[last]?.push(ending);
    last = ending;
  }
  return graph;
}

/** Operations that all must come before each other (Tarjan's strongly connected components, without recursion). */
function findKnot(graph: readonly (readonly number[])[], operations: number): readonly number[] | undefined {
  const index = new Int32Array(graph.length).fill(-1);
  const low = new Int32Array(graph.length);
  const open = new Uint8Array(graph.length);
  const path: number[] = [];
  let counter = 0;
  const enter = (node: number): { node: number; next: number } => {
    index[node] = low[node] = counter++;
    open[node] = 1;
    path.push(node);
    return { node, next: 0 };
  };
  for (const start of graph.keys()) {
    if (index[start] !== -1) continue;
    const visits = [enter(start)];
    for (let visit = visits.at(-1); visit !== undefined; visit = visits.at(-1)) {
      const { node } = visit;
      const after = graph[node]?.[visit.next++];
      if (after !== undefined) {
        if (index[after] === -1) visits.push(enter(after));
        else if (open[after] === 1) low[node] = Math.min(low[node] ?? 0, index[after] ?? 0);
        continue;
      }
      visits.pop();
      const above = visits.at(-1)?.node;
      if (above !== undefined) low[above] = Math.min(low[above] ?? 0, low[node] ?? 0);
      if (low[node] !== index[node]) continue;
      const component = path.splice(path.lastIndexOf(node));
      for (const member of component) open[member] = 0;
      const members = component
        .filter((member) => member < operations)
        .toSorted((left, right) => left - right);
      if (members.length > 1) return members;
    }
  }
  return undefined;
}

function shortestCircle(
  start: number,
  {
    history,
    dependencies,
    members,
  }: { history: History; dependencies: Dependencies; members: readonly number[] },
): readonly Step[] | undefined {
  const inKnot = new Set(members);
  const came = new Map<number, Step>();
  const queue = [start];
  const arrive = (step: Step): void => {
    if (!inKnot.has(step.to) || came.has(step.to)) return;
    came.set(step.to, step);
    queue.push(step.to);
  };
  // Whoever began latest comes first: an operation that an ending lets through need not be asked again.
  const waiting = members.toSorted((left, right) => beginOf(history, left) - beginOf(history, right));
  for (const from of queue) {
    for (const [to, reason] of dependencies[from] ?? []) arrive({ from, to, reason });
    const until = history[from]?.until ?? Infinity;
    for (let to = waiting.at(-1); to !== undefined && beginOf(history, to) > until; to = waiting.at(-1)) {
      arrive({ from, to, reason: { kind: "time" } });
      waiting.pop();
    }
    if (came.has(start)) return circleTo(start, came);
  }
  return undefined;
}

function beginOf(history: History, operation: number): number {
  return history[operation]?.from ?? 0;
}

function circleTo(start: number, came: ReadonlyMap<number, Step>): readonly Step[] {
  const steps: Step[] = [];
  let step = came.get(start);
  while (step !== undefined) {
    steps.unshift(step);
    if (step.from === start) return steps;
    step = came.get(step.from);
  }
  throw new Error("a circle leads back to its start");
}
