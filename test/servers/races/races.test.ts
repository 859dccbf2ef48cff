import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { skipOn, startServersOn } from "../../servers-on.ts";
import { runRaces } from "./run-races.ts";

const seed = Number(process.env["RACES_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const raceMs = 6_000;

for (const engine of ["postgres"] as const) {
  void describe(`tables that are changed on two servers, on the ${engine} engine`, () => {
    void test(
      `are the same on both at any moment (seed ${String(seed)})`,
      { skip: skipOn(engine) },
      async () => {
        const servers = await startServersOn(engine);
        const end = performance.now() + raceMs;
        try {
          const counts = await runRaces({
            endpoints: servers.endpoints,
            seed,
            goesOn: () => performance.now() < end,
          });
          assert.ok(counts.size > 0);
          console.log(counts);
        } finally {
          await servers.close();
        }
      },
    );
  });
}
