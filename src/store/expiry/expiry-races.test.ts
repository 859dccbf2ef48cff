/** Queues under writes that go on meanwhile, in any order of what writers, fillers, sweepers and the catalog do. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { expiryContents, plainSecond } from "../../../test/fixtures/expiry-contents.ts";
import { putSong, scope, song, songKey, tableDefinition } from "../../../test/fixtures/tables.ts";
import type { Engine } from "../../engine/engine.ts";
import { openLmdbEngine } from "../../engine/lmdb/open-lmdb-engine.ts";
import { openMemoryEngine } from "../../engine/memory/open-memory-engine.ts";
import type { AttributeValue, Item } from "../../model/attribute-value.ts";
import { itemSize } from "../../values/size.ts";
import { openStore } from "../open-store.ts";
import type { Store } from "../store.ts";
import { StaleTableError } from "../table-stamp.ts";
import type { Write } from "../write.ts";
import type { ExpiryQueue, ExpiryQueues } from "./expiry-queues.ts";
import { openExpiryQueues } from "./open-expiry-queues.ts";
import { engineOver } from "../../../test/fixtures/engine-over.ts";

const leaseMs = 5_000;
const startMs = 1_790_000_000_500;
const second = Math.floor(startMs / 1000);
const fiveYears = 157_680_000;

const times: readonly (AttributeValue | undefined)[] = [
  ...[undefined, { S: String(second - 1) }, { N: "-5" }, { N: "0" }, { N: String(startMs) }],
  ...[second - 1, second - 1, second - 100, second, second + 1, second + 1_000].map((time) => ({
    N: `${time}`,
  })),
  ...[{ N: `${second - 1}.75` }, { N: `${second - fiveYears}` }, { N: `${second - fiveYears + 5}` }],
];
const someItem = fc
  .record({
    artist: fc.constantFrom("Nina", "Otis"),
    track: fc.integer({ min: 1, max: 4 }),
    end: fc.constantFrom(...times),
    other: fc.constantFrom(...times),
  })
  .map(({ artist, track, end, other }) =>
    song(artist, track, { ...(end && { end }), ...(other && { other }) }),
  );
const someItems = (max: number) =>
  fc.uniqueArray(someItem, { maxLength: max, selector: (item) => JSON.stringify(songKey(item)) });
const group = fc.record({ items: someItems(2), kind: fc.constantFrom("put", "update", "delete") });
const history = fc.record({
  before: someItems(8),
  /** What each writer does, one group after another. */
  writers: fc.array(fc.array(group, { maxLength: 4 }), { minLength: 1, maxLength: 3 }),
  /** Which attribute is enabled one after another; undefined disables. */
  changes: fc.array(fc.constantFrom("end", "other", undefined), { minLength: 1, maxLength: 4 }),
  /** Which servers fill and sweep. */
  owners: fc.constantFrom(["one"], ["one", "other"]),
});

type Made<T> = T extends fc.Arbitrary<infer Value> ? Value : never;
type History = Made<typeof history>;

let now = startMs;
const clock = { now: () => now };
let tables = 0;

/** A server on the engine, with steps of two items, that checks what its sweep deletes. */
function serverOn(engine: Engine): { store: Store; queues: ExpiryQueues } {
  const store = openStore({ engine, clock, onWork: () => undefined });
  // Others move the clock on between the decision to delete an item and the look at what was deleted.
  const since = now;
  const write = async (writes: readonly Write[]) => {
    const outcomes = await store.write(writes);
    if (outcomes.every(({ kind }) => kind === "written")) {
      outcomes.forEach((outcome, index) => {
        const { expiry } = writes[index]?.table.definition ?? {};
        assert.ok(outcome.kind === "written" && outcome.before && expiry);
        assert.ok(
          hasExpired(outcome.before.item, expiry.attribute, since),
          JSON.stringify(outcome.before.item),
        );
      });
    }
    return outcomes;
  };
  return {
    store,
    queues: openExpiryQueues({ engine, clock, write, bounds: { itemsMax: 2, bytesMax: 1_000 } }),
  };
}

/** Whether it had at some moment since then: what is five years past does not count as a time to live any more. */
function hasExpired(item: Item, attribute: string, since = now): boolean {
  const time = plainSecond(item, attribute);
  return time !== undefined && time * 1000 < now && time * 1000 >= since - fiveYears * 1000;
}

