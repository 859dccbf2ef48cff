import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { globalIndex } from "../../test/fixtures/indexes.ts";
import { scope, song, tableDefinition } from "../../test/fixtures/tables.ts";
import type { Log } from "../base/log.ts";
import { nextTurn } from "../base/next-turn.ts";
import type { Engine } from "../engine/engine.ts";
import { openMemoryEngine } from "../engine/memory/open-memory-engine.ts";
import { openStore } from "../store/open-store.ts";
import type { IndexBuilds, Store } from "../store/store.ts";
import { startIndexBuilds, type IndexBuildsOptions } from "./index-builds.ts";
import type { Job } from "./job.ts";

const startMs = 1_790_000_000_000;

let now: number;
const clock = { now: () => now };
let engine: Engine;
let store: Store;
let lines: [level: string, message: string, fields: object | undefined][];
/** What the job sleeps for, and how it is woken. */
let sleep: { readonly ms: number; readonly wake: () => void } | undefined;

beforeEach(() => {
  now = startMs;
  engine = openMemoryEngine();
  store = openStore({ engine, clock, onWork: () => undefined });
  lines = [];
  sleep = undefined;
});

function recordingLog(): Log {
  const at = (level: string) => (message: string, fields?: object) => {
    lines.push([level, message, fields]);
  };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

function start(overrides: Partial<IndexBuildsOptions> = {}): Job {
  return startIndexBuilds({
    builds: store.indexBuilds,
    clock,
    log: recordingLog(),
    owner: "one",
    alarm(ms, wake) {
      sleep = { ms, wake };
      return () => (sleep = undefined);
    },
    ...overrides,
  });
}

async function tableWithIndex(name: string, items: number, buildsFrom?: number): Promise<void> {
  const table = await store.tables.create(tableDefinition({ name }));
  assert.ok(table);
  const songs = Array.from({ length: items }, (_, track) =>
    song("Nina", track, { genre: { S: "soul" }, year: { N: "1965" } }),
  );
  await store.write(
    songs.map((item) => ({ table, key: item, change: { kind: "put", item, sizeBytes: 1 } as const })),
  );
  const index = globalIndex({ state: "building", buildsFrom });
  await store.tables.update(scope, name, ({ definition }) => ({ ...definition, indexes: [index] }));
}

async function stateOf(name: string): Promise<string | undefined> {
  return (await store.tables.find(scope, name))?.definition.indexes[0]?.state;
}

async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  for (let turn = 0; turn < 1_000 && !(await condition()); turn += 1) await nextTurn();
  assert.ok(await condition());
}

test("a poke builds what there is to build, and the log hears of it", async () => {
  await tableWithIndex("Music", 450);
  await tableWithIndex("Empty", 0);
  const job = start();
  job.poke();
  await until(async () => (await stateOf("Music")) === "active");
  await until(async () => (await stateOf("Empty")) === "active");
  await job.stop();
  assert.equal(sleep, undefined);
  const told = lines.filter(([level]) => level === "info");
  const fields = { index: "ByGenre", seconds: 0, itemsPerSecond: undefined };
  assert.deepEqual(told, [
    ["info", "index built", { ...fields, table: "Empty", items: 0 }],
    ["info", "index built", { ...fields, table: "Music", items: 450 }],
  ]);
});

test("a long build says now and then how far it is and how fast", async () => {
  await tableWithIndex("Music", 250);
  const builds: IndexBuilds = {
    ...store.indexBuilds,
    step(build, lease) {
      now += 6_000;
      return store.indexBuilds.step(build, lease);
    },
  };
  const job = start({ builds });
  job.poke();
  await until(async () => (await stateOf("Music")) === "active");
  await job.stop();
  const names = { table: "Music", index: "ByGenre" };
  assert.deepEqual(lines, [
    ["debug", "index build begins", { ...names, items: 0, seconds: 0, itemsPerSecond: undefined }],
    ["info", "index build goes on", { ...names, items: 200, seconds: 12, itemsPerSecond: 17 }],
    ["info", "index built", { ...names, items: 250, seconds: 24, itemsPerSecond: 10 }],
  ]);
});

test("a build waits for its time, and looks at the clock now and then in case it was moved", async () => {
  await tableWithIndex("Music", 1, startMs + 300);
  await tableWithIndex("Later", 1, startMs + 60_000);
  const job = start();
  job.poke();
  await until(() => sleep !== undefined);
  assert.equal(sleep?.ms, 300);
  assert.equal(await stateOf("Music"), "building");
  now += 300;
  sleep.wake();
  await until(async () => (await stateOf("Music")) === "active");
  await until(() => sleep?.ms === 1_000);
  assert.equal(await stateOf("Later"), "building");
  now += 60_000;
  sleep.wake();
  await until(async () => (await stateOf("Later")) === "active");
  await job.stop();
});

