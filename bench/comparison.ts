import { setTimeout as delay } from "node:timers/promises";
import type { Round } from "./load/round.ts";
import type { BenchTable } from "./load/tables.ts";
import { sampleRequest, workloads, type ComparedWorkload, type WorkloadName } from "./load/workloads.ts";
import { median } from "./median.ts";
import { measureRawEngine } from "./subjects/raw-engine.ts";
import { askOnce } from "./subjects/answer.ts";
import { launchBareHttp, teach } from "./subjects/bare-http.ts";
import { installDynalite, launchDynalite } from "./subjects/dynalite.ts";
import { startLoadGenerator, type LoadGenerator } from "./subjects/load-generator.ts";
import { processorSeconds, type ServerProcess } from "./subjects/server-process.ts";
import { launchStator } from "./subjects/stator.ts";

/** Who takes part: the server, the peer, and the two ceilings. */
export const subjectNames = ["stator", "dynalite", "bare-http", "engine"] as const;
export type SubjectName = (typeof subjectNames)[number];

export interface ComparisonOptions {
  readonly workloads: readonly ComparedWorkload[];
  readonly subjects: readonly SubjectName[];
  readonly items: number;
  readonly connections: number;
  readonly rounds: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

/** The medians of one subject's rounds. */
export interface Measurement {
  readonly operationsPerSecond: number;
  readonly slowest: number;
  readonly fastest: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Processor time of the server for one operation, in microseconds; it suffers less from noise than the rate. */
  readonly processorMicros?: number | undefined;
}

export type Comparison = Partial<Record<ComparedWorkload, Partial<Record<SubjectName, Measurement>>>>;

interface Sample extends Round {
  readonly processorMicros?: number | undefined;
}

type Servers = Partial<Record<Exclude<SubjectName, "engine">, ServerProcess>>;

/** Workloads whose durable work the raw engine can repeat. */
const engineWorkloads: readonly ComparedWorkload[] = ["PutItem", "UpdateItem"];

/** Runs every workload on every subject, taking turns, so that a noisy moment hits all of them. */
export async function compare(options: ComparisonOptions): Promise<Comparison> {
  const generator = startLoadGenerator();
  const servers = await launchServers(options.subjects);
  try {
    const comparison: Comparison = {};
    const filled = new Set<string>();
    for (const workload of options.workloads) {
      const { table, without = [] } = workloads[workload];
      for (const [name, server] of Object.entries(servers)) {
        const spec = `${name} ${table.name}`;
        if (name === "bare-http" || without.includes(name) || filled.has(spec)) continue;
        await fill(server, { table, generator, items: options.items });
        filled.add(spec);
      }
      comparison[workload] = await compareOne(workload, options, { generator, servers });
    }
    return comparison;
  } finally {
    generator.stop();
    await Promise.all(Object.values(servers).map((server) => server.stop()));
  }
}

/** Makes the table and stores the first `items` items in it. */
export async function fill(
  { port }: ServerProcess,
  { table, generator, items }: { table: BenchTable; generator: LoadGenerator; items: number },
): Promise<void> {
  await askOnce(port, "CreateTable", JSON.stringify(table.definition));
  await untilActive(port, table.name);
  await generator.run({ kind: "load", port, table: table.name, from: 0, until: items });
}

/** Waits until a table and its indexes are all active, and asks every so often. */
export async function untilActive(port: number, table: string, pauseMs = 0): Promise<void> {
  const pending = /"(Table|Index)Status":"(CREATING|UPDATING)"/;
  let description = '"TableStatus":"CREATING"';
  while (pending.test(description)) {
    if (pauseMs > 0) await delay(pauseMs);
    const { bodyBase64 } = await askOnce(port, "DescribeTable", JSON.stringify({ TableName: table }));
    description = Buffer.from(bodyBase64, "base64").toString();
  }
}

async function launchServers(subjects: readonly SubjectName[]): Promise<Servers> {
  const servers: Servers = {};
  if (subjects.includes("stator")) servers.stator = await launchStator();
  if (subjects.includes("dynalite")) {
    installDynalite();
    servers.dynalite = await launchDynalite();
  }
  if (subjects.includes("bare-http")) servers["bare-http"] = await launchBareHttp();
  return servers;
}

async function compareOne(
  workload: ComparedWorkload,
  options: ComparisonOptions,
  { generator, servers }: { generator: LoadGenerator; servers: Servers },
): Promise<Partial<Record<SubjectName, Measurement>>> {
  const { without = [] } = workloads[workload];
  const subjects = options.subjects.filter((name) =>
    name === "engine" ? engineWorkloads.includes(workload) : !without.includes(name),
  );
  const teacher = servers.stator ?? servers.dynalite;
  if (subjects.includes("bare-http") && servers["bare-http"] !== undefined && teacher !== undefined) {
    const { operation, body } = sampleRequest(workload, options.items);
    await teach(servers["bare-http"], await askOnce(teacher.port, operation, body));
  }
  const samples = new Map<SubjectName, Sample[]>(subjects.map((name) => [name, []]));
  for (let round = 0; round < options.rounds; round++) {
    for (const [name, taken] of samples) {
      const server = name === "engine" ? undefined : servers[name];
      taken.push(
        server === undefined
          ? await measureRawEngine(options)
          : await sample(server, generator, { ...options, workload }),
      );
    }
    console.log(`  ${workload}: round ${round + 1} of ${options.rounds}, ${progressOf(samples)}`);
  }
  return Object.fromEntries([...samples].map(([name, taken]) => [name, mediansOf(taken)]));
}

async function sample(
  server: ServerProcess,
  generator: LoadGenerator,
  options: ComparisonOptions & { workload: WorkloadName },
): Promise<Sample> {
  const { workload, items, connections, warmUpMs, measureMs } = options;
  const before = processorSeconds(server.process);
  const { port } = server;
  const round = await generator.run({
    kind: "round",
    port,
    workload,
    items,
    connections,
    warmUpMs,
    measureMs,
  });
  const after = processorSeconds(server.process);
  if (before === undefined || after === undefined) return round;
  // The warm-up runs at about the same rate, so its operations are counted in proportion.
  const operations = round.operations * (1 + warmUpMs / measureMs);
  return { ...round, processorMicros: ((after - before) * 1e6) / operations };
}

function mediansOf(samples: readonly Sample[]): Measurement {
  const rates = samples.map(({ operations, seconds }) => operations / seconds);
  const processor = samples.flatMap(({ processorMicros }) => processorMicros ?? []);
  return {
    operationsPerSecond: median(rates),
    slowest: Math.min(...rates),
    fastest: Math.max(...rates),
    p50Ms: median(samples.map(({ p50Ms }) => p50Ms)),
    p99Ms: median(samples.map(({ p99Ms }) => p99Ms)),
    processorMicros: processor.length === 0 ? undefined : median(processor),
  };
}

function progressOf(samples: ReadonlyMap<SubjectName, readonly Sample[]>): string {
  return [...samples]
    .map(([name, taken]) => {
      const last = taken.at(-1);
      return `${name} ${last === undefined ? "-" : Math.round(last.operations / last.seconds)}/s`;
    })
    .join(", ");
}