async function holds(engine: Engine, scheduler: fc.Scheduler, made: History): Promise<void> {
  tables += 1;
  const name = `Table-${tables}`;
  const { store, queues } = serverOn(engine);
  const table = await store.tables.create(tableDefinition({ name }));
  assert.ok(table);
  await store.write(made.before.map((item) => putSong(table, item)));
  const audit = async () => {
    const { expiry } = (await store.tables.find(scope, name))?.definition ?? {};
    if (expiry?.enabled !== true) return;
    const queue = { tableId: table.id, queueId: expiry.queueId };
    const { entries, expected } = await expiryContents(engine, queue, expiry.attribute);
    for (const entry of entries) assert.ok(expected.includes(entry), entry);
  };
  await scheduler.waitFor(happen(serverOn(inTurns(engine, scheduler, audit)), name, made));

  // Another server takes up what is left, after a restart.
  for (let left = await busyQueues(queues); left.length > 0; left = await busyQueues(queues)) {
    for (const queue of left) await stepOf(queues, queue, "third");
  }
  const { expiry } = (await store.tables.find(scope, name))?.definition ?? {};
  for (let queueId = 1; queueId <= made.changes.length; queueId += 1) {
    const { items, entries, expected } = await expiryContents(
      engine,
      { tableId: table.id, queueId },
      expiry?.attribute ?? "",
    );
    const isKept = expiry?.enabled === true && expiry.queueId === queueId;
    assert.deepEqual(entries, isKept ? expected : []);
    if (isKept) assert.ok(!items.some((item) => hasExpired(item, expiry.attribute)));
  }
  await store.tables.remove(scope, name, () => undefined);
  for (const queue of await queues.list({ queuesMax: 10 })) while (await queues.eraseSome(queue));
  assert.deepEqual(await queues.list({ queuesMax: 10 }), []);
}

/** Every transaction waits until the scheduler says that it is its turn; one that wrote is followed by an audit. */
function inTurns(engine: Engine, scheduler: fc.Scheduler, audit: () => Promise<void>): Engine {
  const turn = () => scheduler.schedule(Promise.resolve());
  return engineOver(engine, {
    async read(body, consistency) {
      await turn();
      return engine.read(body, consistency);
    },
    async write(body) {
      await turn();
      const result = await engine.write(body);
      await audit();
      return result;
    },
  });
}

/** All of it at once: the writers, the changes of time to live, and the servers that fill, sweep and erase. */
async function happen(
  { store, queues }: ReturnType<typeof serverOn>,
  name: string,
  { writers, changes, owners }: History,
): Promise<void> {
  const life = async () => {
    for (const attribute of changes) await changeExpiry(store, name, attribute);
  };
  const sequence = async (groups: readonly Made<typeof group>[]) => {
    for (const one of groups) await writeGroup(store, name, one);
  };
  const sweep = async (owner: string) => {
    for (let round = 0; round < 6; round += 1) {
      for (const queue of await queues.list({ queuesMax: 10 })) await stepOf(queues, queue, owner);
    }
  };
  await Promise.all([life(), ...writers.map(sequence), ...owners.map(sweep)]);
}

async function changeExpiry(store: Store, name: string, attribute: string | undefined): Promise<void> {
  await store.tables.update(scope, name, ({ definition }) => {
    const { queueId = 0, attribute: old = "" } = definition.expiry ?? {};
    const state =
      attribute === undefined
        ? { attribute: old, enabled: false, queueId }
        : { attribute, enabled: true, queueId: queueId + 1 };
    return { ...definition, expiry: { ...state, changedAt: now } };
  });
}

async function busyQueues(queues: ExpiryQueues): Promise<readonly ExpiryQueue[]> {
  const busy: ExpiryQueue[] = [];
  for (const queue of await queues.list({ queuesMax: 10 })) {
    if (queue.state !== "full" || (await queues.sweep(queue, now)).deleted > 0) busy.push(queue);
  }
  return busy;
}

async function stepOf(queues: ExpiryQueues, queue: ExpiryQueue, owner: string): Promise<void> {
  if (queue.state === "removed") {
    await queues.eraseSome(queue);
    return;
  }
  if (queue.state === "filling" && (await queues.fill(queue, { owner, leaseMs })) === "busy") now += leaseMs;
  try {
    await queues.sweep(queue, now);
  } catch (error) {
    if (!(error instanceof StaleTableError)) throw error;
  }
}

/** As dispatch does: a table that changed meanwhile is read again. */
async function writeGroup(store: Store, name: string, { items, kind }: Made<typeof group>): Promise<void> {
  for (;;) {
    const table = await store.tables.find(scope, name);
    assert.ok(table);
    try {
      await store.write(
        items.map((item): Write => {
          if (kind === "put") return putSong(table, item);
          const key = songKey(item);
          if (kind === "delete") return { table, key, change: { kind } };
          const apply = (before: Item | undefined) => {
            const changed = { ...before, ...item };
            return { item: changed, sizeBytes: itemSize(changed) };
          };
          return { table, key, change: { kind, apply } };
        }),
      );
      return;
    } catch (error) {
      if (!(error instanceof StaleTableError)) throw error;
    }
  }
}

test("in memory, the queue is what the items make it, and only what has expired is deleted", async () => {
  const property = fc.asyncProperty(fc.scheduler(), history, (scheduler, made) =>
    holds(openMemoryEngine(), scheduler, made),
  );
  await fc.assert(property, { numRuns: 300 });
});

test("on disk as well", async () => {
  const folder = await mkdtemp(join(tmpdir(), "stator-expiry-"));
  after(() => rm(folder, { recursive: true, force: true }));
  const engine = await openLmdbEngine({ folder, durability: "relaxed" });
  const property = fc.asyncProperty(fc.scheduler(), history, (scheduler, made) =>
    holds(engine, scheduler, made),
  );
  await fc.assert(property, { numRuns: 20 });
  await engine.close();
});
