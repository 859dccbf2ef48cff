import { Agent } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { createRandom } from "../../bench/load/random.ts";
import { isGone, type ServerProcess } from "../server-process.ts";
import { createDraw, type Draw } from "./draw.ts";
import { post, transmit, type Exchange } from "./exchange.ts";
import { mutateBytes, type WireRequest } from "./mutate-bytes.ts";
import { mutateNode, nodeOf, printNode } from "./mutate-json.ts";
import { createFuzzTable, handmade, plainRequests } from "./valid-requests.ts";

export interface FuzzOptions {
  readonly seed: number;
  /** The first round. A failure names its round; `from` it and one round long repeats it. */
  readonly from: number;
  /** Asked before every round. */
  readonly goesOn: (round: number) => boolean;
}

/** What a stretch of fuzzing did: how often each status was answered, 0 for no answer at all. */
export interface Tally {
  readonly rounds: number;
  readonly statuses: ReadonlyMap<number, number>;
}

const workers = 16;
const renewEvery = 250;

/** Sends mutated requests until `goesOn` says no. Rejects at the first answer that blames the server. */
export async function fuzz(server: ServerProcess, { seed, from, goesOn }: FuzzOptions): Promise<Tally> {
  const agent = new Agent({ keepAlive: true, maxSockets: workers });
  const statuses = new Map<number, number>();
  let next = from;
  const work = async (): Promise<void> => {
    while (goesOn(next)) {
      const round = next++;
      if (round % renewEvery === 0) await call(server, createFuzzTable, agent);
      const [status = 0] = await runRound(server, { seed, round, agent });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  try {
    await Promise.all(Array.from({ length: workers }, work));
    return { rounds: next - from, statuses };
  } finally {
    agent.destroy();
  }
}

/** Takes away every table that the mutations made, so that what memory still grows by is a leak. */
export async function emptyServer(server: ServerProcess): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  try {
    for (
      let names = await tableNames(server, agent);
      names.length > 0;
      names = await tableNames(server, agent)
    ) {
      for (const TableName of names) {
        const unlock = { TableName, DeletionProtectionEnabled: false };
        await call(server, { operation: "UpdateTable", members: unlock }, agent);
        await call(server, { operation: "DeleteTable", members: { TableName } }, agent);
      }
    }
    await call(server, createFuzzTable, agent);
  } finally {
    agent.destroy();
  }
}

/** Flags for a server process that tells its heap when it gets SIGUSR2, garbage collected. */
export const heapReporting: readonly string[] = [
  "--expose-gc",
  "--import",
  "data:text/javascript,process.on('SIGUSR2',()=>{gc();const m=process.memoryUsage();" +
    "process.stderr.write('\\nheap '+(m.heapUsed%2Bm.external)+'\\n')})",
];

/** The live heap of a server started with `heapReporting`, in MB. */
export async function heapMb(server: ServerProcess): Promise<number> {
  // Two collections, because weak references and finished sockets go with the second.
  for (let count = 0; count < 2; count++) {
    await delay(300);
    server.child.kill("SIGUSR2");
  }
  await delay(500);
  const bytes = /heap (\d+)\n(?![^]*heap \d)/.exec(server.output())?.[1];
  if (bytes === undefined) throw new Error(`the server does not tell its heap: ${server.output()}`);
  return Number(bytes) / 2 ** 20;
}

async function runRound(
  server: ServerProcess,
  { seed, round, agent }: { seed: number; round: number; agent: Agent },
): Promise<readonly number[]> {
  const draw = createDraw(createRandom(seed + round * 7919));
  const request = mutatedRequest(draw);
  const breaksBytes = draw.chance(0.3);
  const describe = (fault: string): Error =>
    new Error(
      `${fault}\nseed ${seed}, round ${round}, ${breaksBytes ? "bytes mutated of " : ""}${request.target}: ` +
        `${request.body.toString().slice(0, 1500)}\nthe server said: ${server.output().slice(-3000)}`,
    );
  let exchange: Exchange;
  try {
    exchange = breaksBytes
      ? await transmit(server.port, mutateBytes(request, draw))
      : await post(server.port, request, agent);
  } catch (error) {
    throw describe(isGone(server) ? "the server is gone" : `no answer: ${String(error)}`);
  }
  const fault = exchange.statuses.find((status) => status >= 500);
  if (fault !== undefined) throw describe(`status ${fault}: ${exchange.text.slice(0, 500)}`);
  if (!breaksBytes && !isProperAnswer(exchange)) {
    throw describe(`improper answer: ${JSON.stringify(exchange).slice(0, 500)}`);
  }
  return exchange.statuses;
}

function mutatedRequest(draw: Draw): WireRequest {
  const requests = draw.chance(0.9) ? handmade : plainRequests;
  const request = requests[draw.below(requests.length)] ?? createFuzzTable;
  let node = nodeOf(request.members);
  for (let count = draw.pick([0, 1, 1, 1, 2, 3, 6]); count > 0; count--) node = mutateNode(node, draw);
  return { target: `DynamoDB_20120810.${request.operation}`, body: Buffer.from(printNode(node)) };
}

/** A success, or an error with a type; in JSON, unless a success has nothing to say. */
function isProperAnswer({ statuses: [status], text }: Exchange): boolean {
  if (status === 413 || (status === 200 && text === "")) return true;
  const answer = JSON.parse(text) as { __type?: unknown };
  return status === 200 || (status === 400 && typeof answer.__type === "string");
}

async function call(
  { port }: ServerProcess,
  { operation, members }: { operation: string; members: object },
  agent: Agent,
): Promise<string> {
  const body = Buffer.from(JSON.stringify(members));
  const { text } = await post(port, { target: `DynamoDB_20120810.${operation}`, body }, agent);
  return text;
}

async function tableNames(server: ServerProcess, agent: Agent): Promise<readonly string[]> {
  const text = await call(server, { operation: "ListTables", members: {} }, agent);
  const { TableNames = [] } = JSON.parse(text) as { TableNames?: string[] };
  return TableNames;
}
