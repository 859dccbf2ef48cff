/** The load generator: a process of its own, told what to do by messages from `bench/run.ts`. */
import { carryOutTasks } from "./carry-out-tasks.ts";
import { Connection } from "./connection.ts";
import { summarise, type Round, type Task } from "./round.ts";
import { benchTables, loadRequests, requestsOf } from "./workloads.ts";

type LoadTask = Extract<Task, { kind: "load" }>;
type RoundTask = Extract<Task, { kind: "round" }>;

const loadConnections = 16;
const requestsBySpec = new Map<string, { readonly seed: number; readonly requests: readonly Buffer[] }>();

carryOutTasks((task) => (task.kind === "round" ? measure(task) : load(task)));

/** Keeps every connection busy until the time is over, and counts what began after the warm-up. */
async function measure(task: RoundTask): Promise<Round> {
  const requests = cachedRequests(task);
  const connections = await openAll([task.port, ...(task.morePorts ?? [])], task.connections);
  const latencies: number[] = [];
  const start = performance.now() + task.warmUpMs;
  const end = start + task.measureMs;
  let next = 0;
  try {
    await Promise.all(
      connections.map((connection) =>
        pump(connection, (begun) => {
          const now = performance.now();
          if (begun !== undefined && begun >= start) latencies.push(now - begun);
          return now >= end ? undefined : requests[next++ % requests.length];
        }),
      ),
    );
  } finally {
    for (const connection of connections) connection.close();
  }
  return summarise(latencies, (performance.now() - start) / 1000);
}

async function load(task: LoadTask): Promise<Round> {
  const table = benchTables.get(task.table);
  if (table === undefined) throw new Error(`there is no table ${task.table}`);
  const requests = loadRequests(table, task.from, task.until);
  const connections = await openAll([task.port], loadConnections);
  const start = performance.now();
  await Promise.all(connections.map((connection) => pump(connection, () => nextOf(requests))));
  for (const connection of connections) connection.close();
  return summarise([0], (performance.now() - start) / 1000);
}

/**
 * Sends what `take` gives, one request after the other, until it gives none. `take` is told when the last one began.
 */
function pump(connection: Connection, take: (begun?: number) => Buffer | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    let begun = 0;
    const answered = (status: number, failure: string): void => {
      if (status !== 200) reject(new Error(`answer ${String(status)}: ${failure.slice(0, 500)}`));
      else send(take(begun));
    };
    const send = (request: Buffer | undefined): void => {
      if (request === undefined) {
        resolve();
        return;
      }
      begun = performance.now();
      connection.send(request, answered);
    };
    send(take());
  });
}

/** Connections to all ports, by turns. */
function openAll(ports: readonly number[], count: number): Promise<Connection[]> {
  const each = Array.from({ length: Math.ceil(count / ports.length) }, () => ports).flat();
  return Promise.all(each.slice(0, count).map((port) => Connection.open(port)));
}

function cachedRequests({ workload, items, seed = 1 }: RoundTask): readonly Buffer[] {
  const spec = `${workload} ${String(items)}`;
  const cached = requestsBySpec.get(spec);
  if (cached?.seed === seed) return cached.requests;
  const requests = requestsOf(workload, items, seed);
  requestsBySpec.set(spec, { seed, requests });
  return requests;
}

function nextOf<Value>(values: Iterator<Value>): Value | undefined {
  const next = values.next();
  return next.done === true ? undefined : next.value;
}
