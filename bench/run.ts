/** `npm run bench`: how fast the built server is, beside dynalite and two ceilings. See bench/README.md. */
import { writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import { compare, subjectNames } from "./comparison.ts";
import { measureExpiry } from "./expiry.ts";
import { measureGrowth } from "./growth.ts";
import { measureIndexBuild } from "./index-build.ts";
import { measureIndexGrowth } from "./index-growth.ts";
import { comparedWorkloads, type ComparedWorkload } from "./load/workloads.ts";
import { comparePostgres, replicatedWorkloads } from "./postgres.ts";
import {
  comparisonReport,
  expiryReport,
  growthReport,
  indexBuildReport,
  indexGrowthReport,
  postgresReport,
  startReport,
  streamReport,
  triggersReport,
} from "./report.ts";
import { measureStarts } from "./start.ts";
import { measureStreamReading } from "./stream.ts";
import { measureTriggers } from "./triggers.ts";

const { values: options, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    out: { type: "string" },
    subjects: { type: "string", default: subjectNames.join(",") },
    rounds: { type: "string" },
    seconds: { type: "string" },
    sizes: { type: "string" },
    replicated: { type: "boolean", default: false },
  },
});

const items = 10_000;
const connections = 32;
const rounds = Number(options.rounds ?? (options.quick ? 2 : 5));
const measureMs = Number(options.seconds ?? (options.quick ? 0.4 : 1)) * 1000;
const warmUpMs = options.quick ? 200 : 400;
const timing = { connections, rounds, warmUpMs, measureMs };

const results: Record<string, unknown> = {
  at: new Date().toISOString(),
  machine: { node: process.version, processor: cpus()[0]?.model, processors: availableParallelism() },
  settings: { items, ...timing },
};
const begun = performance.now();

if (names.includes("growth")) {
  const sizes = (options.sizes ?? (options.quick ? "10000,100000" : "10000,100000,1000000")).split(",");
  const growth = await measureGrowth(sizes.map(Number), timing);
  results["growth"] = growth;
  console.log(`\n${growthReport(growth)}`);
} else if (names.includes("index-growth")) {
  const sizes = (options.sizes ?? (options.quick ? "2,20" : "20,100,300,1000,2000")).split(",");
  const growth = await measureIndexGrowth(sizes.map(Number), timing);
  results["indexGrowth"] = growth;
  console.log(`\n${indexGrowthReport(growth)}`);
} else if (names.includes("index-build")) {
  const build = await measureIndexBuild(Number(options.sizes ?? (options.quick ? "20000" : "1000000")));
  results["indexBuild"] = build;
  console.log(`\n${indexBuildReport(build)}`);
} else if (names.includes("expiry")) {
  const expiry = await measureExpiry(Number(options.sizes ?? (options.quick ? "20000" : "1000000")), timing);
  results["expiry"] = expiry;
  console.log(`\n${expiryReport(expiry)}`);
} else if (names.includes("stream")) {
  const reading = await measureStreamReading(Number(options.sizes ?? (options.quick ? "20000" : "200000")));
  results["stream"] = reading;
  console.log(`\n${streamReport(reading)}`);
} else if (names.includes("triggers")) {
  const lags = await measureTriggers(Number(options.sizes ?? (options.quick ? "500" : "5000")));
  results["triggers"] = lags;
  console.log(`\n${triggersReport(lags)}`);
} else if (names.includes("postgres")) {
  const { replicated } = options;
  const workloads = workloadsAmong(names.length > 1, replicated ? replicatedWorkloads : comparedWorkloads);
  const comparison = await comparePostgres({ ...timing, workloads, items, replicated });
  results["postgres"] = { replicated, comparison };
  console.log(`\n${postgresReport(comparison)}`);
} else {
  const workloads = workloadsAmong(names.length > 0, comparedWorkloads);
  const subjects = subjectNames.filter((name) => options.subjects.split(",").includes(name));
  if (workloads.length > 0) {
    const comparison = await compare({ ...timing, workloads, subjects, items });
    results["comparison"] = comparison;
    console.log(`\n${comparisonReport(comparison)}\n`);
  }
  if (names.includes("start") || (names.length === 0 && subjects.includes("stator"))) {
    const starts = await measureStarts(options.quick ? 3 : 7);
    results["start"] = starts;
    console.log(`\n${startReport(starts)}`);
  }
}
console.log(`\n${Math.round((performance.now() - begun) / 1000)} s in all`);
if (options.out !== undefined) writeFileSync(options.out, `${JSON.stringify(results, undefined, 2)}\n`);

/** The workloads that were asked for by name. */
function workloadsAmong(named: boolean, unnamed: readonly ComparedWorkload[]): readonly ComparedWorkload[] {
  return named ? comparedWorkloads.filter((name) => names.includes(name)) : unnamed;
}
