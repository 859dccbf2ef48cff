import { startCluster } from "../test/postgres/cluster.ts";
import { startPostgres, type PostgresHow } from "../test/postgres/start-postgres.ts";
import {
  fill,
  sampleProcesses,
  sampleServers,
  takeTurns,
  type ComparisonOf,
  type ComparisonOptions,
  type Measurement,
  type Sampler,
} from "./comparison.ts";
import { bareWork } from "./load/bare-work.ts";
import { workloads, type ComparedWorkload } from "./load/workloads.ts";
import { plainTable } from "./load/tables.ts";
import { startLoadGenerator, type LoadGenerator } from "./subjects/load-generator.ts";
import type { ServerProcess } from "./subjects/server-process.ts";
import { launchStator, launchStatorWith } from "./subjects/stator.ts";

/** Stator on its own disk, on a database with one server and with two, and the database without Stator. */
export type PostgresSubject = "lmdb" | "one" | "two" | "bare";
export type PostgresComparison = ComparisonOf<PostgresSubject>;

export interface PostgresComparisonOptions extends Omit<ComparisonOptions, "subjects"> {
  /** Whether every commit waits for one of two standbys. */
  readonly replicated: boolean;
}

/** What is measured with standbys unless something else is asked for. */
export const replicatedWorkloads: readonly ComparedWorkload[] = ["GetItem", "PutItem", "UpdateItem"];

/** As many as the engine has unless it is told otherwise. */
const bareConnections = 16;

/** What a database in production has: everything is flushed, to a disk. */
const production: PostgresHow = {
  place: "disk",
  settings: {
    ...{ fsync: "on", synchronous_commit: "on", full_page_writes: "on" },
    ...{ shared_buffers: "512MB", max_wal_size: "8GB", checkpoint_timeout: "15min" },
  },
};

interface Subjects {
  readonly generator: LoadGenerator;
  readonly lmdb: ServerProcess;
  /** Two servers on one database; the first does the work of one alone. */
  readonly servers: readonly [ServerProcess, ServerProcess];
  /** A program that keeps the items in the same database without Stator. */
  readonly bare: { readonly port: number; readonly generator: LoadGenerator };
}

/** Runs every workload on every subject, taking turns. */
export async function comparePostgres(options: PostgresComparisonOptions): Promise<PostgresComparison> {
  const stops: (() => unknown)[] = [];
  try {
    const subjects = await startSubjects(options.replicated, (stop) => stops.unshift(stop));
    await fillBare(subjects.bare, options.items);
    const comparison: PostgresComparison = {};
    const filled = new Set<string>();
    for (const workload of options.workloads) {
      const { table } = workloads[workload];
      if (!filled.has(table.name)) {
        const filling = { table, generator: subjects.generator, items: options.items };
        for (const server of [subjects.lmdb, subjects.servers[0]]) await fill(server, filling);
        filled.add(table.name);
      }
      comparison[workload] = await compareOne(workload, options, subjects);
    }
    return comparison;
  } finally {
    for (const stop of stops) await stop();
  }
}

/** `onStarted` gets what ends each part, in the order in which they started. */
async function startSubjects(
  replicated: boolean,
  onStarted: (stop: () => unknown) => void,
): Promise<Subjects> {
  const keep = <Part extends { stop(): unknown }>(part: Part): Part => {
    onStarted(() => part.stop());
    return part;
  };
  const generator = keep(startLoadGenerator());
  const { url, primaryUrl } = await startDatabase(replicated, onStarted);
  const lmdb = keep(await launchStator());
  const first = keep(await launchStatorWith(["--engine", url]));
  const second = keep(await launchStatorWith(["--engine", url]));
  const bare = { port: Number(new URL(primaryUrl).port), generator: keep(startLoadGenerator("statements")) };
  return { generator, lmdb, servers: [first, second], bare };
}

async function startDatabase(
  replicated: boolean,
  onStarted: (stop: () => unknown) => void,
): Promise<{ url: string; primaryUrl: string }> {
  if (replicated) {
    const cluster = await startCluster(production);
    onStarted(() => cluster.close());
    return { url: cluster.url, primaryUrl: cluster.urlOf("a") };
  }
  const database = await startPostgres(production);
  onStarted(() => database.close());
  return { url: database.url, primaryUrl: database.url };
}

async function fillBare({ port, generator }: Subjects["bare"], items: number): Promise<void> {
  await generator.run({ kind: "load", port, table: plainTable.name, from: 0, until: items });
}

function compareOne(
  workload: ComparedWorkload,
  options: PostgresComparisonOptions,
  { generator, lmdb, servers, bare }: Subjects,
): Promise<Partial<Record<PostgresSubject, Measurement>>> {
  const load = { ...options, workload };
  const samplers = new Map<PostgresSubject, Sampler>([
    ["lmdb", () => sampleServers([lmdb], generator, load)],
    ["one", () => sampleServers([servers[0]], generator, load)],
    ["two", () => sampleServers(servers, generator, load)],
  ]);
  if (bareWork[workload] !== undefined) {
    const { items, warmUpMs, measureMs } = options;
    const { port, generator: client } = bare;
    const task = { kind: "round", port, workload, items, connections: bareConnections } as const;
    const run = () => client.run({ ...task, warmUpMs, measureMs });
    samplers.set("bare", () => sampleProcesses([client.process], options, run));
  }
  return takeTurns(workload, options.rounds, samplers);
}
