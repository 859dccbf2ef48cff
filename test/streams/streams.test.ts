import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { runDrill } from "./drill.ts";

const seed = Number(process.env["STREAMS_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

void test(`a stream tells of every change once and in the order of its item, whatever is killed (seed ${String(seed)})`, async () => {
  const folder = mkdtempSync(join(tmpdir(), "stator-streams-"));
  try {
    const { changes, kills, shards, splits } = await runDrill({ folder, seconds: 5, seed });
    const isProof = changes > 20 && kills > 0 && shards > 2 && splits > 0;
    assert.ok(
      isProof,
      `${changes} changes, ${kills} kills, ${shards} shards and ${splits} splits prove nothing`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
