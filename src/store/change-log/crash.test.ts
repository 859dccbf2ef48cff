import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { currentTable, readAll, shardsOf, stream } from "../../../test/fixtures/change-logs.ts";
import { scope, tableDefinition } from "../../../test/fixtures/tables.ts";
import { openLmdbEngine } from "../../engine/lmdb/open-lmdb-engine.ts";
import type { Item } from "../../model/attribute-value.ts";
import { openStore } from "../open-store.ts";
import type { Store } from "../store.ts";

const folder = await mkdtemp(join(tmpdir(), "stator-log-crash-"));
after(() => rm(folder, { recursive: true, force: true }));

const shardBounds = { bytesMax: 20_000, openShardsMax: 8 };

/**
 * Puts numbers upwards from the one given into a few items, eight at once, and prints each once its write resolved;
 * meanwhile shards roll over all the time.
 */
const writer = `
  const { openLmdbEngine } = await import(${moduleText("../../engine/lmdb/open-lmdb-engine.ts")});
  const { openStore } = await import(${moduleText("../open-store.ts")});
  const { currentTable, keepUp } = await import(${moduleText("../../../test/fixtures/change-logs.ts")});
  const { putSong, song } = await import(${moduleText("../../../test/fixtures/tables.ts")});
  const [folder, from] = process.argv.slice(1);
  const engine = await openLmdbEngine({ folder, durability: "strict" });
  const store = openStore({
    engine,
    clock: { now: () => Date.now() },
    onWork: () => undefined,
    logShardBounds: ${JSON.stringify(shardBounds)},
  });
  let next = Number(from);
  async function work() {
    for (;;) {
      const number = next++;
      const item = song("artist " + (number % 11), 1, { number: { N: String(number) } });
      for (;;) {
        const table = await currentTable(store);
        const failure = await store.write([putSong(table, item)]).then(() => undefined, (error) => error);
        if (failure === undefined) break;
        if (failure.name !== "StaleTableError") throw failure;
      }
      await new Promise((resolve) => process.stdout.write(number + "\\n", resolve));
    }
  }
  for (let worker = 0; worker < 8; worker++) work();
  for (;;) {
    await keepUp(store);
    await new Promise(setImmediate);
  }
`;

function moduleText(path: string): string {
  return JSON.stringify(new URL(path, import.meta.url).href);
}

/** What even a slow machine is to have written before it is killed. */
const writesMin = 10;

/** Lets a writer run for a while, kills it, and answers the numbers that it printed. */
async function writeUntilKilled(from: number, ms: number): Promise<readonly number[]> {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", "--input-type=module", "-e", writer, folder, String(from)],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const acknowledged: number[] = [];
  const lines = createInterface(child.stdout).on("line", (line) => acknowledged.push(Number(line)));
  const exit = once(child, "exit");
  const closed = once(lines, "close");
  await Promise.race([once(lines, "line"), closed]);
  await setTimeout(ms);
  while (acknowledged.length < writesMin && child.exitCode === null) await setTimeout(1);
  child.kill("SIGKILL");
  await closed;
  assert.equal((await exit)[1], "SIGKILL", "the writer ended by itself");
  return acknowledged;
}

/** Runs `body` on what is on disk. */
async function onDisk<T>(body: (store: Store) => Promise<T>): Promise<T> {
  const engine = await openLmdbEngine({ folder, durability: "strict" });
  try {
    return await body(openStore({ engine, clock: { now: () => Date.now() }, onWork: () => undefined }));
  } finally {
    await engine.close();
  }
}

/** The numbers in the log; every record begins where the one before of its item ended, to the item as it is. */
async function loggedNumbers(store: Store): Promise<readonly number[]> {
  const found = await store.changeLog.streams.find(scope, "Music", "one");
  assert.ok(found);
  const images = new Map<string | undefined, Item>();
  const records = await readAll(store, found);
  for (const { before, after: image } of records) {
    assert.ok(image);
    assert.deepEqual(before?.item, images.get(image.item["artist"]?.S));
    images.set(image.item["artist"]?.S, image.item);
  }
  const reads = await Promise.all(
    [...images.values()].map(async (key) => ({ table: await currentTable(store), key })),
  );
  const items = await store.readItems(reads, "strong");
  assert.deepEqual(
    items.map((stored) => stored?.item),
    [...images.values()],
  );
  return records.map(({ after: image }) => Number(image?.item["number"]?.N));
}

test("after kill -9 every acknowledged write has one record, amid rollovers and splits", async () => {
  await onDisk((store) => store.tables.create(tableDefinition({ stream: stream() })));
  const acknowledged: number[] = [];
  for (let round = 0; round < 6; round++) {
    acknowledged.push(...(await writeUntilKilled(round * 1_000_000, Math.random() * 300)));
    const logged = await onDisk(loggedNumbers);
    const once = new Set(logged);
    assert.equal(once.size, logged.length);
    assert.deepEqual(
      acknowledged.filter((number) => !once.has(number)),
      [],
    );
  }
  const { id: tableId } = await onDisk((store) => currentTable(store));
  const shards = await onDisk((store) => shardsOf(store, { tableId, fromShardId: 1 }));
  assert.ok(shards.length > 3, `${shards.length} shards`);
  assert.ok(acknowledged.length > 6 * 8, `${acknowledged.length} writes`);
});
