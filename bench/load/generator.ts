/** The load generator: a process of its own, told what to do by messages from `bench/run.ts`. */
import { Connection } from "./connection.ts";
import { summarise, type Report, type Round, type Task } from "./round.ts";
import { benchTables, loadRequests, requestsOf } from "./workloads.ts";

type LoadTask = Extract<Task, { kind: "load" }>;
type RoundTask = Extract<Task, { kind: "round" }>;

const loadConnections = 16;
const requestsBySpec = new Map<string, { readonly seed: number; readonly requests: readonly Buffer[] }>();

process.on("message", (task: Task) => {
  void run(task).then((report) => process.send?.(report));
});
process.on("disconnect", () => process.exit(0));

async function run(task: Task): Promise<Report> {
  try {
    return { round: task.kind === "round" ? await measure(task) : await load(task) };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}

/** Keeps every connection busy until the time is over, and counts what began after the warm-up. */
async function measure(task: RoundTask): Promise<Round> {
  const requests = cachedRequests(task);
  const connections = await openAll(task.port, task.connections);
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
  const connections = await openAll(task.port, loadConnections);
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

function openAll(port: number, count: number): Promise<Connection[]> {
  return Promise.all(Array.from({ length: count }, () => Connection.open(port)));
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
