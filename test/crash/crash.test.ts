import { describe, test } from "node:test";
import { openStorage } from "../storage.ts";
import { runDrill } from "./drill.ts";

const seed = Number(process.env["CRASH_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

void describe("a server that is killed", () => {
  void test(`holds every acknowledged write and no other when it is back, and indexes that follow (seed ${String(seed)})`, async () => {
    const storage = await openStorage("lmdb");
    try {
      await runDrill({ program: "sources", storage, rounds: 6, seed });
    } finally {
      await storage.close();
    }
  });
});
