import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { DeliveredChange } from "../../../test/fixtures/kinesis.ts";
import { putSong, scope, song, tableDefinition } from "../../../test/fixtures/tables.ts";
import { systemAlarm } from "../../base/alarm.ts";
import type { Log } from "../../base/log.ts";
import { openMemoryEngine } from "../../engine/memory/open-memory-engine.ts";
import { clocksApartMsMax } from "../../store/lease.ts";
import type { KinesisDestination } from "../../store/kinesis-destination.ts";
import { newReaderId, withDestinations } from "../../store/kinesis-destinations.ts";
import { openStore } from "../../store/open-store.ts";
import type { Store } from "../../store/store.ts";
import type { Table } from "../../store/table.ts";
import { Duty, dutyLeaseMs } from "../duty.ts";
import type { Job } from "../job.ts";
import type { DeliveryTools } from "./delivery-tools.ts";
import { startKinesisDeliveries } from "./kinesis-deliveries.ts";
import type { KinesisRecord } from "./kinesis-record.ts";
import type { Kinesis, PutOutcome } from "./kinesis-stream.ts";

const streamArn = "arn:aws:kinesis:us-east-1:000000000000:stream/songs";

let now: number;
const clock = { now: () => now };
let store: Store;
let lines: [level: string, message: string][];
/** The changes that the stream took, in their order, and how each batch fares: as the test says. */
let taken: DeliveredChange[];
let answer: (records: readonly KinesisRecord[]) => Promise<readonly PutOutcome[]>;
let jobs: Job[];

beforeEach(() => {
  now = 1_790_000_000_000;
  store = openStore({ engine: openMemoryEngine(), clock, onWork: () => undefined });
  lines = [];
  taken = [];
  answer = (records) => Promise.resolve(records.map(() => ({ throttled: false })));
  jobs = [];
});

afterEach(async () => {
  await Promise.all(jobs.map((job) => job.stop()));
});

/** Every server has a client of its own for the one stream. */
function openStream(): Kinesis {
  return {
    open: () =>
      Promise.resolve({
        isUsable: () => Promise.resolve(true),
        async put(records) {
          const outcomes = await answer(records);
          records.forEach(({ data }, index) => {
            if (outcomes[index]?.refusal !== undefined) return;
            taken.push(JSON.parse(Buffer.from(data).toString()) as DeliveredChange);
          });
          return outcomes;
        },
      }),
    close: () => undefined,
  };
}

function start(overrides: Partial<DeliveryTools> = {}): Job {
  const at = (level: string) => (message: string) => {
    lines.push([level, message]);
  };
  const log: Log = { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
  // Time is short here: a millisecond stands for a hundred.
  const alarm: DeliveryTools["alarm"] = (ms, ring) => systemAlarm(ms / 100, ring);
  const owner = overrides.owner ?? "one";
  const dutyOf = (name: string) => new Duty(name, { leases: store.leases, clock, alarm, owner });
  const tools = { store, kinesis: openStream(), clock, alarm, log, random: () => 0, owner, dutyOf };
  const job = startKinesisDeliveries({ ...tools, ...overrides });
  jobs.push(job);
  job.poke();
  return job;
}

async function deliveredTable(state: KinesisDestination["state"] = "active"): Promise<Table> {
  const readerId = newReaderId("11111111-1111-4111-8111-111111111111");
  const destination = { streamArn, readerId, state, since: now };
  const created = await store.tables.create(withDestinations(tableDefinition(), [destination]));
  assert.ok(created);
  return created;
}

async function writeSongs(table: Table, from: number, until: number): Promise<void> {
  for (let track = from; track < until; track += 1) {
    await store.write([putSong(table, song("Nina", track % 10, { play: { N: String(track) } }))]);
  }
}

async function destination(): Promise<KinesisDestination | undefined> {
  return (await store.tables.find(scope, "Music"))?.definition.kinesisDestinations?.[0];
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 2_000 && !(await condition()); turn += 1) await delay(2);
  assert.ok(await condition());
}

function plays(): readonly number[] {
  return taken.map(({ dynamodb }) => Number(dynamodb.NewImage?.["play"]?.N));
}

function everyPlay(count: number): readonly number[] {
  return Array.from({ length: count }, (_, play) => play);
}

test("of two servers on one engine one delivers, and nothing comes twice", async () => {
  const table = await deliveredTable();
  start({ owner: "one" });
  start({ owner: "other" });
  await writeSongs(table, 0, 200);
  await until(() => taken.length >= 200);
  await delay(20);
  assert.deepEqual(
    plays().toSorted((left, right) => left - right),
    everyPlay(200),
  );
  assert.deepEqual(
    plays().filter((play) => play % 10 === 3),
    everyPlay(200).filter((play) => play % 10 === 3),
  );
});

test("a server that stops hands over; one that dies is succeeded when its lease is over", async () => {
  const table = await deliveredTable();
  const first = start({ owner: "one" });
  await writeSongs(table, 0, 20);
  await until(() => taken.length === 20);
  await first.stop();
  const second = start({ owner: "other" });
  await writeSongs(table, 20, 40);
  await until(() => taken.length === 40);

  const leases = { ...store.leases, release: () => Promise.resolve() };
  await second.stop();
  const dutyOf = (name: string) => new Duty(name, { leases, clock, alarm: systemAlarm, owner: "third" });
  const third = start({ owner: "third", dutyOf });
  await writeSongs(table, 40, 50);
  await until(() => taken.length === 50);
  await third.stop();
  start({ owner: "fourth" });
  await writeSongs(table, 50, 60);
  await delay(100);
  assert.equal(taken.length, 50);
  now += dutyLeaseMs + clocksApartMsMax;
  await until(() => taken.length === 60);
  assert.deepEqual(
    plays().toSorted((left, right) => left - right),
    everyPlay(60),
  );
});

