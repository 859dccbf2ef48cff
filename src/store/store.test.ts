import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import fc from "fast-check";
import { scope, song, tableDefinition } from "../../test/fixtures/tables.ts";
import { textOf } from "../base/bytes.ts";
import type { Engine } from "../engine/engine.ts";
import { openMemoryEngine } from "../engine/memory/open-memory-engine.ts";
import type { Item } from "../model/attribute-value.ts";
import { itemSize } from "../values/size.ts";
import { openStore } from "./open-store.ts";
import type { PageRequest } from "./page.ts";
import { pageBytesMax } from "./read-page.ts";
import type { Store } from "./store.ts";
import { StaleTableError } from "./table-stamp.ts";
import type { Table } from "./table.ts";
import type { SizedItem, Write } from "./write.ts";

const clock = { now: () => 1_790_000_000_000 };
let engine: Engine;
let store: Store;
let table: Table;

beforeEach(async () => {
  engine = openMemoryEngine();
  store = open();
  table = await created(tableDefinition());
});

function open(): Store {
  return openStore({ engine, clock, onWork: () => undefined });
}

async function created(definition: Table["definition"]): Promise<Table> {
  const made = await store.tables.create(definition);
  assert.ok(made);
  return made;
}

function put(item: Item): Write {
  const key = Object.fromEntries(
    Object.entries(item).filter(([name]) => name === "artist" || name === "track"),
  );
  return { table, key, change: { kind: "put", item, sizeBytes: itemSize(item) } };
}

function sized(item: Item): SizedItem {
  return { item, sizeBytes: itemSize(item) };
}

async function tracksOf(request: Partial<PageRequest>): Promise<readonly (string | undefined)[]> {
  const extent = { kind: "collection", partitionKey: [{ S: "Nina" }] } as const;
  const page = await store.readPage({ table, extent, consistency: "strong", ...request });
  return page.items.map(({ item }) => item["track"]?.N);
}

describe("catalog", () => {
  test("a name is taken once, and ids are not reused after a removal", async () => {
    assert.equal(await store.tables.create(tableDefinition()), undefined);
    await store.tables.remove(scope, "Music", () => undefined);
    assert.equal(await store.tables.find(scope, "Music"), undefined);
    assert.notEqual((await created(tableDefinition())).id, table.id);
  });

  test("tables of other accounts and regions are out of sight", async () => {
    await created(tableDefinition({ scope: { ...scope, region: "eu-west-2" } }));
    await created(tableDefinition({ scope: { ...scope, accountId: "111111111111" }, name: "Other" }));
    assert.deepEqual(await store.tables.list(scope, { namesMax: 10 }), { names: ["Music"], more: false });
  });

  test("names are listed in order, behind a name, and say whether more follow", async () => {
    for (const name of ["Zoo", "Books", "Music-2"]) await created(tableDefinition({ name }));
    assert.deepEqual(await store.tables.list(scope, { namesMax: 2 }), {
      names: ["Books", "Music"],
      more: true,
    });
    assert.deepEqual(await store.tables.list(scope, { after: "Music", namesMax: 2 }), {
      names: ["Music-2", "Zoo"],
      more: false,
    });
  });

  test("a change gives the table a new version and is seen by another server on the engine", async () => {
    const other = open();
    await other.tables.find(scope, "Music");
    await store.tables.update(scope, "Music", ({ definition }) => ({
      ...definition,
      deletionProtected: true,
    }));
    assert.equal(other.tables.cached(scope, "Music")?.definition.deletionProtected, false);
    assert.equal((await other.tables.find(scope, "Music"))?.definition.deletionProtected, true);
  });

  test("a refusal thrown by a change leaves the table as it was", async () => {
    const refuse = () => {
      throw new Error("no");
    };
    await assert.rejects(store.tables.update(scope, "Music", refuse), /no/);
    await assert.rejects(store.tables.remove(scope, "Music", refuse), /no/);
    assert.equal((await store.tables.find(scope, "Music"))?.version, 1);
  });

  test("an item of a table that another server changed or removed is neither read nor written", async () => {
    const other = open();
    await other.tables.remove(scope, "Music", () => undefined);
    const reads = [{ table, key: song("Nina", 1) }];
    await assert.rejects(store.readItems(reads, "strong"), StaleTableError);
    await assert.rejects(store.write([put(song("Nina", 1))]), StaleTableError);
    await assert.rejects(tracksOf({}), StaleTableError);
  });
});

describe("writes", () => {
  test("an item is read as it was written, with its size", async () => {
    const item = song("Nina", 1, { title: { S: "Feeling Good" } });
    await store.write([put(item)]);
    const [stored, absent] = await store.readItems(
      [
        { table, key: song("Nina", 1) },
        { table, key: song("Nina", 2) },
      ],
      "strong",
    );
    assert.deepEqual(stored?.item, item);
    assert.equal(stored.sizeBytes, itemSize(item));
    assert.equal(textOf(stored.bytes, stored.start), JSON.stringify(item));
    assert.equal(absent, undefined);
  });

  test("one refused write keeps back all of its group", async () => {
    const refused: Write = { ...put(song("Nina", 2)), allows: (before) => before !== undefined };
    const outcomes = await store.write([put(song("Nina", 1)), refused]);
    assert.deepEqual(
      outcomes.map(({ kind }) => kind),
      ["written", "refused"],
    );
    assert.deepEqual(await tracksOf({}), []);
  });

  test("two readings of one table in a group of writes count as one table", async () => {
    await store.write([put(song("Nina", 1)), { ...put(song("Nina", 2)), table: { ...table } }]);
    assert.equal((await store.tables.statistics(table)).itemCount, 2);
  });

  test("an update sees the item before, and may leave an absent one absent", async () => {
    await store.write([put(song("Nina", 1))]);
    const update = (track: number): Write => ({
      table,
      key: song("Nina", track),
      change: { kind: "update", apply: (before) => before && sized({ ...before, played: { BOOL: true } }) },
    });
    const [first] = await store.write([update(1)]);
    const [second] = await store.write([update(2)]);
    assert.deepEqual(
      first?.kind === "written" && first.after?.item,
      song("Nina", 1, { played: { BOOL: true } }),
    );
    assert.equal(second?.kind === "written" && second.after, undefined);
    assert.deepEqual(await store.tables.statistics(table), {
      itemCount: 1,
      sizeBytes: 6 + 4 + 5 + 2 + 6 + 1,
      indexes: new Map(),
    });
  });

  test("item names of the prototype are attributes like others", async () => {
    const item = JSON.parse('{"artist":{"S":"Nina"},"track":{"N":"1"},"__proto__":{"S":"x"}}') as Item;
    await store.write([{ ...put(item), key: song("Nina", 1) }]);
    const [stored] = await store.readItems([{ table, key: song("Nina", 1) }], "strong");
    assert.equal(JSON.stringify(stored?.item), JSON.stringify(item));
  });
});

