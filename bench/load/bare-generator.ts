/** The load generator of a database without a server in front: each connection does one operation after the other. */
import { Client } from "pg";
import { databaseUser } from "../../test/postgres/node.ts";
import { bareWork, fillBare, type BareWork } from "./bare-work.ts";
import { carryOutTasks } from "./carry-out-tasks.ts";
import { createRandom } from "./random.ts";
import { summarise, type Round, type Task } from "./round.ts";

type LoadTask = Extract<Task, { kind: "load" }>;
type RoundTask = Extract<Task, { kind: "round" }>;

/** What the engine sets, so that statements are planned the same way; tables lie where the engine's do not. */
const settings = {
  search_path: "bare",
  enable_seqscan: "off",
  enable_bitmapscan: "off",
  jit: "off",
  plan_cache_mode: "force_generic_plan",
};
const clients: Client[] = [];
let place = 0;

carryOutTasks((task) => (task.kind === "round" ? measure(task) : load(task)));

async function load({ port, from, until }: LoadTask): Promise<Round> {
  const client = await connect(port);
  await client.query("CREATE SCHEMA IF NOT EXISTS bare");
  const start = performance.now();
  await fillBare(client, { from, until });
  const seconds = (performance.now() - start) / 1000;
  await client.end();
  return summarise([0], seconds);
}

/** Keeps every connection busy until the time is over, and counts what began after the warm-up. */
async function measure({ port, workload, items, connections, ...timing }: RoundTask): Promise<Round> {
  const work = bareWork[workload];
  if (work === undefined) throw new Error(`there are no statements for ${workload}`);
  while (clients.length < connections) clients.push(await connect(port));
  const latencies: number[] = [];
  const start = performance.now() + timing.warmUpMs;
  const end = start + timing.measureMs;
  const turn = turnsAmong(items);
  await Promise.all(
    clients.map(async (client) => {
      for (let begun = performance.now(); begun < end;) {
        await work(client, turn());
        const now = performance.now();
        if (begun >= start) latencies.push(now - begun);
        begun = now;
      }
    }),
  );
  return summarise(latencies, (performance.now() - start) / 1000);
}

function turnsAmong(items: number): () => Parameters<BareWork>[1] {
  const random = createRandom(place);
  return () => ({ index: Math.floor(random() * items), place: place++, items });
}

async function connect(port: number): Promise<Client> {
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  const client = new Client({
    connectionString: `postgres://${databaseUser}@127.0.0.1:${String(port)}/postgres`,
    options: options.join(" "),
    pipeline: true,
  });
  await client.connect();
  return client;
}