test("a server that was paused goes on behind what another one delivered meanwhile", async () => {
  const table = await deliveredTable();
  const take = answer;
  let attempts = 0;
  answer = async () => {
    attempts += 1;
    // The lease is over before the stream refuses, and another server has delivered four changes.
    now += dutyLeaseMs + clocksApartMsMax;
    const { readerId = "" } = (await destination()) ?? {};
    assert.ok(await store.leases.take(`kinesis/${readerId}`, { owner: "other", leaseMs: 1_000 }));
    const [cursor] = await store.cursors.list(readerId);
    assert.ok(cursor);
    const lease = { owner: "other", leaseMs: 0 };
    const claimed = await store.cursors.claim(cursor, { ...lease, startAfter: cursor.after });
    assert.ok(claimed);
    assert.ok(await store.cursors.advance(claimed, { after: cursor.after + 4, leaseMs: 0 }));
    await store.leases.release(`kinesis/${readerId}`, "other");
    answer = take;
    throw new Error("no answer");
  };
  await writeSongs(table, 0, 20);
  start();
  await until(() => taken.length === 16);
  await delay(20);
  assert.equal(attempts, 1);
  assert.deepEqual(
    plays().toSorted((left, right) => left - right),
    everyPlay(20).slice(4),
  );
});

test("an item that changes all the time does not hold up the others of its batch", async () => {
  const table = await deliveredTable();
  for (let play = 0; play < 30; play += 1) {
    await store.write([putSong(table, song("Nina", 0, { play: { N: String(play) } }))]);
  }
  for (let track = 1; track < 10; track += 1) await store.write([putSong(table, song("Nina", track))]);
  const batches: number[] = [];
  answer = (records) => {
    batches.push(records.length);
    return Promise.resolve(records.map(() => ({ throttled: false })));
  };
  start();
  await until(() => taken.length === 39);
  assert.deepEqual(batches, [10, ...Array.from({ length: 29 }, () => 1)]);
  assert.deepEqual(plays().filter(Number.isInteger), everyPlay(30));
});

test("a stream that fails is told of once, and again when it goes on", async () => {
  const table = await deliveredTable();
  let failures = 5;
  answer = (records) => {
    failures -= 1;
    if (failures >= 0) return Promise.reject(new Error("no answer"));
    return Promise.resolve(records.map(() => ({ throttled: false })));
  };
  start();
  await writeSongs(table, 0, 10);
  await until(() => taken.length === 10 && lines.length >= 2);
  assert.deepEqual(lines, [
    ["warn", "delivery to kinesis fails"],
    ["info", "delivery to kinesis goes on"],
  ]);
});

test("a stream that does not answer is given up on after a while, and tried again", async () => {
  const table = await deliveredTable();
  let silent = true;
  const kinesis = openStream();
  start({
    kinesis: {
      ...kinesis,
      async open(name) {
        const stream = await kinesis.open(name);
        return {
          ...stream,
          put(records, signal) {
            if (!silent) return stream.put(records, signal);
            silent = false;
            return new Promise((_, reject) => {
              signal.addEventListener("abort", () => {
                reject(new Error("aborted"));
              });
            });
          },
        };
      },
    },
  });
  await writeSongs(table, 0, 10);
  await until(() => taken.length === 10);
  assert.equal(silent, false);
});

test("cursors of destinations that are over are erased", async () => {
  const table = await deliveredTable();
  start();
  await writeSongs(table, 0, 10);
  await until(() => taken.length === 10);
  const { readerId = "" } = (await destination()) ?? {};
  await until(async () => (await store.cursors.list(readerId)).length > 0);
  await store.tables.update(scope, "Music", ({ definition }) =>
    withDestinations(
      definition,
      (definition.kinesisDestinations ?? []).map((each) => ({ ...each, state: "disabling", since: now })),
    ),
  );
  await until(async () => (await destination())?.state === "disabled");
  await until(async () => (await store.cursors.list(readerId)).length === 0);
  assert.equal((await store.tables.find(scope, "Music"))?.definition.logReaders, undefined);
});

test("a removed table leaves nothing behind that waits for a delivery", async () => {
  const table = await deliveredTable();
  answer = () => Promise.reject(new Error("no answer"));
  start();
  await writeSongs(table, 0, 10);
  await until(() => lines.length > 0);
  await store.tables.remove(scope, "Music", () => undefined);
  const logs = () => store.changeLog.logs({ logsMax: 10 });
  await until(async () => {
    for (const log of await logs()) while (await store.changeLog.upkeep.trimSome(log));
    return (await logs()).length === 0;
  });
  assert.equal(taken.length, 0);
});

test("shards that are split are delivered parent before child", async () => {
  const table = await deliveredTable();
  await writeSongs(table, 0, 40);
  // A stream that begins closes the shards there were.
  await store.tables.update(scope, "Music", ({ definition }) => ({
    ...definition,
    stream: { label: "2026-11-21T12:00:00.000", viewType: "KEYS_ONLY" },
  }));
  const changed = await store.tables.find(scope, "Music");
  assert.ok(changed);
  await writeSongs(changed, 40, 80);
  start();
  await until(() => taken.length === 80);
  for (let track = 0; track < 10; track += 1) {
    assert.deepEqual(
      plays().filter((play) => play % 10 === track),
      everyPlay(80).filter((play) => play % 10 === track),
    );
  }
  const { readerId = "" } = (await destination()) ?? {};
  await until(async () => (await store.cursors.list(readerId)).some(({ finished }) => finished));
});
