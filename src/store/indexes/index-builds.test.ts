import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, describe, test } from "node:test";
import { assertSameItems, expectedEntries } from "../../../test/fixtures/expected-entries.ts";
import { contentsOf, measured, type Contents } from "../../../test/fixtures/index-contents.ts";
import { globalIndex } from "../../../test/fixtures/indexes.ts";
import { putSong, scope, song, tableDefinition } from "../../../test/fixtures/tables.ts";
import type { Engine } from "../../engine/engine.ts";
import { openLmdbEngine } from "../../engine/lmdb/open-lmdb-engine.ts";
import { openMemoryEngine } from "../../engine/memory/open-memory-engine.ts";
import type { Item } from "../../model/attribute-value.ts";
import { clocksApartMsMax } from "../lease.ts";
import { openIndexBuilds } from "./index-builds.ts";
import { openStore } from "../open-store.ts";
import type { WalkStep } from "../item-walk.ts";
import type { IndexBuild, IndexBuilds, Store, Work } from "../store.ts";
import type { IndexDefinition, Table } from "../table.ts";

const leaseMs = 5_000;
const index = globalIndex({
  state: "building",
  projection: { type: "INCLUDE", nonKeyAttributes: ["label"] },
});
const folder = await mkdtemp(join(tmpdir(), "stator-builds-"));
after(() => rm(folder, { recursive: true, force: true }));

let now: number;
const clock = { now: () => now };
let engine: Engine;
let store: Store;
let builds: IndexBuilds;
let told: Work[];

beforeEach(() => {
  now = 1_790_000_000_000;
  engine = openMemoryEngine();
  open();
});

/** A server on the engine, whose steps take on two items. */
function open(): void {
  told = [];
  store = openStore({ engine, clock, onWork: (work) => told.push(work) });
  builds = openIndexBuilds(engine, clock, { itemsMax: 2, bytesMax: 100_000 });
}

async function createTable(name = "Music"): Promise<Table> {
  const table = await store.tables.create(tableDefinition({ name }));
  assert.ok(table);
  return table;
}

/** Songs 1 to `count`, which all belong into the index. */
async function putSongs(table: Table, count: number): Promise<void> {
  const songs = Array.from({ length: count }, (_, at) =>
    song("Nina", at + 1, { genre: { S: "soul" }, year: { N: "1965" } }),
  );
  await store.write(songs.map((made) => putSong(table, made)));
}

async function change(
  name: string,
  indexes: (before: readonly IndexDefinition[]) => readonly IndexDefinition[],
): Promise<Table> {
  const table = await store.tables.update(scope, name, ({ definition }) => ({
    ...definition,
    indexes: indexes(definition.indexes),
  }));
  assert.ok(table);
  return table;
}

function addIndex(name = "Music", added = index): Promise<Table> {
  return change(name, (before) => [...before, added]);
}

function deleteIndexes(): Promise<Table> {
  return change("Music", (before) => before.map(going));
}

function going(one: IndexDefinition): IndexDefinition {
  return { ...one, state: "deleting" };
}

async function onlyBuild(): Promise<IndexBuild> {
  const [build, ...others] = await builds.list(10);
  assert.ok(build);
  assert.deepEqual(others, []);
  return build;
}

function contents(tableId: number, indexId = index.id): Promise<Contents> {
  return contentsOf(engine, tableId, indexId);
}

async function finish(build: IndexBuild, owner = "one"): Promise<WalkStep> {
  for (;;) {
    const step = await builds.step(build, { owner, leaseMs });
    if (step !== "more") return step;
  }
}

