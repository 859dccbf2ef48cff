import { parseArgs } from "node:util";
import type { FailingCluster } from "./cluster.ts";
import { runDrill, type Mishap, type RoundReport } from "./drill.ts";

export interface Command {
  readonly title: string;
  readonly openCluster: () => Promise<FailingCluster>;
  readonly mishaps: readonly Mishap[];
  readonly loadMs: number;
}

/** Runs the drill as the command line has it, tells of every round, and at the end what all of them came to. */
export async function runCommand({ title, openCluster, mishaps, loadMs }: Command): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: String(2 * mishaps.length) },
      seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
      program: { type: "string", default: "built" },
    },
  });
  console.log(`${title}: ${values.rounds} rounds, seed ${values.seed}`);
  const cluster = await openCluster();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      void cluster.close().finally(() => process.exit(1));
    });
  }
  try {
    await runAndTell({
      ...{ cluster, mishaps, loadMs, servers: 2, writers: 12, options: ["--engine", cluster.url] },
      program: values.program === "sources" ? "sources" : "built",
      rounds: Number(values.rounds),
      seed: Number(values.seed),
    });
  } finally {
    await cluster.close();
  }
}

async function runAndTell(options: Parameters<typeof runDrill>[0]): Promise<void> {
  let round = 0;
  const reports = await runDrill({
    ...options,
    progress: (report) => {
      round += 1;
      console.log(`round ${round}: ${lineOf(report)}`);
    },
  });
  const sum = (of: (report: RoundReport) => number) =>
    reports.reduce((total, report) => total + of(report), 0);
  console.log(
    `${sum(({ acknowledged }) => acknowledged)} writes were acknowledged and none is lost; ` +
      `${sum(({ unknown }) => unknown)} requests had no answer; ` +
      `of ${sum(({ uncertainty }) => uncertainty.unknown)} changes without an answer ` +
      `${sum(({ uncertainty }) => uncertainty.made)} were made`,
  );
}

function lineOf(report: RoundReport): string {
  const { mishap, isSameNode, isRewound, acknowledged, refused, unknown, uncertainty } = report;
  const { promotionMs, writableMs, gapMs, backMs } = report;
  const what = `${mishap.failure}${mishap.killsServer ? " and a server killed" : ""}`;
  const back = backMs.map((ms) => (ms === undefined ? "-" : seconds(ms))).join(" and ");
  return (
    `${what}: ${isSameNode ? "the same node" : "another node"} is primary after ${seconds(promotionMs)}, ` +
    `commits ${seconds(writableMs)} later, writes acknowledged after ${back}, ${seconds(gapMs)} without any; ` +
    `${acknowledged} acknowledged, ${refused} refused, ${unknown} unknown ` +
    `(${uncertainty.made} of ${uncertainty.unknown} changes made)${isRewound ? "; the node came back by pg_rewind" : ""}`
  );
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
