import fc from "fast-check";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { startServer } from "../../src/server/start-server.ts";
import { assertAgreement } from "./agree.ts";
import { session } from "./arbitraries.ts";
import { Client } from "./client.ts";

/** `ORACLE_SEED=… ORACLE_RUNS=…` repeat a failure or search for longer. */
const seed = Number(process.env["ORACLE_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const numRuns = Number(process.env["ORACLE_RUNS"] ?? 250);

/** A search for longer says so by the number of its runs. */
const timeLimitMs = process.env["ORACLE_RUNS"] === undefined ? 8_000 : 600_000;

const folder = mkdtempSync(join(tmpdir(), "stator-oracle-"));
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

const engines = { memory: {}, lmdb: { dataFolder: folder, durability: "relaxed" } } as const;

for (const [name, options] of Object.entries(engines)) {
  void describe(`item operations on the ${name} engine`, () => {
    void test(`agree with the oracle (seed ${String(seed)})`, async () => {
      const server = await startServer({ port: 0, ...options });
      const client = new Client(server.endpoint);
      let tables = 0;
      try {
        await fc.assert(
          fc.asyncProperty(session, async ({ shape, commands }) => {
            await assertAgreement(client, { table: `oracle-${String(tables++)}`, shape, commands });
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
