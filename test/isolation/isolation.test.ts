import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createRandom } from "../../bench/load/random.ts";
import { anyOf, skipOn, startServersOn, testEngines } from "../servers-on.ts";
import { checkHistory } from "./check-history.ts";
import { runClients } from "./clients.ts";
import { clientOf, createTables } from "./servers.ts";
import { createSdkSubject } from "./sdk-subject.ts";

/** `SEED=…` starts the clients with the same choices; `npm run drill:isolation` runs longer, and kills servers. */
const seed = Number(process.env["SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const operationsMax = 1000;
const clients = 8;

for (const engine of testEngines) {
  void describe(`transactions and plain operations on the ${engine} engine`, () => {
    void test(`are strictly serializable (seed ${String(seed)})`, { skip: skipOn(engine) }, async () => {
      const servers = await startServersOn(engine);
      const random = createRandom(seed);
      const client = clientOf(anyOf(servers.endpoints, random));
      try {
        await createTables(client);
        const subject = createSdkSubject(client, random);
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
        await servers.close();
      }
    });
  });
}
