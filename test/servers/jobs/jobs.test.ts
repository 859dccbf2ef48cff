import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { skipWithoutPostgres } from "../../postgres/binaries.ts";
import { openStorage } from "../../storage.ts";
import { runDrill } from "./drill.ts";

const seed = Number(process.env["JOBS_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

void describe("jobs of a server that is killed", { skip: skipWithoutPostgres }, () => {
  void test(`are ended by another server on the same database (seed ${String(seed)})`, async () => {
    const storage = await openStorage("postgres");
    try {
      const report = await runDrill({ storage, seconds: 0, seed });
      const cut = [...report].filter((entry) => entry[1].cut > 0).map(([job]) => job);
      for (const job of ["delivery to Kinesis", "trigger"]) assert.ok(cut.includes(job), `${job} not cut`);
      assert.notEqual(cut.length, 2, "nothing else was cut");
    } finally {
      await storage.close();
    }
  });
});
