import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { putSong, scope, song, tableDefinition } from "../../../test/fixtures/tables.ts";
import type { Alarm } from "../../base/alarm.ts";
import { FunctionUnavailableError, type FunctionAnswer, type Functions } from "../../base/functions.ts";
import { silentLog } from "../../base/log.ts";
import type { Engine } from "../../engine/engine.ts";
import { openMemoryEngine } from "../../engine/memory/open-memory-engine.ts";
import type { EventSourceMapping, MappingSettings } from "../../store/event-source-mapping.ts";
import { openStore } from "../../store/open-store.ts";
import type { Store } from "../../store/store.ts";
import type { Table } from "../../store/table.ts";
import { startTriggers } from "./start-triggers.ts";
import type { TriggerTools } from "./trigger-tools.ts";

const label = "2026-11-21T12:00:00.000";

/** Unlike the system's it keeps the process going: nothing else does here. */
const alarm: Alarm = (ms, ring) => {
  const timer = setTimeout(ring, ms);
  return () => {
    clearTimeout(timer);
  };
};

let movedMs: number;
const clock = { now: () => Date.now() + movedMs };
let engine: Engine;
let store: Store;
let table: Table;

beforeEach(async () => {
  movedMs = 0;
  engine = openMemoryEngine();
  store = openOn(engine);
  const stream = { label, viewType: "KEYS_ONLY" } as const;
  const created = await store.tables.create(tableDefinition({ stream }));
  assert.ok(created);
  table = created;
});

function openOn(on: Engine): Store {
  return openStore({ engine: on, clock, onWork: () => undefined, logShardBounds: { openMsMax: 60_000 } });
}

const settings: MappingSettings = {
  ...{ function: { name: "f" }, recordsMax: 10, batchingWindowSeconds: 0, parallelizationFactor: 1 },
  ...{ filters: [], bisectsBatches: false, tumblingWindowSeconds: 0, reportsItemFailures: false },
};

async function map(overrides: Partial<EventSourceMapping> = {}): Promise<EventSourceMapping> {
  const mapping = {
    ...{ id: "m-1", scope, source: { tableName: "Music", label }, settings, enabled: true },
    ...{ startingPosition: "TRIM_HORIZON" as const, modifiedAt: clock.now() },
  };
  const created = await store.eventSourceMappings.create({ ...mapping, ...overrides });
  assert.ok(created.kind === "done");
  return created.mapping;
}

/** Functions that are a function of the test. */
function functionsBy(call: (tracks: number[]) => Promise<void> | void): Functions {
  return {
    has: () => true,
    async invoke({ payload }): Promise<FunctionAnswer> {
      const { Records } = JSON.parse(payload) as {
        Records: { dynamodb: { Keys: { track: { N: string } } } }[];
      };
      await call(Records.map(({ dynamodb }) => Number(dynamodb.Keys.track.N)));
      return { kind: "returned", payload: "null" };
    },
  };
}

function start(functions: Functions, overrides: Partial<TriggerTools> = {}) {
  let ids = 0;
  const job = startTriggers({
    ...{ store, functions, clock, alarm, log: silentLog, owner: "one", random: () => 0.5 },
    tellFailure: () => Promise.resolve(),
    arns: { stream: () => "stream-arn", function: () => "function-arn" },
    newId: () => String((ids += 1)),
    ...overrides,
  });
  job.poke();
  return job;
}

async function put(...tracks: readonly number[]): Promise<void> {
  for (const track of tracks) {
    const current = await store.tables.find(scope, "Music");
    assert.ok(current);
    await store.write([putSong(current, song("Nina", track))]);
  }
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 500 && !(await condition()); tries += 1) await delay(10);
  assert.ok(await condition());
}

test("shards are read parents first, so that order survives their rollover", async () => {
  for (const round of [0, 1, 2]) {
    await put(10 * round + 1, 10 * round + 2);
    movedMs += 61_000;
    const [log] = await store.changeLog.logs({ logsMax: 1 });
    assert.ok(log);
    assert.equal(await store.changeLog.upkeep.rollOver(log), true);
  }
  await put(31);
  const seen: number[] = [];
  await map();
  const job = start(functionsBy((tracks) => void seen.push(...tracks)));
  await until(() => seen.length === 7);
  assert.deepEqual(seen, [1, 2, 11, 12, 21, 22, 31]);
  const ends = async () => (await store.cursors.list("trigger/m-1")).map(({ finished }) => finished);
  await until(async () => (await ends()).join() === "true,true,true,false");
  await job.stop();
});

test("of two servers one delivers, and the other goes on when it has died", async () => {
  await map();
  const seen: [string, number][] = [];
  const by = (owner: string) =>
    functionsBy((tracks) => {
      tracks.forEach((track) => seen.push([owner, track]));
    });
  const first = start(by("one"));
  await put(1);
  await until(() => seen.length === 1);
  const other = start(by("other"), { owner: "other", store: openOn(engine) });
  await put(2, 3);
  await until(() => seen.length === 3);
  await delay(30);
  assert.deepEqual(seen, [
    ["one", 1],
    ["one", 2],
    ["one", 3],
  ]);
  await first.stop();
  await put(4);
  await until(() => seen.length === 4);
  assert.deepEqual(seen.at(-1), ["other", 4]);
  await other.stop();
});

