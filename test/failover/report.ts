import type { DrillOptions, RoundReport } from "./drill.ts";
import { runDrill } from "./drill.ts";

/** Runs the drill, tells of every round, and at the end what all of them came to. */
export async function runAndTell(options: Omit<DrillOptions, "progress">): Promise<void> {
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
