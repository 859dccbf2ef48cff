import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import {
  currentTable,
  keepUp,
  logReader,
  setReaders,
  shardsOf,
  stream,
} from "../../../test/fixtures/change-logs.ts";
import { putSong, song, songKey, tableDefinition } from "../../../test/fixtures/tables.ts";
import type { Engine } from "../../engine/engine.ts";
import { openLmdbEngine } from "../../engine/lmdb/open-lmdb-engine.ts";
import { openMemoryEngine } from "../../engine/memory/open-memory-engine.ts";
import type { Item } from "../../model/attribute-value.ts";
import { openStore } from "../open-store.ts";
import type { Store } from "../store.ts";
import { StaleTableError } from "../table-stamp.ts";
import type { Table } from "../table.ts";
import type { Outcome, Write } from "../write.ts";
import type { ChangeRecord, ShardSpan } from "./change-log.ts";
import { engineOver } from "../../../test/fixtures/engine-over.ts";

/** What happens to a table with a log, one step. */
type Step =
  /** Writes at once, to two servers in turn; what names one item twice or more happens in any order. */
  | { readonly kind: "writes"; readonly writes: readonly Intent[]; readonly together: boolean }
  | { readonly kind: "time"; readonly hours: number }
  | { readonly kind: "reads"; readonly recordsMax: number; readonly readings: number }
  | { readonly kind: "rolls over amid writes"; readonly writes: readonly Intent[] }
  | { readonly kind: "stream changes" }
  | { readonly kind: "restart" };

interface Intent {
  readonly artist: string;
  /** Absent deletes. */
  readonly year?: number;
}

const intent: fc.Arbitrary<Intent> = fc.record(
  { artist: fc.constantFrom("Nina", "Otis", "Etta", "Sam", "Aretha"), year: fc.nat(2) },
  { requiredKeys: ["artist"] },
);
const intents = fc.array(intent, { minLength: 1, maxLength: 6 });

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant("writes"), writes: intents, together: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("rolls over amid writes"), writes: intents }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("time"), hours: fc.nat(30) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("reads"),
      recordsMax: fc.integer({ min: 1, max: 4 }),
      readings: fc.nat(6),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("stream changes") }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("restart") }) },
);

/** Two servers on one engine, a table with a reader that keeps its cursors, and what all of that should come to. */
class Drill {
  now = 1_790_000_000_000;
  /** How many writes changed an item. */
  changes = 0;
  readonly items = new Map<string, Item>();
  readonly seen: ChangeRecord[] = [];
  readonly #open: () => Promise<Engine>;
  #engine: Engine;
  #stores: readonly [Store, Store];
  #streams = 0;
  #turns = 0;

  constructor(open: () => Promise<Engine>, engine: Engine) {
    this.#open = open;
    this.#engine = engine;
    this.#stores = this.#openStores();
  }

