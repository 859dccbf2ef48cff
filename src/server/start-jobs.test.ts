import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { globalIndex } from "../../test/fixtures/indexes.ts";
import { pass, settle, startJobServer, type JobServer } from "../../test/fixtures/job-server.ts";
import { putSong, scope, song, tableDefinition } from "../../test/fixtures/tables.ts";
import { openMovableTime, type MovableTime } from "../base/movable-time.ts";
import type { Engine } from "../engine/engine.ts";
import { openMemoryEngine } from "../engine/memory/open-memory-engine.ts";
import { newReaderId, withDestinations } from "../store/kinesis-destinations.ts";
import { openStore } from "../store/open-store.ts";
import type { Store } from "../store/store.ts";
import type { Table, TableDefinition } from "../store/table.ts";

const startMs = 1_790_000_000_000;
const label = "2026-11-21T12:00:00.000";
const hourMs = 60 * 60_000;

let engine: Engine;
let time: MovableTime;
let observer: Store;
/** The songs that came out of servers, by whichever way. */
let delivered: Set<string>;

beforeEach(() => {
  engine = openMemoryEngine();
  time = openMovableTime({ now: () => startMs }, () => () => undefined);
  observer = openStore({ engine, clock: time.clock, onWork: () => undefined });
  delivered = new Set();
});

interface Kind {
  readonly name: string;
  /** Makes work of more than one step, through the store of one server. */
  readonly prepare: (store: Store) => Promise<void>;
  readonly left: () => Promise<number>;
  /** How long a single step may take before others take over. */
  readonly stepMsMax: number;
  /** Within which another server takes up what was left by one that died. */
  readonly takeoverMs: number;
  /** Within which it finds what was left in good order, or what another server began. */
  readonly findsMs: number;
}

const duty = { stepMsMax: 60_000, takeoverMs: 13_000, findsMs: 5_000 };

const kinds: readonly Kind[] = [
  {
    ...{ name: "erasing what a removed table left", ...duty },
    async prepare(store) {
      await createSongs(store, 1_300);
      await store.tables.remove(scope, "Music", () => undefined);
    },
    left: () => entriesIn(2),
  },
  {
    ...{ name: "building an index", stepMsMax: 5_000, takeoverMs: 9_000, findsMs: 5_000 },
    async prepare(store) {
      await createSongs(store, 450);
      await change(store, { indexes: [globalIndex({ state: "building" })] });
    },
    async left() {
      const table = await observer.tables.find(scope, "Music");
      return table?.definition.indexes[0]?.state === "active" ? 0 : 1;
    },
  },
  {
    ...{ name: "deleting items that expired", ...duty },
    async prepare(store) {
      await createSongs(store, 250);
      await change(store, { expiry: { attribute: "end", enabled: true, queueId: 1, changedAt: startMs } });
    },
    left: () => entriesIn(2),
  },
  {
    ...{ name: "trimming change logs", ...duty },
    async prepare(store) {
      await createSongs(store, 1_300, { stream: { label, viewType: "KEYS_ONLY" } });
      time.advance(25 * hourMs);
    },
    left: async () => ((await recordsIn()) > 0 ? 1 : 0),
  },
  {
    ...{ name: "erasing tokens of transactions", ...duty, takeoverMs: 68_000, findsMs: 60_000 },
    async prepare(store) {
      const table = await createSongs(store, 0);
      for (let track = 1; track <= 1_300; track += 1) {
        const token = { scope, token: String(track), fingerprint: Buffer.alloc(32) };
        await store.transact([putSong(table, song("Nina", track))], token);
      }
      time.advance(hourMs);
    },
    left: () => entriesIn(6),
  },
  {
    ...{ name: "delivering to Kinesis", ...duty, takeoverMs: 11_000, findsMs: 3_000 },
    async prepare(store) {
      const streamArn = "arn:aws:kinesis:us-east-1:000000000000:stream/songs";
      const readerId = newReaderId("11111111-1111-4111-8111-111111111111");
      const destination = { streamArn, readerId, state: "active" as const, since: startMs };
      await createSongs(store, 1_300, withDestinations(tableDefinition(), [destination]));
    },
    left: () => Promise.resolve(1_300 - delivered.size),
  },
  {
    ...{ name: "calling functions", ...duty, takeoverMs: 14_000, findsMs: 3_000 },
    async prepare(store) {
      await createSongs(store, 30, { stream: { label, viewType: "KEYS_ONLY" } });
      await store.eventSourceMappings.create({
        ...{ id: "m-1", scope, source: { tableName: "Music", label }, enabled: true },
        ...{ startingPosition: "TRIM_HORIZON", modifiedAt: startMs },
        settings: {
          ...{ function: { name: "f" }, recordsMax: 10, batchingWindowSeconds: 0, parallelizationFactor: 1 },
          ...{ filters: [], bisectsBatches: false, tumblingWindowSeconds: 0, reportsItemFailures: false },
        },
      });
    },
    left: () => Promise.resolve(30 - delivered.size),
  },
];

