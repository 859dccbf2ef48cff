import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { testDuty } from "../../test/fixtures/duties.ts";
import { putSong, scope, song, tableDefinition } from "../../test/fixtures/tables.ts";
import type { Log } from "../base/log.ts";
import { nextTurn } from "../base/next-turn.ts";
import type { Engine } from "../engine/engine.ts";
import { openMemoryEngine } from "../engine/memory/open-memory-engine.ts";
import type { ExpiryQueues } from "../store/expiry/expiry-queues.ts";
import { openStore } from "../store/open-store.ts";
import type { Store } from "../store/store.ts";
import { StaleTableError } from "../store/table-stamp.ts";
import { startExpirySweep, type ExpirySweepOptions } from "./expiry-sweep.ts";
import type { Job } from "./job.ts";

const startMs = 1_790_000_000_000;
const second = startMs / 1000;

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

function start(overrides: Partial<ExpirySweepOptions> = {}): Job {
  return startExpirySweep({
    queues: store.expiry,
    clock,
    log: recordingLog(),
    duty: testDuty(),
    lagMs: 0,
    alarm(ms, wake) {
      sleep = { ms, wake };
      return () => (sleep = undefined);
    },
    ...overrides,
  });
}

/** Rings the alarm that is set. */
function wake(): void {
  const due = sleep;
  sleep = undefined;
  due?.wake();
}

async function fillTable(name: string, seconds: readonly number[]): Promise<void> {
  const table = await store.tables.create(tableDefinition({ name }));
  assert.ok(table);
  await store.write(
    seconds.map((end, track) => putSong(table, song("Nina", track, { end: { N: String(end) } }))),
  );
}

async function enable(name: string, enabled = true): Promise<void> {
  const state = { attribute: "end", enabled, queueId: 1, changedAt: now };
  await store.tables.update(scope, name, ({ definition }) => ({ ...definition, expiry: state }));
}

async function itemCount(name: string): Promise<number> {
  const table = await store.tables.find(scope, name);
  assert.ok(table);
  return (await store.tables.statistics(table)).itemCount;
}

async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  for (let turn = 0; turn < 2_000 && !(await condition()); turn += 1) await nextTurn();
  assert.ok(await condition());
}

/** The same queues with some functions replaced. */
function queuesWith(overrides: Partial<ExpiryQueues>): ExpiryQueues {
  return { ...store.expiry, ...overrides };
}

test("items from before expire as well, others stay until their time", async () => {
  await fillTable("Music", [
    ...Array.from({ length: 250 }, () => second - 1),
    second,
    second + 1,
    second + 2,
  ]);
  await enable("Music");
  const job = start();
  job.poke();
  await until(() => sleep?.ms === 1_000);
  assert.equal(await itemCount("Music"), 3);
  now += 1_001;
  wake();
  await until(async () => (await itemCount("Music")) === 1 && sleep !== undefined);
  wake();
  await until(() => sleep !== undefined);
  assert.equal(await itemCount("Music"), 1);
  await job.stop();
  assert.equal(sleep, undefined);
  assert.deepEqual(
    lines.filter(([level]) => level !== "debug"),
    [],
  );
});

test("items outlive their time by the lag", async () => {
  await fillTable("Music", [second - 10]);
  await enable("Music");
  const job = start({ lagMs: 60_000 });
  job.poke();
  await until(() => sleep !== undefined);
  now += 50_000;
  wake();
  await until(() => sleep !== undefined);
  assert.equal(await itemCount("Music"), 1);
  now += 1;
  wake();
  await until(async () => (await itemCount("Music")) === 0);
  await job.stop();
});

test("without time to live the job looks every now and then", async () => {
  await fillTable("Music", [second - 10]);
  const job = start();
  job.poke();
  await until(() => sleep !== undefined);
  assert.equal(sleep?.ms, 5_000);
  assert.equal(await itemCount("Music"), 1);
  await job.stop();
});

