import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { runDrill } from "./drill.ts";

const seed = Number(process.env["CRASH_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

void describe("a server that is killed", () => {
  void test(`holds every acknowledged write and no other when it is back, and indexes that follow (seed ${String(seed)})`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "stator-crash-"));
    try {
      await runDrill({ program: "sources", folder, rounds: 6, seed });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