describe("a build", () => {
  test("adds every item that belongs into the index, in bounded steps, and activates it", async () => {
    const table = await createTable();
    await putSongs(table, 5);
    await addIndex();
    assert.deepEqual(told, ["index-build"]);
    const build = await onlyBuild();
    const { id: tableId } = table;
    const names = { tableName: "Music", indexName: "ByGenre" };
    assert.deepEqual(build, { tableId, indexId: 1, ...names, startsAt: 0, itemsRead: 0 });
    const seen: number[] = [];
    while ((await builds.step(build, { owner: "one", leaseMs })) === "more") {
      seen.push((await contents(tableId)).entries.length);
      assert.equal((await onlyBuild()).itemsRead, seen.at(-1));
    }
    assert.deepEqual(seen, [2, 4, 5]);
    assert.deepEqual(await builds.list(10), []);
    const built = await store.tables.find(scope, "Music");
    assert.equal(built?.version, 3);
    assert.equal(built.definition.indexes[0]?.state, "active");
    const { items, entries } = await contents(tableId);
    assertSameItems(entries, expectedEntries(index, items));
  });

  test("says when it may begin, and is there with a table created with the index", async () => {
    const indexes = [{ ...index, buildsFrom: now + 100 }];
    await store.tables.create(tableDefinition({ indexes, nextIndexId: 2 }));
    const build = await onlyBuild();
    assert.equal(build.startsAt, now + 100);
    assert.equal(await finish(build), "done");
    const table = await store.tables.find(scope, "Music");
    assert.equal(table?.definition.indexes[0]?.buildsFrom, undefined);
  });

  test("leaves out items that the index cannot hold", async () => {
    const table = await createTable();
    const fit = song("Otis", 1, { genre: { S: "x".repeat(2_048) }, year: { N: "1" } });
    const unfit: Item[] = [
      {},
      { genre: { S: "soul" } },
      { genre: { N: "1" }, year: { N: "1" } },
      { genre: { S: "" }, year: { N: "1" } },
      { genre: { S: "x".repeat(2_049) }, year: { N: "1" } },
    ];
    await store.write(
      [fit, ...unfit.map((made, at) => song("Nina", at, made))].map((one) => putSong(table, one)),
    );
    await addIndex();
    await finish(await onlyBuild());
    assertSameItems((await contents(table.id)).entries, [fit]);
  });

  test("a step takes on few items when they are large", async () => {
    const table = await createTable();
    const large = { text: { S: "x".repeat(100_000) } };
    await store.write([1, 2, 3].map((track) => putSong(table, song("Nina", track, large))));
    await addIndex();
    const build = await onlyBuild();
    await builds.step(build, { owner: "one", leaseMs });
    assert.equal((await onlyBuild()).itemsRead, 1);
  });

  test("goes on where it was after a restart", async () => {
    const path = join(folder, "restart");
    engine = await openLmdbEngine({ folder: path, durability: "relaxed" });
    open();
    const table = await createTable();
    await putSongs(table, 5);
    await addIndex();
    await builds.step(await onlyBuild(), { owner: "one", leaseMs });
    await engine.close();
    engine = await openLmdbEngine({ folder: path, durability: "relaxed" });
    open();
    const build = await onlyBuild();
    assert.equal(build.itemsRead, 2);
    assert.equal(await finish(build), "done");
    assert.equal((await contents(table.id)).entries.length, 5);
    await engine.close();
  });

  test("many builds go on side by side, those of one table too", async () => {
    for (const name of ["Music", "Other"]) {
      await putSongs(await createTable(name), 3);
      await addIndex(name);
      await addIndex(name, globalIndex({ id: 2, name: "Second", state: "building" }));
    }
    const all = await builds.list(10);
    assert.equal(all.length, 4);
    await Promise.all(all.map((build) => finish(build)));
    for (const { tableId, indexId } of all) {
      assert.equal((await contents(tableId, indexId)).entries.length, 3);
    }
    const table = await store.tables.find(scope, "Other");
    assert.deepEqual(
      table?.definition.indexes.map(({ state }) => state),
      ["active", "active"],
    );
  });
});