describe("pages", () => {
  test("a collection is read in the order of its numbers, both ways", async () => {
    await store.write([-7, 0, 3, 20, 100].map((track) => put(song("Nina", track))));
    await store.write([put(song("Ella", 5))]);
    assert.deepEqual(await tracksOf({}), ["-7", "0", "3", "20", "100"]);
    assert.deepEqual(await tracksOf({ reverse: true }), ["100", "20", "3", "0", "-7"]);
  });

  test("sort key conditions are closed and open as they say", async () => {
    await store.write([1, 2, 3, 4].map((track) => put(song("Nina", track))));
    const cases: readonly [operator: "=" | "<" | "<=" | ">" | ">=", tracks: string[]][] = [
      ["=", ["2"]],
      ["<", ["1"]],
      ["<=", ["1", "2"]],
      [">", ["3", "4"]],
      [">=", ["2", "3", "4"]],
    ];
    for (const [operator, tracks] of cases) {
      const sortKey = { operator, value: { N: "2" } };
      const extent = { kind: "collection", partitionKey: [{ S: "Nina" }], sortKey } as const;
      assert.deepEqual(await tracksOf({ extent }), tracks, operator);
      assert.deepEqual(await tracksOf({ extent, reverse: true }), tracks.toReversed(), operator);
    }
    const between = { operator: "between", low: { N: "2" }, high: { N: "3" } } as const;
    const extent = { kind: "collection", partitionKey: [{ S: "Nina" }], sortKey: between } as const;
    assert.deepEqual(await tracksOf({ extent }), ["2", "3"]);
  });

  test("a page stops before it would pass 1 MB and continues behind its last key", async () => {
    const large = { data: { S: "x".repeat(300_000) } };
    await store.write([1, 2, 3, 4, 5].map((track) => put(song("Nina", track, large))));
    const extent = { kind: "collection", partitionKey: [{ S: "Nina" }] } as const;
    const first = await store.readPage({ table, extent, consistency: "strong" });
    assert.deepEqual(
      [first.stop, first.scannedCount, first.lastKey?.["track"]],
      ["byte-limit", 3, { N: "3" }],
    );
    assert.ok(first.scannedBytes <= pageBytesMax);
    assert.deepEqual(await tracksOf({ after: first.lastKey }), ["4", "5"]);
  });

  test("pages of any size, direction and filter neither repeat nor skip, and segments cover the table", async () => {
    const items = fc.uniqueArray(
      fc.tuple(fc.constantFrom("a", "b", "c", "d"), fc.integer({ min: -50, max: 50 })),
      {
        selector: ([artist, track]) => `${artist}/${track}`,
        maxLength: 60,
      },
    );
    const options = fc.record({ itemsMax: fc.integer({ min: 1, max: 20 }), reverse: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        items,
        options,
        fc.integer({ min: 1, max: 7 }),
        async (songs, { itemsMax, reverse }, segments) => {
          engine = openMemoryEngine();
          store = open();
          table = await created(tableDefinition());
          await store.write(songs.map(([artist, track]) => put(song(artist, track))));
          const read: string[] = [];
          for (let segment = 0; segment < segments; segment += 1) {
            let after: Item | undefined;
            do {
              const extent = { kind: "segment", segment, segments } as const;
              const page = await store.readPage({
                table,
                extent,
                itemsMax,
                reverse,
                after,
                consistency: "strong",
              });
              read.push(
                ...page.items.map(({ item }) => `${item["artist"]?.S ?? ""}/${item["track"]?.N ?? ""}`),
              );
              after = page.lastKey;
            } while (after !== undefined);
          }
          assert.deepEqual(read.toSorted(), songs.map(([artist, track]) => `${artist}/${track}`).toSorted());
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("removed tables", () => {
  test("their items are erased in bounded steps, and those of other tables stay", async () => {
    for (let track = 0; track < 1100; track += 100) {
      await store.write(Array.from({ length: 100 }, (_, index) => put(song("Nina", track + index))));
    }
    await store.tables.remove(scope, "Music", () => undefined);
    const [removal] = await store.removals.list(10);
    assert.deepEqual(removal, { tableId: table.id });
    table = await created(tableDefinition());
    await store.write([put(song("Nina", 1))]);
    let steps = 0;
    while (await store.removals.eraseSome(removal)) steps += 1;
    assert.equal(steps, 3);
    assert.deepEqual(await store.removals.list(10), []);
    assert.deepEqual(await tracksOf({}), ["1"]);
  });
});
