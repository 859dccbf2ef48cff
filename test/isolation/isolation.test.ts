import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { createRandom } from "../../bench/load/random.ts";
import { startServer } from "../../src/server/start-server.ts";
import { checkHistory } from "./check-history.ts";
import { runClients } from "./clients.ts";
import { clientOf, createTables } from "./servers.ts";
import { createSdkSubject } from "./sdk-subject.ts";

/** `SEED=…` starts the clients with the same choices; `npm run drill:isolation` runs longer, and kills the server. */
const seed = Number(process.env["SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const operationsMax = 1000;
const clients = 8;

const folder = mkdtempSync(join(tmpdir(), "stator-isolation-"));
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

const engines = { memory: {}, lmdb: { dataFolder: folder, durability: "relaxed" } } as const;

for (const [name, options] of Object.entries(engines)) {
  void describe(`transactions and plain operations on the ${name} engine`, () => {
    void test(`are strictly serializable (seed ${String(seed)})`, async () => {
      const server = await startServer(options);
      const client = clientOf(server.endpoint);
      try {
        await createTables(client);
        const subject = createSdkSubject(client, createRandom(seed));
        const history = await runClients({
          subject: () => Promise.resolve(subject),
          seed,
          clients,
          episode: "",
          goesOn: (operations) => operations < operationsMax,
          isCutOff: false,
        });
        assert.equal(checkHistory(history), undefined);
      } finally {
        client.destroy();
        await server.close();
      }
    });
  });
}