test("a function that cannot be had costs no retries", async () => {
  await map({ settings: { ...settings, retriesMax: 0 } });
  await put(1);
  let calls = 0;
  const seen: number[] = [];
  const functions = functionsBy((tracks) => {
    calls += 1;
    if (calls < 3) throw new FunctionUnavailableError("nobody there");
    seen.push(...tracks);
  });
  const job = start(functions);
  await until(() => seen.length === 1);
  assert.equal(calls, 3);
  await job.stop();
});

test("a stop does not wait for a function that hangs, and what it had is delivered again", async () => {
  await map();
  await put(1);
  let calls = 0;
  const hanging = start(
    functionsBy(() => {
      calls += 1;
      return new Promise(() => undefined);
    }),
  );
  await until(() => calls === 1);
  const begun = performance.now();
  await hanging.stop();
  assert.ok(performance.now() - begun < 4_000);
  const seen: number[] = [];
  const next = start(functionsBy((tracks) => void seen.push(...tracks)));
  await until(() => seen.length === 1);
  await next.stop();
});

test("a failure of the store ends a run, which begins again", async () => {
  await map();
  await put(1);
  let failures = 1;
  const broken: Store = {
    ...store,
    eventSourceMappings: {
      ...store.eventSourceMappings,
      result(mapping) {
        failures -= 1;
        if (failures >= 0) return Promise.reject(new Error("disk full"));
        return store.eventSourceMappings.result(mapping);
      },
    },
  };
  const told: string[] = [];
  const seen: number[] = [];
  const log = { ...silentLog, error: (message: string) => void told.push(message) };
  const job = start(
    functionsBy((tracks) => void seen.push(...tracks)),
    { store: broken, log },
  );
  await until(() => told.length === 1);
  assert.deepEqual(told, ["trigger failed"]);
  movedMs += 6_000;
  await put(2);
  await until(() => seen.includes(2));
  await job.stop();
});

test("the cursors of a mapping go with it", async () => {
  const mapping = await map();
  const seen: number[] = [];
  const job = start(functionsBy((tracks) => void seen.push(...tracks)));
  await put(1);
  await until(() => seen.length === 1);
  await store.eventSourceMappings.remove(scope, mapping.id);
  await until(async () => (await store.cursors.list("trigger/m-1")).length === 0);
  await job.stop();
});

test("a server that has not heard yet that a mapping is gone does not begin it anew", async () => {
  const mapping = await map();
  await put(1, 2);
  await store.eventSourceMappings.remove(scope, mapping.id);
  const listAll = () => Promise.resolve({ mappings: [mapping], more: false });
  const late: Store = { ...store, eventSourceMappings: { ...store.eventSourceMappings, listAll } };
  const seen: number[] = [];
  const job = start(
    functionsBy((tracks) => void seen.push(...tracks)),
    { store: late },
  );
  await delay(50);
  await job.stop();
  assert.deepEqual(seen, []);
  assert.deepEqual(await store.cursors.list("trigger/m-1"), []);
});

test("the cursor in a shard that another server has just opened is left alone", async (context) => {
  const mapping = await map();
  await put(1);
  const readerId = `trigger/${mapping.id}`;
  let opened = false;
  // Another server opens a shard and begins to deliver it while this one looks.
  const shards: Store["changeLog"]["shards"] = async (...asked) => {
    const page = await store.changeLog.shards(...asked);
    if (opened) return page;
    opened = true;
    movedMs += 61_000;
    const [log] = await store.changeLog.logs({ logsMax: 1 });
    assert.ok(log);
    assert.ok(await store.changeLog.upkeep.rollOver(log));
    const child = (await store.changeLog.shards(...asked)).shards.at(-1);
    assert.ok(child);
    const claim = { owner: "two", leaseMs: 10_000, startAfter: child.startSequence };
    assert.ok(await store.cursors.claim({ readerId, shard: child }, claim));
    return page;
  };
  const job = start(
    functionsBy(() => undefined),
    { store: { ...store, changeLog: { ...store.changeLog, shards } } },
  );
  context.after(() => job.stop());
  await until(async () => (await store.cursors.list(readerId)).some(({ after }) => after > 0));
  const owners = (await store.cursors.list(readerId)).map(({ owner }) => owner);
  assert.deepEqual(owners, ["one", "two"]);
});

test("LATEST begins when the mapping was made, in shards old and new", async () => {
  await put(1, 2);
  await delay(5);
  await map({ startingPosition: "LATEST" });
  // Nobody serves it yet, and meanwhile the shard rolls over.
  await put(3);
  movedMs += 61_000;
  const [log] = await store.changeLog.logs({ logsMax: 1 });
  assert.ok(log);
  await store.changeLog.upkeep.rollOver(log);
  await put(4);
  const seen: number[] = [];
  const job = start(functionsBy((tracks) => void seen.push(...tracks)));
  await until(() => seen.length === 2);
  await delay(30);
  assert.deepEqual(seen, [3, 4]);
  await job.stop();
  assert.ok(table.id > 0);
});
