/** Builds of indexes under writes that go on meanwhile, in any order of what writers, builders and the catalog do. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { assertSameItems, expectedEntries, unordered } from "../../../test/fixtures/expected-entries.ts";
import { contentsOf } from "../../../test/fixtures/index-contents.ts";
import { globalIndex } from "../../../test/fixtures/indexes.ts";
import { putSong, scope, song, songKey, tableDefinition } from "../../../test/fixtures/tables.ts";
import type { Engine } from "../../engine/engine.ts";
import { openLmdbEngine } from "../../engine/lmdb/open-lmdb-engine.ts";
import { openMemoryEngine } from "../../engine/memory/open-memory-engine.ts";
import type { Item } from "../../model/attribute-value.ts";
import { itemSize } from "../../values/size.ts";
import { openIndexBuilds } from "./index-builds.ts";
import { openStore } from "../open-store.ts";
import type { IndexBuilds, Store } from "../store.ts";
import { StaleTableError } from "../table-stamp.ts";
import type { Table, TableDefinition } from "../table.ts";
import type { Write } from "../write.ts";
import { engineOver } from "../../../test/fixtures/engine-over.ts";

const leaseMs = 5_000;
const index = globalIndex({
  state: "building",
  projection: { type: "INCLUDE", nonKeyAttributes: ["label"] },
});

const optional = (values: readonly (Item[string] | undefined)[]) => fc.constantFrom(...values);
const someItem = fc
  .record({
    artist: fc.constantFrom("Nina", "Otis"),
    track: fc.integer({ min: 1, max: 4 }),
    genre: optional([undefined, { S: "soul" }, { S: "jazz" }, { N: "5" }]),
    year: optional([undefined, { N: "1" }, { N: "2" }, { N: "1" }]),
    label: optional([undefined, { S: "a" }, { S: "longer" }]),
    note: optional([undefined, { S: "n" }]),
  })
  .map(({ artist, track, ...others }) => {
    const attributes: Record<string, Item[string]> = {};
    for (const [name, value] of Object.entries(others)) if (value !== undefined) attributes[name] = value;
    return song(artist, track, attributes);
  });
const someItems = (max: number) =>
  fc.uniqueArray(someItem, { maxLength: max, selector: (item) => JSON.stringify(songKey(item)) });
const group = fc.record({ items: someItems(2), kind: fc.constantFrom("put", "update", "delete") });
const history = fc.record({
  before: someItems(8),
  /** What each writer does, one group after another. */
  writers: fc.array(fc.array(group, { maxLength: 4 }), { minLength: 1, maxLength: 3 }),
  /** Who builds. */
  owners: fc.constantFrom(["one"], ["one", "other"]),
  /** Whether the index is deleted in the middle. */
  deletes: fc.boolean(),
});

type Made<T> = T extends fc.Arbitrary<infer Value> ? Value : never;
type Group = Made<typeof group>;
type History = Made<typeof history>;

let now = 1_790_000_000_000;
const clock = { now: () => now };
let tables = 0;

/** A server on the engine, with steps of two items. */
function serverOn(engine: Engine): { store: Store; builds: IndexBuilds } {
  const store = openStore({ engine, clock, onWork: () => undefined });
  return { store, builds: openIndexBuilds(engine, clock, { itemsMax: 2, bytesMax: 100_000 }) };
}

async function holds(engine: Engine, scheduler: fc.Scheduler, made: History): Promise<void> {
  tables += 1;
  const name = `Table-${tables}`;
  const { store, builds } = serverOn(engine);
  const table = await store.tables.create(tableDefinition({ name }));
  assert.ok(table);
  await store.write(made.before.map((item) => putSong(table, item)));
  const audit = async () => {
    const { items, entries } = await contentsOf(engine, table.id, index.id);
    const expected = new Set(unordered(expectedEntries(index, items)));
    // Nobody maintains an index that is being deleted.
    if (!made.deletes) for (const entry of unordered(entries)) assert.ok(expected.has(entry), entry);
  };
  await scheduler.waitFor(happen(serverOn(inTurns(engine, scheduler, audit)), name, made));

  assert.deepEqual(await builds.list(1), []);
  for (const removal of await store.removals.list(10)) while (await store.removals.eraseSome(removal));
  const left = await store.tables.find(scope, name);
  assert.deepEqual(
    left?.definition.indexes.map(({ state }) => state),
    made.deletes ? [] : ["active"],
  );
  const { items, entries } = await contentsOf(engine, table.id, index.id);
  assertSameItems(entries, made.deletes ? [] : expectedEntries(index, items));
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

type Server = ReturnType<typeof serverOn>;

/** All of it at once: the writers, and the index that comes, is built, and may go again. */
async function happen({ store, builds }: Server, name: string, made: History): Promise<void> {
  const { writers, owners, deletes } = made;
  const indexes = (value: TableDefinition["indexes"]) =>
    store.tables.update(scope, name, ({ definition }) => ({ ...definition, indexes: value }));
  const life = async () => {
    await indexes([index]);
    const building = owners.map((owner) => buildAll(builds, owner));
    if (deletes) await indexes([{ ...index, state: "deleting" }]);
    else await store.tables.update(scope, name, ({ definition }) => definition);
    await Promise.all(building);
  };
  const sequence = async (groups: readonly Group[]) => {
    for (const one of groups) await writeGroup(store, name, one);
  };
  await Promise.all([life(), ...writers.map(sequence)]);
}

async function buildAll(builds: IndexBuilds, owner: string): Promise<void> {
  for (let [build] = await builds.list(1); build !== undefined; [build] = await builds.list(1)) {
    if ((await builds.step(build, { owner, leaseMs })) === "busy") now += leaseMs;
  }
}

/** As dispatch does: a table that changed meanwhile is read again. */
async function writeGroup(store: Store, name: string, made: Group): Promise<void> {
  for (;;) {
    const table = await store.tables.find(scope, name);
    assert.ok(table);
    try {
      await store.write(made.items.map((item) => writeOf(table, item, made.kind)));
      return;
    } catch (error) {
      if (!(error instanceof StaleTableError)) throw error;
    }
  }
}

function writeOf(table: Table, item: Item, kind: Group["kind"]): Write {
  if (kind === "put") return putSong(table, item);
  const key = songKey(item);
  if (kind === "delete") return { table, key, change: { kind } };
  const apply = (before: Item | undefined) => {
    const changed = { ...before, ...item };
    return { item: changed, sizeBytes: itemSize(changed) };
  };
  return { table, key, change: { kind, apply } };
}

test("in memory, the index is what its table makes it, and statistics are exact all the time", async () => {
  const property = fc.asyncProperty(fc.scheduler(), history, (scheduler, made) =>
    holds(openMemoryEngine(), scheduler, made),
  );
  await fc.assert(property, { numRuns: 300 });
});

test("on disk as well", async () => {
  const folder = await mkdtemp(join(tmpdir(), "stator-builds-"));
  after(() => rm(folder, { recursive: true, force: true }));
  const engine = await openLmdbEngine({ folder, durability: "relaxed" });
  const property = fc.asyncProperty(fc.scheduler(), history, (scheduler, made) =>
    holds(engine, scheduler, made),
  );
  await fc.assert(property, { numRuns: 20 });
  await engine.close();
});