  #openStores(): [Store, Store] {
    const options = {
      engine: this.#engine,
      clock: { now: () => this.now },
      onWork: () => undefined,
      logShardBounds: { bytesMax: 400, openShardsMax: 4 },
    };
    return [openStore(options), openStore(options)];
  }

  /** The two servers in turn. */
  get store(): Store {
    this.#turns += 1;
    return this.#stores[this.#turns % 2 === 0 ? 0 : 1];
  }

  async begin(): Promise<void> {
    await this.store.tables.create(tableDefinition());
    await setReaders(this.store, { logReaders: [logReader({ retentionMs: Number.MAX_SAFE_INTEGER })] });
  }

  async take(step: Step): Promise<void> {
    switch (step.kind) {
      case "writes":
        return step.together ? this.#transact(step.writes) : this.#write(step.writes);
      case "rolls over amid writes":
        await Promise.all([this.#write(step.writes), keepUp(this.store), this.#write(step.writes)]);
        return;
      case "time":
        this.now += step.hours * 3_600_000;
        return keepUp(this.store);
      case "reads":
        for (let left = step.readings; left > 0; left -= 1) await this.readSome(step.recordsMax);
        return;
      case "stream changes":
        this.#streams += 1;
        await setReaders(this.store, {
          stream: this.#streams % 3 === 0 ? undefined : stream(String(this.#streams)),
        });
        return;
      case "restart":
        await this.#engine.close();
        this.#engine = await this.#open();
        this.#stores = this.#openStores();
    }
  }

  async #write(writes: readonly Intent[]): Promise<void> {
    await Promise.all(writes.map((write) => this.#apply([write])));
  }

  /** In one transaction, which names no item twice. */
  async #transact(writes: readonly Intent[]): Promise<void> {
    await this.#apply([...new Map(writes.map((write) => [write.artist, write])).values()]);
  }

  async #apply(intents: readonly Intent[]): Promise<void> {
    const { store } = this;
    for (;;) {
      const table = await currentTable(store);
      try {
        const outcomes = await store.write(intents.map((wanted) => writeOf(table, wanted)));
        this.#count(outcomes);
        return;
      } catch (error) {
        // The catalog changed: dispatch would start over as well.
        if (!(error instanceof StaleTableError)) throw error;
      }
    }
  }

  #count(outcomes: readonly Outcome[]): void {
    for (const outcome of outcomes) {
      assert.ok(outcome.kind === "written");
      if (JSON.stringify(outcome.before?.item) !== JSON.stringify(outcome.after?.item)) this.changes += 1;
    }
  }

  /** Reads a little of every shard whose parent is done with. Answers whether there was anything to do. */
  async readSome(recordsMax: number): Promise<boolean> {
    const { store } = this;
    const cursors = await store.cursors.list(readerId);
    const finished = new Set(cursors.filter((cursor) => cursor.finished).map(({ shard }) => shard.shardId));
    const shards = await shardsOf(store, await this.#share());
    const ids = new Set(shards.map(({ shardId }) => shardId));
    let moved = false;
    for (const { tableId, shardId, parentId, startSequence } of shards) {
      const waits = parentId !== undefined && ids.has(parentId) && !finished.has(parentId);
      if (finished.has(shardId) || waits) continue;
      const shard = { tableId, shardId };
      const claim = { startAfter: startSequence - 1, owner: "drill", leaseMs: 1_000 };
      const cursor = await store.cursors.claim({ readerId, shard }, claim);
      assert.ok(cursor);
      const reading = await store.changeLog.read(shard, { after: cursor.after, recordsMax, bytesMax: 300 });
      assert.ok(reading.kind === "records", reading.kind);
      const sequences = [cursor.after, ...reading.records.map(({ sequence }) => sequence)];
      assert.deepEqual(
        sequences,
        [...new Set(sequences)].sort((left, right) => left - right),
      );
      this.seen.push(...reading.records);
      const progress = { after: reading.after, finished: reading.ended, leaseMs: 1_000 };
      assert.ok(await store.cursors.advance(cursor, progress));
      moved ||= reading.records.length > 0 || reading.ended;
    }
    return moved;
  }

  async #share(): Promise<ShardSpan> {
    const { id, definition } = await currentTable(this.store);
    const [reader] = definition.changeLog?.readers ?? [];
    assert.ok(reader);
    return { tableId: id, fromShardId: reader.fromShardId };
  }

  async currentItems(): Promise<ReadonlyMap<string, Item>> {
    const table = await currentTable(this.store);
    const extent = { kind: "segment", segment: 0, segments: 1 } as const;
    const page = await this.store.readPage({ table, extent, consistency: "strong" });
    return new Map(page.items.map(({ item }) => [nameOf(item), item]));
  }

  async end(): Promise<void> {
    await this.#engine.close();
  }
}

const readerId = logReader().id;

function writeOf(table: Table, { artist, year }: Intent): Write {
  const item = song(artist, 1, year === undefined ? {} : { year: { N: String(year) } });
  return year === undefined
    ? { table, key: songKey(item), change: { kind: "delete" } }
    : putSong(table, item);
}

function nameOf({ artist }: Item): string {
  return artist?.S ?? "";
}

/** Every record begins where the one before of its item ended, and the last ends with the item as it is. */
async function checkSeen(drill: Drill): Promise<void> {
  const images = new Map<string, Item>();
  for (const { kind, key, before, after } of drill.seen) {
    const name = nameOf(key.item);
    assert.deepEqual(before?.item, images.get(name));
    assert.equal(kind, before === undefined ? "insert" : after === undefined ? "remove" : "modify");
    if (after === undefined) images.delete(name);
    else images.set(name, after.item);
  }
  assert.deepEqual(images, await drill.currentItems());
  assert.equal(drill.seen.length, drill.changes);
}

async function run(open: () => Promise<Engine>, steps: readonly Step[]): Promise<void> {
  const drill = new Drill(open, await open());
  await drill.begin();
  for (const step of steps) await drill.take(step);
  while (await drill.readSome(3));
  await checkSeen(drill);
  drill.now += 10 * 24 * 3_600_000;
  await keepUp(drill.store);
  while (await drill.readSome(3));
  await keepUp(drill.store);
  await checkSeen(drill);
  await drill.end();
}

const steps = fc.array(step, { minLength: 1, maxLength: 25 });
const everyChangeOnce =
  "a reader sees every change once and in the order of its item, whatever rolls over, is erased or begins anew";

test(everyChangeOnce, async () => {
  const property = fc.asyncProperty(steps, async (taken) => {
    const engine = openMemoryEngine();
    // Memory survives no restart: the same engine goes on under new servers.
    const lasting = engineOver(engine, { close: () => Promise.resolve() });
    await run(() => Promise.resolve(lasting), taken);
  });
  await fc.assert(property, { numRuns: 120 });
});

const folder = await mkdtemp(join(tmpdir(), "stator-log-"));
after(() => rm(folder, { recursive: true, force: true }));

test("on disk as well, across restarts", async () => {
  let runs = 0;
  const property = fc.asyncProperty(steps, async (taken) => {
    runs += 1;
    const own = join(folder, String(runs));
    await run(() => openLmdbEngine({ folder: own, durability: "relaxed" }), taken);
  });
  await fc.assert(property, { numRuns: 10 });
});
