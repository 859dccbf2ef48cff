import assert from "node:assert/strict";
import { test } from "node:test";
import { testDuty } from "../../test/fixtures/duties.ts";
import { scope, song, tableDefinition } from "../../test/fixtures/tables.ts";
import { nextTurn } from "../base/next-turn.ts";
import { systemAlarm } from "../base/alarm.ts";
import type { Engine } from "../engine/engine.ts";
import { openMemoryEngine } from "../engine/memory/open-memory-engine.ts";
import { openStore } from "../store/open-store.ts";
import type { Removal, Removals, Store } from "../store/store.ts";
import type { Write } from "../store/write.ts";
import type { Job } from "./job.ts";
import { startRemovalsSweep } from "./removals-sweep.ts";

const wholeRange = { from: Uint8Array.of(0), until: Uint8Array.of(255) };

function open(engine: Engine, onWork = () => undefined): Store {
  return openStore({ engine, clock: { now: () => 1 }, onWork });
}

function start(removals: Removals, onFailure: (error: unknown) => void = noFailure): Job {
  return startRemovalsSweep({ removals, duty: testDuty(), alarm: systemAlarm, onFailure });
}

async function fillTable(store: Store, name: string, items: number): Promise<void> {
  const table = await store.tables.create(tableDefinition({ name }));
  assert.ok(table);
  const writes = Array.from({ length: items }, (_, track): Write => {
    const item = song("Nina", track);
    return { table, key: item, change: { kind: "put", item, sizeBytes: 1 } };
  });
  await store.write(writes);
}

async function entriesIn(engine: Engine): Promise<number> {
  const options = { entriesMax: 100_000, values: false };
  return (await engine.read((view) => view.scan(wholeRange, options))).entries.length;
}

function noFailure(error: unknown): never {
  throw error;
}

async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  for (let turn = 0; turn < 1_000 && !(await condition()); turn += 1) await nextTurn();
  assert.ok(await condition());
}

test("a poke erases what all removed tables left, and nothing else", async () => {
  const engine = openMemoryEngine();
  const store = open(engine);
  await fillTable(store, "Kept", 10);
  const kept = await entriesIn(engine);
  for (const name of ["One", "Two"]) {
    await fillTable(store, name, 1_200);
    await store.tables.remove(scope, name, () => undefined);
  }
  const sweep = start(store.removals);
  sweep.poke();
  await until(async () => (await entriesIn(engine)) === kept);
  await sweep.stop();
});

test("what a stopped sweep left is erased by the next one", async () => {
  const engine = openMemoryEngine();
  const store = open(engine);
  await fillTable(store, "Music", 2_000);
  await store.tables.remove(scope, "Music", () => undefined);
  const all = await entriesIn(engine);
  const first = start(store.removals);
  first.poke();
  await until(async () => (await entriesIn(engine)) < all);
  await first.stop();
  const left = await entriesIn(engine);
  assert.ok(left > 500, `${left} entries`);
  const second = start(open(engine).removals);
  second.poke();
  await until(async () => (await entriesIn(engine)) === 1); // The next table id stays.
  await second.stop();
});

test("a failure is told, and the next poke tries again", async () => {
  const failures: unknown[] = [];
  const erased: Removal[] = [];
  const removals: Removals = {
    list: () => Promise.resolve(erased.length === 0 ? [{ tableId: 7 }] : []),
    eraseSome(removal) {
      if (failures.length === 0) return Promise.reject(new Error("disk full"));
      erased.push(removal);
      return Promise.resolve(false);
    },
  };
  const sweep = start(removals, (error) => failures.push(error));
  sweep.poke();
  await until(() => failures.length === 1);
  await nextTurn();
  assert.deepEqual(erased, []);
  sweep.poke();
  await until(() => erased.length === 1);
  await sweep.stop();
  assert.equal(failures.length, 1);
});
