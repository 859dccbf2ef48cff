import { setTimeout as delay } from "node:timers/promises";
import { fill } from "./comparison.ts";
import type { Round } from "./load/round.ts";
import { expiringTable, lastExpirySecond, plainTable } from "./load/tables.ts";
import { median } from "./median.ts";
import { askOnce } from "./subjects/answer.ts";
import { startLoadGenerator, type LoadGenerator } from "./subjects/load-generator.ts";
import { processorSeconds, type ServerProcess } from "./subjects/server-process.ts";
import { launchStator } from "./subjects/stator.ts";

/** What clients of another table notice while all items of one expire within a minute. */
export interface Expiry {
  readonly items: number;
  readonly seconds: number;
  readonly itemsPerSecond: number;
  readonly traffic: readonly Traffic[];
}

/** What so many connections saw that keep busy with one operation. */
export interface Traffic {
  readonly workload: (typeof trafficWorkloads)[number];
  readonly when: "before" | "during";
  readonly operationsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly longestMs: number;
}

const trafficWorkloads = ["GetItem", "PutItem"] as const;
const trafficItems = 10_000;
const roundsBefore = 3;

/** Stores `items` items that expire within one minute, moves the clock behind it, and measures until all are gone. */
export async function measureExpiry(
  items: number,
  { connections, measureMs }: { readonly connections: number; readonly measureMs: number },
): Promise<Expiry> {
  const generator = startLoadGenerator();
  const server = await launchStator(["--dev-clock"]);
  const { port } = server;
  try {
    await fill(server, { table: plainTable, generator, items: trafficItems });
    await fill(server, { table: expiringTable, generator, items });
    console.log(`  expiry: ${items} items stored`);
    const TimeToLiveSpecification = { AttributeName: "ends", Enabled: true };
    const enabling = { TableName: expiringTable.name, TimeToLiveSpecification };
    await askOnce(port, "UpdateTimeToLive", JSON.stringify(enabling));
    await untilIdle(server);
    const load = { port, connections, measureMs };
    const before: TrafficRounds = { GetItem: [], PutItem: [] };
    for (let round = 0; round < roundsBefore; round++) await measureTraffic(generator, load, before);
    const during: TrafficRounds = { GetItem: [], PutItem: [] };
    await moveClock(port);
    const begun = performance.now();
    const gone = untilEmpty(port).then(() => (performance.now() - begun) / 1000);
    let seconds: number | undefined;
    void gone.then((taken) => (seconds = taken));
    while (seconds === undefined) await measureTraffic(generator, load, during);
    const traffic = [...summariesOf("before", before), ...summariesOf("during", during)];
    return { items, seconds, itemsPerSecond: items / seconds, traffic };
  } finally {
    generator.stop();
    await server.stop();
  }
}

type TrafficRounds = Record<(typeof trafficWorkloads)[number], Round[]>;

async function measureTraffic(
  generator: LoadGenerator,
  load: { readonly port: number; readonly connections: number; readonly measureMs: number },
  rounds: TrafficRounds,
): Promise<void> {
  for (const workload of trafficWorkloads) {
    const task = { kind: "round", workload, items: trafficItems, warmUpMs: 0, ...load } as const;
    rounds[workload].push(await generator.run(task));
  }
}

function summariesOf(when: Traffic["when"], rounds: TrafficRounds): Traffic[] {
  return trafficWorkloads.map((workload) => ({
    workload,
    when,
    operationsPerSecond: median(rounds[workload].map(({ operations, seconds }) => operations / seconds)),
    p50Ms: median(rounds[workload].map(({ p50Ms }) => p50Ms)),
    p99Ms: median(rounds[workload].map(({ p99Ms }) => p99Ms)),
    longestMs: Math.max(...rounds[workload].map(({ longestMs }) => longestMs)),
  }));
}

/** The filling of the queue is done when the server has nothing more to do. */
async function untilIdle({ process }: ServerProcess): Promise<void> {
  for (;;) {
    const before = processorSeconds(process) ?? 0;
    await delay(1000);
    if ((processorSeconds(process) ?? 0) - before < 0.05) return;
  }
}

async function moveClock(port: number): Promise<void> {
  const body = JSON.stringify({ now: (lastExpirySecond + 5) * 1000 });
  const { status } = await fetch(`http://127.0.0.1:${String(port)}/_stator/clock`, { method: "PUT", body });
  if (status !== 200) throw new Error(`the clock does not move: ${String(status)}`);
}

async function untilEmpty(port: number): Promise<void> {
  for (;;) {
    const body = JSON.stringify({ TableName: expiringTable.name });
    const { bodyBase64 } = await askOnce(port, "DescribeTable", body);
    const answer = Buffer.from(bodyBase64, "base64").toString();
    const { Table } = JSON.parse(answer) as { Table: { ItemCount: number } };
    if (Table.ItemCount === 0) return;
    await delay(100);
  }
}
