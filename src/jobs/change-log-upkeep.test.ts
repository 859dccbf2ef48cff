import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { currentTable, readAll, setReaders, shardsOf, stream } from "../../test/fixtures/change-logs.ts";
import { testDuty } from "../../test/fixtures/duties.ts";
import { putSong, scope, song, tableDefinition } from "../../test/fixtures/tables.ts";
import type { Alarm } from "../base/alarm.ts";
import { nextTurn } from "../base/next-turn.ts";
import { openMemoryEngine } from "../engine/memory/open-memory-engine.ts";
import type { ChangeLog, LogUpkeep, Stream } from "../store/change-log/change-log.ts";
import { openStore } from "../store/open-store.ts";
import type { Store } from "../store/store.ts";
import { startChangeLogUpkeep, type ChangeLogUpkeepOptions } from "./change-log-upkeep.ts";
import type { Job } from "./job.ts";

const hourMs = 60 * 60_000;

let now: number;
let store: Store;
let ring: (() => void) | undefined;

beforeEach(() => {
  now = 1_790_000_000_000;
  store = openStore({ engine: openMemoryEngine(), clock: { now: () => now }, onWork: () => undefined });
  ring = undefined;
});

/** An alarm that the test rings. */
const alarm: Alarm = (ms, due) => {
  assert.equal(ms, 5_000);
  ring = due;
  return () => (ring = undefined);
};

function start(
  changeLog: ChangeLogUpkeepOptions["changeLog"],
  onFailure: (error: unknown) => void = assert.ifError,
): Job {
  return startChangeLogUpkeep({ changeLog, duty: testDuty(), alarm, onFailure });
}

async function streamedSongs(count: number): Promise<Stream> {
  await store.tables.create(tableDefinition({ stream: stream() }));
  const table = await currentTable(store);
  await store.write(Array.from({ length: count }, (_, track) => putSong(table, song("Nina", track))));
  const found = await store.changeLog.streams.find(scope, "Music", "one");
  assert.ok(found);
  return found;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 1_000 && !(await condition()); turn += 1) await nextTurn();
  assert.ok(await condition());
}

test("shards roll over and records go when their time has come", async () => {
  const found = await streamedSongs(700);
  const job = start(store.changeLog);
  ring?.();
  now += 4 * hourMs;
  await until(async () => (await shardsOf(store, found)).length === 1);
  ring?.();
  await until(async () => (await shardsOf(store, found)).length === 2);
  assert.equal((await readAll(store, found)).length, 700);
  now += 20 * hourMs;
  ring?.();
  await until(async () => (await readAll(store, found)).length === 0);
  await setReaders(store, { stream: undefined });
  now += 24 * hourMs;
  job.poke();
  await until(async () => (await store.changeLog.logs({ logsMax: 1 })).length === 0);
  await job.stop();
  assert.equal(ring, undefined);
});

test("every log has its turn, however many there are and whatever becomes of one", async () => {
  const visited: number[] = [];
  const failures: unknown[] = [];
  const { keySchema } = tableDefinition();
  const logs = Array.from({ length: 250 }, (_, index) => ({
    tableId: index + 1,
    scope,
    tableName: "Music",
    keySchema,
    readers: [],
  }));
  const upkeep: LogUpkeep = {
    rollOver({ tableId }) {
      visited.push(tableId);
      return tableId === 120 ? Promise.reject(new Error("disk full")) : Promise.resolve(false);
    },
    trimSome: () => Promise.resolve(false),
  };
  const many: Pick<ChangeLog, "logs" | "upkeep"> = {
    logs: ({ afterTableId = 0, logsMax }) =>
      Promise.resolve(logs.slice(afterTableId, afterTableId + logsMax)),
    upkeep,
  };
  const job = start(many, (error) => failures.push(error));
  job.poke();
  await until(() => Promise.resolve(visited.length === 250));
  assert.equal(failures.length, 1);
  await job.stop();
});

test("a round that failed is told of, and the next one comes", async () => {
  const failures: unknown[] = [];
  const failure = new Error("disk full");
  const failing = { logs: () => Promise.reject(failure), upkeep: store.changeLog.upkeep };
  const job = start(failing, (error) => failures.push(error));
  for (let round = 1; round <= 2; round += 1) {
    ring?.();
    await until(() => Promise.resolve(failures.length === round));
  }
  assert.deepEqual(failures, [failure, failure]);
  await job.stop();
});
