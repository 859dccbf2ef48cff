import fc from "fast-check";
import { describe, test } from "node:test";
import { skipOn, startServersOn, testEngines } from "../servers-on.ts";
import { assertAgreement } from "./agree.ts";
import { session } from "./arbitraries.ts";
import { Client } from "./client.ts";

/** `ORACLE_SEED=… ORACLE_RUNS=…` repeat a failure or search for longer. */
const seed = Number(process.env["ORACLE_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const numRuns = Number(process.env["ORACLE_RUNS"] ?? 250);

/** A search for longer says so by the number of its runs. A database answers more slowly. */
const timeLimitsMs = { memory: 8_000, lmdb: 8_000, postgres: 5_000 };
const longTimeLimitMs = process.env["ORACLE_RUNS"] === undefined ? 0 : 600_000;

for (const engine of testEngines) {
  void describe(`item operations on the ${engine} engine`, () => {
    void test(`agree with the oracle (seed ${String(seed)})`, { skip: skipOn(engine) }, async () => {
      const servers = await startServersOn(engine);
      const client = new Client(servers.endpoints);
      let tables = 0;
      try {
        await fc.assert(
          fc.asyncProperty(session, async ({ shape, commands }) => {
            await assertAgreement(client, { table: `oracle-${String(tables++)}`, shape, commands });
          }),
          {
            seed,
            numRuns,
            interruptAfterTimeLimit: longTimeLimitMs || timeLimitsMs[engine],
            markInterruptAsFailure: false,
            includeErrorInReport: true,
          },
        );
      } finally {
        client.close();
        await servers.close();
      }
    });
  });
}
