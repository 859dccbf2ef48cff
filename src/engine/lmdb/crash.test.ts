import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { entriesOf } from "../contract/contract-case.ts";
import { openLmdbEngine } from "./open-lmdb-engine.ts";

const folder = await mkdtemp(join(tmpdir(), "stator-crash-"));
after(() => rm(folder, { recursive: true, force: true }));

/**
 * Writes numbers upwards from the one given, sixteen at once: each under two keys and counted by a third, and prints
 * each once its write resolved.
 */
const writer = `
  const { openLmdbEngine } = await import(${JSON.stringify(new URL("./open-lmdb-engine.ts", import.meta.url).href)});
  const [folder, durability, from] = process.argv.slice(1);
  const engine = await openLmdbEngine({ folder, durability });
  let next = Number(from);
  async function work() {
    for (;;) {
      const number = next++;
      await engine.write(async (transaction) => {
        const [count] = await transaction.getMany([Buffer.from("count")]);
        transaction.put(Buffer.from("a" + number), Buffer.alloc(300, "a"));
        transaction.put(Buffer.from("b" + number), Buffer.alloc(number % 7 === 0 ? 20_000 : 30, "b"));
        transaction.put(Buffer.from("count"), Buffer.from(String(Number(count ?? 0) + 1)));
      });
      await new Promise((resolve) => process.stdout.write(number + "\\n", resolve));
    }
  }
  for (let worker = 0; worker < 16; worker++) work();
`;

/** Lets a writer run for a while, kills it, and answers the numbers that it printed. */
async function writeUntilKilled(durability: string, { from, ms }: { from: number; ms: number }) {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", "--input-type=module", "-e", writer, folder, durability, String(from)],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const acknowledged: number[] = [];
  const lines = createInterface(child.stdout).on("line", (line) => acknowledged.push(Number(line)));
  const exit = once(child, "exit");
  const closed = once(lines, "close");
  await Promise.race([once(lines, "line"), closed]);
  await setTimeout(ms);
  child.kill("SIGKILL");
  await closed;
  assert.equal((await exit)[1], "SIGKILL", "the writer ended by itself");
  return acknowledged;
}

test("after kill -9 every acknowledged write is there, and each of its entries with it", async () => {
  const acknowledged: number[] = [];
  for (let round = 0; round < 15; round++) {
    const from = round * 1_000_000;
    const durability = round % 5 === 4 ? "relaxed" : "strict";
    acknowledged.push(...(await writeUntilKilled(durability, { from, ms: Math.random() * 150 })));
    const engine = await openLmdbEngine({ folder, durability });
    const { count, ...entries } = await entriesOf(engine);
    await engine.close();
    const numbersUnder = (prefix: string) =>
      new Set(Object.keys(entries).flatMap((key) => (key.startsWith(prefix) ? [Number(key.slice(1))] : [])));
    const written = numbersUnder("a");
    assert.deepEqual(numbersUnder("b"), written);
    assert.equal(Number(count), written.size);
    assert.deepEqual(
      acknowledged.filter((number) => !written.has(number)),
      [],
    );
  }
  assert.ok(acknowledged.length > 15 * 16, `${acknowledged.length} writes`);
});