test("queues that nobody keeps any more are erased", async () => {
  await fillTable("Disabled", [second + 10]);
  await fillTable("Dropped", [second + 10]);
  const job = start();
  for (const name of ["Disabled", "Dropped"]) await enable(name);
  job.poke();
  await until(() => sleep !== undefined);
  assert.equal((await store.expiry.list({ queuesMax: 10 })).length, 2);
  await enable("Disabled", false);
  await store.tables.remove(scope, "Dropped", () => undefined);
  wake();
  await until(() => sleep?.ms === 1_000);
  assert.deepEqual(await store.expiry.list({ queuesMax: 10 }), []);
  await job.stop();
});

test("after a step the sweep rests three times as long as that took, and stopping ends the rest", async () => {
  await fillTable(
    "Music",
    Array.from({ length: 1_000 }, () => second - 1),
  );
  await enable("Music");
  let stepMs = 7;
  const queues = queuesWith({
    async sweep(queue, moment) {
      const step = await store.expiry.sweep(queue, moment);
      now += stepMs;
      return step;
    },
  });
  const job = start({ queues });
  job.poke();
  await until(() => sleep !== undefined);
  assert.equal(sleep?.ms, 21);
  assert.equal(await itemCount("Music"), 900);
  stepMs = 86_400_000; // The clock is moved meanwhile.
  wake();
  await until(() => sleep !== undefined);
  assert.equal(sleep?.ms, 1_000);
  assert.equal(await itemCount("Music"), 800);
  await job.stop();
  assert.equal(sleep, undefined);
  assert.equal(await itemCount("Music"), 800);
});

test("a queue that fails is told of, rests, and does not hold up others", async () => {
  await fillTable("Broken", [second - 1]);
  await fillTable("Music", [second - 1]);
  for (const name of ["Broken", "Music"]) await enable(name);
  const failure = new Error("disk full");
  let broken = true;
  const queues = queuesWith({
    sweep: (queue, moment) =>
      broken && queue.tableId === 1 ? Promise.reject(failure) : store.expiry.sweep(queue, moment),
  });
  const job = start({ queues });
  job.poke();
  await until(() => sleep !== undefined);
  assert.equal(sleep?.ms, 5_000);
  assert.deepEqual([await itemCount("Broken"), await itemCount("Music")], [1, 0]);
  assert.deepEqual(
    lines.filter(([level]) => level === "error"),
    [["error", "expiry sweep failed", { error: failure, tableId: 1 }]],
  );
  broken = false;
  wake();
  await until(async () => (await itemCount("Broken")) === 0);
  await job.stop();
});

test("when not even the list can be had, the job tries again later", async () => {
  await fillTable("Music", [second - 1]);
  await enable("Music");
  const failure = new Error("engine lost");
  let lost = true;
  const queues = queuesWith({
    list: (options) => (lost ? Promise.reject(failure) : store.expiry.list(options)),
  });
  const job = start({ queues });
  job.poke();
  await until(() => sleep !== undefined);
  assert.deepEqual(lines, [["error", "expiry sweep failed", { error: failure }]]);
  lost = false;
  wake();
  await until(async () => (await itemCount("Music")) === 0);
  await job.stop();
});

test("a table that changes under the sweep is no failure", async () => {
  await fillTable("Music", [second - 1]);
  await enable("Music");
  let changes = 3;
  const queues = queuesWith({
    sweep(queue, moment) {
      if (changes === 0) return store.expiry.sweep(queue, moment);
      changes -= 1;
      return Promise.reject(new StaleTableError("changed"));
    },
  });
  const job = start({ queues });
  job.poke();
  await until(async () => (await itemCount("Music")) === 0);
  await job.stop();
  assert.deepEqual(
    lines.filter(([level]) => level !== "debug"),
    [],
  );
});

test("two servers that sweep at once for a moment do no harm, and one takes up what another left to fill", async () => {
  await fillTable(
    "Music",
    Array.from({ length: 1_000 }, () => second - 1),
  );
  await enable("Music");
  const first = start();
  first.poke();
  await until(async () => (await itemCount("Music")) < 1_000);
  await first.stop();
  const jobs = [start(), start()];
  for (const job of jobs) job.poke();
  await until(async () => (await itemCount("Music")) === 0);
  await Promise.all(jobs.map((job) => job.stop()));
});