async function createSongs(store: Store, count: number, how: Partial<TableDefinition> = {}): Promise<Table> {
  const table = await store.tables.create(tableDefinition(how));
  assert.ok(table);
  const attributes = { genre: { S: "soul" }, year: { N: "1965" }, end: { N: String(startMs / 1_000 - 1) } };
  for (let first = 1; first <= count; first += 100) {
    const tracks = Array.from({ length: Math.min(100, count - first + 1) }, (_, index) => first + index);
    await store.write(tracks.map((track) => putSong(table, song("Nina", track, attributes))));
  }
  return table;
}

async function change(store: Store, changes: Partial<TableDefinition>): Promise<void> {
  await store.tables.update(scope, "Music", ({ definition }) => ({ ...definition, ...changes }));
}

async function entriesIn(keyspace: number): Promise<number> {
  return entriesFrom(Buffer.of(keyspace), Buffer.of(keyspace + 1));
}

async function recordsIn(): Promise<number> {
  return entriesFrom(Buffer.of(4, 0), Buffer.of(4, 1));
}

async function entriesFrom(from: Uint8Array, until: Uint8Array): Promise<number> {
  const options = { entriesMax: 100_000, values: false };
  const { entries } = await engine.read((view) => view.scan({ from, until }, options));
  return entries.length;
}

function start(name: string, onStep?: (server: JobServer) => Promise<void> | void): JobServer {
  const deliver = (track: string) => void delivered.add(track);
  return startJobServer({ name, engine, time, deliver, ...(onStep === undefined ? {} : { onStep }) });
}

function openGate() {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
}

/** Moves the time until there is work under way, or done. */
async function passUntil(condition: () => boolean | Promise<boolean>, msMax: number): Promise<number> {
  await settle();
  let ms = 0;
  for (; !(await condition()) && ms < msMax; ms += 500) await pass(time, 500);
  assert.ok(await condition(), `not within ${msMax} ms`);
  return ms;
}

for (const { name, prepare, left, stepMsMax, takeoverMs, findsMs } of kinds) {
  describe(name, () => {
    test("is done by one server at a time, however long a step takes", async () => {
      let isHeldUp = true;
      const gate = openGate();
      const first = start("first", () => (isHeldUp ? gate.passed : undefined));
      const other = start("other");
      await prepare(first.store);
      await passUntil(() => first.steps() + other.steps() > 0, 60_000);
      const [busy, idle] = first.steps() > 0 ? [first, other] : [other, first];
      assert.equal(busy.name, "first");
      await pass(time, Math.min(20_000, stepMsMax));
      assert.deepEqual([busy.steps(), idle.steps()], [1, 0]);
      isHeldUp = false;
      gate.open();
      await passUntil(async () => (await left()) === 0, 10_000);
      assert.equal(idle.steps(), 0);
      await Promise.all([first.stop(), other.stop()]);
    });

    test("goes on elsewhere soon after its server has died, and not before that is certain", async () => {
      const prepared = openGate();
      const first = start("first", async (server) => {
        await prepared.passed;
        server.crash();
      });
      await prepare(first.store);
      prepared.open();
      await passUntil(() => first.steps() === 1, 60_000);
      assert.notEqual(await left(), 0);
      const other = start("other");
      await pass(time, 4_000);
      assert.equal(other.steps(), 0);
      await passUntil(async () => (await left()) === 0, takeoverMs);
      await other.stop();
    });

    test("goes on elsewhere at once when its server stops", async () => {
      let stopped: Promise<void> | undefined;
      const first = start("first", (server) => {
        stopped ??= server.stop();
      });
      const other = start("other");
      await prepare(first.store);
      await passUntil(() => first.steps() > 0, 60_000);
      await pass(time, 2_500);
      await stopped;
      await passUntil(async () => (await left()) === 0, findsMs + 3_000);
      await other.stop();
      assert.notEqual(other.steps(), 0);
    });

    test("is found by others where the server that made it never began", async () => {
      const first = start("first");
      const other = start("other");
      await settle();
      await prepare(observer);
      await passUntil(async () => (await left()) === 0, findsMs + 3_000);
      assert.equal(Math.min(first.steps(), other.steps()), 0);
      await Promise.all([first.stop(), other.stop()]);
    });
  });
}