describe("a lease", () => {
  test("keeps others off a build until it is over for certain, whatever clocks differ by", async () => {
    await putSongs(await createTable(), 9);
    await addIndex();
    const build = await onlyBuild();
    const step = (owner: string) => builds.step(build, { owner, leaseMs });
    assert.equal(await step("one"), "more");
    assert.equal(await step("other"), "busy");
    now += leaseMs - 1;
    assert.equal(await step("one"), "more");
    now += leaseMs + clocksApartMsMax - 1;
    assert.equal(await step("other"), "busy");
    now += 1;
    assert.equal(await step("other"), "more");
    assert.equal(await step("one"), "busy");
    assert.equal((await onlyBuild()).itemsRead, 6);
  });

  test("is over at once when its owner lets go, and only then", async () => {
    await putSongs(await createTable(), 9);
    await addIndex();
    const build = await onlyBuild();
    const step = (owner: string) => builds.step(build, { owner, leaseMs });
    assert.equal(await step("one"), "more");
    await builds.release(build, "other");
    assert.equal(await step("other"), "busy");
    await builds.release(build, "one");
    assert.equal(await step("other"), "more");
    assert.equal((await onlyBuild()).itemsRead, 4);
  });

  test("two servers that start at once on one build do each item once", async () => {
    const table = await createTable();
    await putSongs(table, 9);
    await addIndex();
    const build = await onlyBuild();
    const other = openIndexBuilds(engine, clock, { itemsMax: 2, bytesMax: 100_000 });
    const steps = await Promise.all([
      builds.step(build, { owner: "one", leaseMs }),
      other.step(build, { owner: "other", leaseMs }),
    ]);
    assert.deepEqual(steps, ["more", "busy"]);
    assert.equal((await contents(table.id)).entries.length, 2);
    assert.equal((await onlyBuild()).itemsRead, 2);
  });

  test("steps of one owner that run at once count each item once", async () => {
    const table = await createTable();
    await putSongs(table, 9);
    await addIndex();
    const build = await onlyBuild();
    const step = () => builds.step(build, { owner: "one", leaseMs });
    assert.deepEqual(await Promise.all([step(), step()]), ["more", "more"]);
    assert.equal((await contents(table.id)).entries.length, 2);
    assert.equal((await onlyBuild()).itemsRead, 2);
  });
});

describe("removal in the middle of a build", () => {
  async function halfBuilt(): Promise<{ table: Table; build: IndexBuild }> {
    const table = await createTable();
    await putSongs(table, 5);
    await addIndex();
    const build = await onlyBuild();
    await builds.step(build, { owner: "one", leaseMs });
    return { table, build };
  }

  test("a deleted index is not built any further, and nothing is left of it", async () => {
    const { table, build } = await halfBuilt();
    const deleting = await deleteIndexes();
    assert.deepEqual(told, ["index-build", "removal"]);
    assert.deepEqual(await builds.list(10), []);
    assert.equal(await finish(build), "gone");
    await putSongs(deleting, 6);
    const [removal] = await store.removals.list(10);
    assert.deepEqual(removal, { tableId: table.id, indexId: 1 });
    while (await store.removals.eraseSome(removal));
    assert.deepEqual(await store.removals.list(10), []);
    const without = await store.tables.find(scope, "Music");
    assert.equal(without?.version, deleting.version + 1);
    assert.deepEqual(without.definition.indexes, []);
    const { items, entries } = await contents(table.id);
    assert.deepEqual([items.length, entries.length], [6, 0]);
    assert.deepEqual(await store.tables.statistics(without), { ...measured(items), indexes: new Map() });
    assert.equal(await store.removals.eraseSome(removal), false);
    assert.deepEqual(await store.tables.find(scope, "Music"), without);
  });

  test("a removed table takes its builds and its indexes with it", async () => {
    const { table, build } = await halfBuilt();
    await addIndex("Music", globalIndex({ id: 2, name: "Going" }));
    await change("Music", (before) => before.map((one) => (one.id === 2 ? going(one) : one)));
    assert.equal((await store.removals.list(10)).length, 1);
    await store.tables.remove(scope, "Music", () => undefined);
    assert.deepEqual(await builds.list(10), []);
    assert.equal(await finish(build), "gone");
    assert.deepEqual(await store.removals.list(10), [{ tableId: table.id }]);
    while (await store.removals.eraseSome({ tableId: table.id }));
    assert.deepEqual(await contents(table.id), { items: [], entries: [] });
    assert.deepEqual(await store.removals.list(10), []);
  });

  test("a removal that another server finished first does no harm", async () => {
    const { table } = await halfBuilt();
    await deleteIndexes();
    const [removal] = await store.removals.list(10);
    assert.ok(removal);
    const erase = async () => {
      while (await store.removals.eraseSome(removal));
    };
    await Promise.all([erase(), erase()]);
    assert.deepEqual((await store.tables.find(scope, "Music"))?.definition.indexes, []);
    await store.tables.remove(scope, "Music", () => undefined);
    await erase();
    assert.equal(await store.tables.find(scope, "Music"), undefined);
    assert.deepEqual(await store.removals.list(10), [{ tableId: table.id }]);
  });

  test("an index that vanishes from the definition is erased too", async () => {
    const { table } = await halfBuilt();
    await change("Music", () => []);
    const [removal] = await store.removals.list(10);
    assert.ok(removal);
    while (await store.removals.eraseSome(removal));
    assert.equal((await contents(table.id)).entries.length, 0);
  });
});
