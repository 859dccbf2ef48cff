import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { skipOn } from "../servers-on.ts";
import { engineNames, openStorage } from "../storage.ts";
import { runDrill } from "./drill.ts";

const seed = Number(process.env["STREAMS_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

for (const engine of engineNames) {
  void describe(`a stream of servers that are killed, on the ${engine} engine`, () => {
    void test(
      `tells of every change once and in the order of its item (seed ${String(seed)})`,
      { skip: skipOn(engine) },
      async () => {
        const storage = await openStorage(engine);
        try {
          const { changes, kills, shards, splits } = await runDrill({ storage, seconds: 5, seed });
          const isProof = changes > 20 && kills > 0 && shards > 2 && splits > 0;
          assert.ok(
            isProof,
            `${changes} changes, ${kills} kills, ${shards} shards and ${splits} splits prove nothing`,
          );
        } finally {
          await storage.close();
        }
      },
    );
  });
}
