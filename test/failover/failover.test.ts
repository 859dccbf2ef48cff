import assert from "node:assert/strict";
import { test } from "node:test";
import { skipWithoutPostgres } from "../postgres/binaries.ts";
import { runDrill } from "./drill.ts";
import { openReplicatedCluster } from "./replicated-cluster.ts";

const seed = Number(process.env["FAILOVER_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
/** With other tests beside it, and without an answer for those who were cut off. */
const backMsMax = 12_000;

void test(
  `two servers lose no acknowledged write when the primary of their database is killed (seed ${String(seed)})`,
  { skip: skipWithoutPostgres },
  async () => {
    const cluster = await openReplicatedCluster();
    try {
      const [report] = await runDrill({
        ...{ cluster, seed, program: "sources", options: ["--engine", cluster.url], servers: 2 },
        writers: 4,
        mishaps: [{ failure: "node killed", killsServer: false }],
        rounds: 1,
        loadMs: 700,
      });
      assert.ok(report !== undefined && report.acknowledged > 50, "too little was written to prove anything");
      for (const ms of report.backMs)
        assert.ok(Number(ms) < backMsMax, `writes came back after ${String(ms)} ms`);
    } finally {
      await cluster.close();
    }
  },
);