test("what a stopped job left is taken up by the next one, which is another server", async () => {
  await tableWithIndex("Music", 1_000);
  const first = start({ owner: "one" });
  first.poke();
  await until(async () => ((await store.indexBuilds.list(1))[0]?.itemsRead ?? 0) > 0);
  await first.stop();
  const [left] = await store.indexBuilds.list(1);
  assert.ok(left && left.itemsRead < 1_000, `${left?.itemsRead} items`);
  const second = start({ owner: "other" });
  second.poke();
  await until(async () => (await stateOf("Music")) === "active");
  await second.stop();
  assert.equal(lines.at(-1)?.[1], "index built");
});

test("what a server left that died is taken up by another when its lease is over for certain", async () => {
  await tableWithIndex("Music", 1_000);
  const first = start({ builds: { ...store.indexBuilds, release: () => Promise.resolve() } });
  first.poke();
  await until(async () => ((await store.indexBuilds.list(1))[0]?.itemsRead ?? 0) > 0);
  await first.stop();
  const left = await store.indexBuilds.list(1);
  const second = start({ owner: "other" });
  second.poke();
  for (const ms of [0, 2_000, 2_000, 2_000]) {
    now += ms;
    sleep?.wake();
    await until(() => sleep !== undefined);
    assert.deepEqual(await store.indexBuilds.list(1), left);
  }
  now += 2_000;
  sleep?.wake();
  await until(async () => (await stateOf("Music")) === "active");
  await second.stop();
});

test("a build that began on another server is found", async () => {
  const job = start();
  job.poke();
  await until(() => sleep?.ms === 5_000);
  await tableWithIndex("Music", 10);
  sleep?.wake();
  await until(async () => (await stateOf("Music")) === "active");
  await job.stop();
});

test("two servers on one engine build an index together", async () => {
  await tableWithIndex("Music", 1_000);
  const jobs = ["one", "other"].map((owner) => start({ owner }));
  for (const job of jobs) job.poke();
  await until(async () => (await stateOf("Music")) === "active");
  await Promise.all(jobs.map((job) => job.stop()));
  const table = await store.tables.find(scope, "Music");
  assert.ok(table);
  assert.equal((await store.tables.statistics(table)).indexes.get(1)?.itemCount, 1_000);
  assert.equal(lines.filter(([, message]) => message === "index built").length, 1);
});

test("a build that fails rests, is tried again, and does not hold up others", async () => {
  await tableWithIndex("Broken", 1);
  await tableWithIndex("Music", 1);
  const failure = new Error("disk full");
  let failures = 2;
  const builds: IndexBuilds = {
    ...store.indexBuilds,
    step(build, lease) {
      if (build.tableName !== "Broken" || failures === 0) return store.indexBuilds.step(build, lease);
      failures -= 1;
      return Promise.reject(failure);
    },
  };
  const job = start({ builds });
  job.poke();
  await until(() => sleep !== undefined);
  assert.deepEqual([await stateOf("Broken"), await stateOf("Music")], ["building", "active"]);
  job.poke();
  await until(() => sleep !== undefined);
  assert.equal(failures, 1);
  now += 5_000;
  sleep?.wake();
  await until(() => failures === 0 && sleep !== undefined);
  now += 5_000;
  sleep?.wake();
  await until(async () => (await stateOf("Broken")) === "active");
  await job.stop();
  const told = lines.filter(([level]) => level === "error");
  const fields = { table: "Broken", index: "ByGenre", items: 0, seconds: 0, itemsPerSecond: undefined };
  assert.deepEqual(told[0], ["error", "index build failed", { error: failure, ...fields }]);
  assert.equal(told.length, 2);
});

test("when not even the list can be had, the job tries again later", async () => {
  await tableWithIndex("Music", 1);
  const failure = new Error("engine lost");
  let lost = true;
  const builds: IndexBuilds = {
    ...store.indexBuilds,
    list: (buildsMax) => (lost ? Promise.reject(failure) : store.indexBuilds.list(buildsMax)),
  };
  const job = start({ builds });
  job.poke();
  await until(() => sleep !== undefined);
  assert.deepEqual(lines, [["error", "index builds failed", { error: failure }]]);
  lost = false;
  sleep?.wake();
  await until(async () => (await stateOf("Music")) === "active");
  await job.stop();
});
