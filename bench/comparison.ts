import type { ChildProcess } from "node:child_process";
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

/** The measurements of each workload by who took part. */
export type ComparisonOf<Subject extends string> = Partial<
  Record<ComparedWorkload, Partial<Record<Subject, Measurement>>>
>;
export type Comparison = ComparisonOf<SubjectName>;

interface Sample extends Round {
  readonly processorMicros?: number | undefined;
}

/** Measures a subject for one round. */
export type Sampler = () => Promise<Sample>;

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
  const samplers = subjects.map((name): [SubjectName, Sampler] => {
    const server = name === "engine" ? undefined : servers[name];
    return [
      name,
      server === undefined
        ? () => measureRawEngine(options)
        : () => sampleServers([server], generator, { ...options, workload }),
    ];
  });
  return takeTurns(workload, options.rounds, new Map(samplers));
}

/** Medians over so many rounds of subjects that take turns in each. */
export async function takeTurns<Subject extends string>(
  title: string,
  rounds: number,
  samplers: ReadonlyMap<Subject, Sampler>,
): Promise<Partial<Record<Subject, Measurement>>> {
  const samples = new Map<Subject, Sample[]>([...samplers.keys()].map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, sampler] of samplers) samples.get(name)?.push(await sampler());
    console.log(`  ${title}: round ${round + 1} of ${rounds}, ${progressOf(samples)}`);
  }
  const medians: Partial<Record<Subject, Measurement>> = {};
  for (const [name, taken] of samples) medians[name] = mediansOf(taken);
  return medians;
}

/** One round of a workload; of several servers each gets its share of the connections. */
export function sampleServers(
  servers: readonly [ServerProcess, ...ServerProcess[]],
  generator: LoadGenerator,
  options: Omit<ComparisonOptions, "workloads" | "subjects"> & { workload: WorkloadName },
): Promise<Sample> {
  const { workload, items, connections, warmUpMs, measureMs } = options;
  const [{ port }, ...more] = servers;
  const morePorts = more.map((server) => server.port);
  const timing = { warmUpMs, measureMs };
  return sampleProcesses(
    servers.map((server) => server.process),
    timing,
    () => generator.run({ kind: "round", port, morePorts, workload, items, connections, ...timing }),
  );
}

/** One round, and the processor time that processes used for it. */
export async function sampleProcesses(
  processes: readonly ChildProcess[],
  { warmUpMs, measureMs }: { readonly warmUpMs: number; readonly measureMs: number },
  run: () => Promise<Round>,
): Promise<Sample> {
  const before = secondsOfAll(processes);
  const round = await run();
  const used = secondsOfAll(processes) - before;
  if (Number.isNaN(used)) return round;
  // The warm-up runs at about the same rate, so its operations are counted in proportion.
  const operations = round.operations * (1 + warmUpMs / measureMs);
  return { ...round, processorMicros: (used * 1e6) / operations };
}

function secondsOfAll(processes: readonly ChildProcess[]): number {
  return processes.reduce((sum, process) => sum + (processorSeconds(process) ?? Number.NaN), 0);
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

function progressOf(samples: ReadonlyMap<string, readonly Sample[]>): string {
  return [...samples]
    .map(([name, taken]) => {
      const last = taken.at(-1);
      return `${name} ${last === undefined ? "-" : Math.round(last.operations / last.seconds)}/s`;
    })
    .join(", ");
}
