import fc from "fast-check";
import { describe, test } from "node:test";
import { skipOn, startServersOn, testEngines } from "../../servers-on.ts";
import { Client } from "../client.ts";
import { assertIndexAgreement } from "./agree.ts";
import { indexSession } from "./commands.ts";

/** `ORACLE_SEED=… ORACLE_RUNS=…` repeat a failure or search for longer. */
const seed = Number(process.env["ORACLE_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const numRuns = Number(process.env["ORACLE_RUNS"] ?? 150);

/** A search for longer says so by the number of its runs. A database answers more slowly. */
const timeLimitsMs = { memory: 5_000, lmdb: 5_000, postgres: 4_000 };
const longTimeLimitMs = process.env["ORACLE_RUNS"] === undefined ? 0 : 600_000;

for (const engine of testEngines) {
  void describe(`secondary indexes on the ${engine} engine`, () => {
    void test(
      `agree with a table that keeps none (seed ${String(seed)})`,
      { skip: skipOn(engine) },
      async () => {
        const servers = await startServersOn(engine);
        const client = new Client(servers.endpoints);
        let tables = 0;
        try {
          await fc.assert(
            fc.asyncProperty(indexSession, async (session) => {
              await assertIndexAgreement(client, { ...session, table: `indexes-${String(tables++)}` });
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
      },
    );
  });
}
