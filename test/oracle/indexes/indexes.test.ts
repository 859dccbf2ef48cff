import fc from "fast-check";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { startServer } from "../../../src/server/start-server.ts";
import { Client } from "../client.ts";
import { assertIndexAgreement } from "./agree.ts";
import { indexSession } from "./commands.ts";

/** `ORACLE_SEED=… ORACLE_RUNS=…` repeat a failure or search for longer. */
const seed = Number(process.env["ORACLE_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const numRuns = Number(process.env["ORACLE_RUNS"] ?? 150);

/** A search for longer says so by the number of its runs. */
const timeLimitMs = process.env["ORACLE_RUNS"] === undefined ? 5_000 : 600_000;

const folder = mkdtempSync(join(tmpdir(), "stator-indexes-"));
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

const engines = { memory: {}, lmdb: { dataFolder: folder, durability: "relaxed" } } as const;

for (const [name, options] of Object.entries(engines)) {
  void describe(`secondary indexes on the ${name} engine`, () => {
    void test(`agree with a table that keeps none (seed ${String(seed)})`, async () => {
      const server = await startServer({ port: 0, ...options });
      const client = new Client(server.endpoint);
      let tables = 0;
      try {
        await fc.assert(
          fc.asyncProperty(indexSession, async (session) => {
            await assertIndexAgreement(client, { ...session, table: `indexes-${String(tables++)}` });
          }),
          {
            seed,
            numRuns,
            interruptAfterTimeLimit: timeLimitMs,
            markInterruptAsFailure: false,
            includeErrorInReport: true,
          },
        );
      } finally {
        client.close();
        await server.close();
      }
    });
  });
}
