import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { globalIndex, localIndex } from "../../../test/fixtures/indexes.ts";
import { song, tableDefinition } from "../../../test/fixtures/tables.ts";
import { openMemoryEngine } from "../../engine/memory/open-memory-engine.ts";
import { attributeOf, type Item } from "../../model/attribute-value.ts";
import { compareValues } from "../../values/compare.ts";
import { itemSize } from "../../values/size.ts";
import { indexKeyAttributes } from "../key-attributes.ts";
import { openStore } from "../open-store.ts";
import type { Extent, PageRequest } from "../page.ts";
import type { Store } from "../store.ts";
import type { IndexDefinition, Table, TableDefinition } from "../table.ts";
import type { Outcome, Write } from "../write.ts";

const clock = { now: () => 1_790_000_000_000 };
const whole: Extent = { kind: "segment", segment: 0, segments: 1 };

interface Fixture {
  readonly store: Store;
  readonly table: Table;
}

async function open(indexes: readonly IndexDefinition[], collectionBytesMax?: number): Promise<Fixture> {
  const store = openStore({
    engine: openMemoryEngine(),
    clock,
    onWork: () => undefined,
    collectionBytesMax,
  });
  const definition: TableDefinition = tableDefinition({ indexes, nextIndexId: 10 });
  const table = await store.tables.create(definition);
  assert.ok(table);
  return { store, table };
}

function keyOf({ artist, track }: Item): Item {
  assert.ok(artist && track);
  return { artist, track };
}

function put(table: Table, item: Item): Write {
  return { table, key: keyOf(item), change: { kind: "put", item, sizeBytes: itemSize(item) } };
}

async function written(store: Store, write: Write): Promise<Extract<Outcome, { kind: "written" }>> {
  const [outcome] = await store.write([write]);
  assert.ok(outcome?.kind === "written");
  return outcome;
}

/** What an index change cost, by index name. */
async function unitsOf(store: Store, write: Write): Promise<Record<string, number>> {
  const { indexes } = await written(store, write);
  return Object.fromEntries(indexes.map(({ index, writeUnits }) => [index.name, writeUnits]));
}

async function entriesOf({ store, table }: Fixture, request: Partial<PageRequest>): Promise<readonly Item[]> {
  const page = await store.readPage({ table, extent: whole, consistency: "strong", ...request });
  return page.items.map(({ item }) => item);
}

describe("entries", () => {
  test("an item is in an index exactly while it has all key attributes of the right type", async () => {
    const index = globalIndex();
    const fixture = await open([index]);
    const { store, table } = fixture;
    const unfit: Item[] = [
      {},
      { genre: { S: "soul" } },
      { year: { N: "1965" } },
      { genre: { S: "soul" }, year: { S: "1965" } },
      { genre: { S: "" }, year: { N: "1965" } },
      { genre: { S: "x".repeat(2049) }, year: { N: "1965" } },
    ];
    for (const attributes of unfit) {
      await store.write([put(table, song("Nina", 1, { genre: { S: "soul" }, year: { N: "1" } }))]);
      assert.equal((await entriesOf(fixture, { index })).length, 1);
      await store.write([put(table, song("Nina", 1, attributes))]);
      assert.deepEqual(await entriesOf(fixture, { index }), []);
    }
  });

  test("an entry holds the keys of index and table and what the index projects", async () => {
    const include = globalIndex({
      projection: { type: "INCLUDE", nonKeyAttributes: ["label", "__proto__"] },
    });
    const keysOnly = localIndex();
    const fixture = await open([include, keysOnly]);
    const attributes = JSON.parse('{"__proto__":{"S":"p"},"label":{"S":"l"},"other":{"S":"o"}}') as Item;
    const item = song("Nina", 1, { genre: { S: "soul" }, year: { N: "1965" }, ...attributes });
    Object.defineProperty(item, "__proto__", { value: { S: "p" }, enumerable: true });
    await fixture.store.write([put(fixture.table, item)]);
    const [included] = await entriesOf(fixture, { index: include });
    assert.deepEqual(Object.keys(included ?? {}).sort(), [
      "__proto__",
      "artist",
      "genre",
      "label",
      "track",
      "year",
    ]);
    assert.deepEqual(await entriesOf(fixture, { index: keysOnly }), [
      { artist: { S: "Nina" }, track: { N: "1" }, year: { N: "1965" } },
    ]);
  });
});

describe("capacity", () => {
  const keysOnly = globalIndex({ id: 3, name: "Keys", projection: { type: "KEYS_ONLY" } });
  const all = globalIndex();
  const item = (attributes: Item) =>
    song("Nina", 1, { genre: { S: "soul" }, year: { N: "1" }, ...attributes });

  test("an index pays for what changes of its own view", async () => {
    const { store, table } = await open([all, keysOnly]);
    assert.deepEqual(await unitsOf(store, put(table, item({}))), { ByGenre: 1, Keys: 1 }, "insert");
    assert.deepEqual(await unitsOf(store, put(table, item({}))), {}, "the same again");
    assert.deepEqual(
      await unitsOf(store, put(table, item({ label: { S: "l" } }))),
      { ByGenre: 1 },
      "projected",
    );
    const moved = item({ label: { S: "l" }, year: { N: "2" } });
    assert.deepEqual(await unitsOf(store, put(table, moved)), { ByGenre: 2, Keys: 2 }, "key move");
    const gone: Write = { table, key: keyOf(moved), change: { kind: "delete" } };
    assert.deepEqual(await unitsOf(store, gone), { ByGenre: 1, Keys: 1 }, "removal");
    assert.deepEqual(await unitsOf(store, gone), {}, "removal of nothing");
  });

  test("each half of a move is rounded by its own size, and a change by the larger", async () => {
    const { store, table } = await open([all]);
    const large = { text: { S: "x".repeat(3000) } };
    assert.deepEqual(await unitsOf(store, put(table, item(large))), { ByGenre: 3 });
    assert.deepEqual(await unitsOf(store, put(table, item({}))), { ByGenre: 3 });
    assert.deepEqual(await unitsOf(store, put(table, item({ year: { N: "2" }, ...large }))), { ByGenre: 4 });
  });

  test("a set in another order is no change", async () => {
    const { store, table } = await open([all]);
    await store.write([put(table, item({ tags: { SS: ["a", "b"] } }))]);
    assert.deepEqual(await unitsOf(store, put(table, item({ tags: { SS: ["b", "a"] } }))), {});
  });
});

describe("item collections of tables with local indexes", () => {
  const item = (track: number, text: string) => song("Nina", track, { year: { N: "1" }, text: { S: text } });

  test("their size counts items and local entries, and only growth beyond the limit is refused", async () => {
    const { store, table } = await open([localIndex()], 300);
    const first = await written(store, put(table, item(1, "x".repeat(100))));
    const entry = itemSize({ artist: { S: "Nina" }, track: { N: "1" }, year: { N: "1" } });
    assert.equal(first.collectionBytes, itemSize(item(1, "x".repeat(100))) + entry);
    const outcomes = await store.write([put(table, item(2, "y".repeat(101))), put(table, item(3, ""))]);
    assert.deepEqual(
      outcomes.map(({ kind }) => kind),
      ["collection-full", "collection-full"],
    );
    const smaller = await written(store, put(table, item(1, "")));
    assert.equal(smaller.collectionBytes, itemSize(item(1, "")) + entry);
    const key = keyOf(item(1, ""));
    const gone = await written(store, { table, key, change: { kind: "delete" } });
    assert.equal(gone.collectionBytes, 0);
  });

  test("tables without local indexes have no such limit", async () => {
    const { store, table } = await open([globalIndex()], 10);
    assert.equal((await written(store, put(table, item(1, "x".repeat(100))))).collectionBytes, undefined);
  });
});

describe("against a recomputation", () => {
  const indexes: readonly IndexDefinition[] = [
    globalIndex({ id: 1, name: "All" }),
    localIndex({ id: 2, name: "Local", projection: { type: "INCLUDE", nonKeyAttributes: ["label"] } }),
    globalIndex({
      id: 3,
      name: "Many",
      keySchema: {
        partitionKeys: [
          { name: "genre", type: "S" },
          { name: "label", type: "B" },
        ],
        sortKeys: [
          { name: "year", type: "N" },
          { name: "note", type: "S" },
        ],
      },
      projection: { type: "KEYS_ONLY" },
    }),
  ];
  const optional = (values: readonly (Item[string] | undefined)[]) => fc.constantFrom(...values);
  const item = fc
    .record({
      artist: fc.constantFrom("Nina", "Otis"),
      track: fc.integer({ min: 1, max: 5 }),
      genre: optional([undefined, { S: "soul" }, { S: "a" }, { N: "5" }]),
      year: optional([undefined, { N: "1" }, { N: "-2" }]),
      label: optional([undefined, { B: "AA==" }, { B: "AAA=" }]),
      note: optional([undefined, { S: "a" }, { S: "a\0" }]),
    })
    .map(({ artist, track, ...others }) => {
      const attributes = Object.entries(others).filter((entry): entry is [string, Item[string]] =>
        Boolean(entry[1]),
      );
      return song(artist, track, Object.fromEntries(attributes));
    });
  const step = fc.record({
    items: fc.uniqueArray(item, {
      minLength: 1,
      maxLength: 4,
      selector: (made) => JSON.stringify(keyOf(made)),
    }),
    removes: fc.boolean(),
  });

  function expectedEntries(index: IndexDefinition, items: readonly Item[]): readonly Item[] {
    const { projection } = index;
    const keys = ["artist", "track", ...indexKeyAttributes(index).map(({ name }) => name)];
    const kept = projection.type === "INCLUDE" ? [...keys, ...projection.nonKeyAttributes] : keys;
    return items
      .filter((made) => indexKeyAttributes(index).every(({ name, type }) => attributeOf(made, name)?.[type]))
      .map((made) =>
        projection.type === "ALL"
          ? made
          : Object.fromEntries(Object.entries(made).filter(([name]) => kept.includes(name))),
      );
  }

  const byText = (items: readonly Item[]) =>
    items.map((made) => JSON.stringify(Object.entries(made).sort())).sort();

  async function pagedEntries(
    { store, table }: Fixture,
    index: IndexDefinition,
    { itemsMax, reverse }: { itemsMax: number; reverse: boolean },
  ): Promise<readonly Item[]> {
    const read: Item[] = [];
    let after: Item | undefined;
    do {
      const request = {
        table,
        index,
        extent: whole,
        itemsMax,
        reverse,
        after,
        consistency: "strong",
      } as const;
      const page = await store.readPage(request);
      read.push(...page.items.map(({ item: entry }) => entry));
      after = page.lastKey;
    } while (after !== undefined);
    return read;
  }

  test("indexes and statistics are those of the table, and pages neither repeat nor skip", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 12 }),
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        async (steps, itemsMax, reverse) => {
          const fixture = await open(indexes);
          const { store, table } = fixture;
          const model = new Map<string, Item>();
          for (const { items, removes } of steps) {
            await store.write(
              items.map((made) =>
                removes ? { table, key: keyOf(made), change: { kind: "delete" } } : put(table, made),
              ),
            );
            for (const made of items) {
              if (removes) model.delete(JSON.stringify(keyOf(made)));
              else model.set(JSON.stringify(keyOf(made)), made);
            }
          }
          const statistics = await store.tables.statistics(table);
          for (const index of indexes) {
            const expected = expectedEntries(index, [...model.values()]);
            const read = await pagedEntries(fixture, index, { itemsMax, reverse });
            assert.deepEqual(byText(read), byText(expected), index.name);
            const bytes = expected.reduce((sum, entry) => sum + itemSize(entry), 0);
            const counted = statistics.indexes.get(index.id) ?? { itemCount: 0, sizeBytes: 0 };
            assert.deepEqual(counted, { itemCount: expected.length, sizeBytes: bytes }, index.name);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test("a collection is in the order of its sort keys, the first of several counting first", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        const fixture = await open(indexes);
        const { store, table } = fixture;
        for (const { items } of steps) await store.write(items.map((made) => put(table, made)));
        const many = indexes[2];
        assert.ok(many);
        const partitionKey = [{ S: "soul" }, { B: "AA==" }];
        const extent: Extent = { kind: "collection", partitionKey };
        const entries = await entriesOf(fixture, { index: many, extent });
        const reversed = await entriesOf(fixture, { index: many, extent, reverse: true });
        assert.deepEqual(reversed.toReversed(), entries);
        for (const [at, entry] of entries.entries()) {
          const next = entries[at + 1];
          if (next !== undefined) assert.ok(compareBy(["year", "note"], entry, next) <= 0);
        }
        const later: Extent = {
          kind: "collection",
          partitionKey,
          sortKeyPrefix: [{ N: "1" }],
          sortKey: { operator: "begins_with", prefix: { S: "a" } },
        };
        const expected = entries.filter(({ year }) => year?.N === "1");
        assert.deepEqual(await entriesOf(fixture, { index: many, extent: later }), expected);
      }),
      { numRuns: 100 },
    );
  });

  function compareBy(names: readonly string[], left: Item, right: Item): number {
    for (const name of names) {
      const [one, other] = [attributeOf(left, name), attributeOf(right, name)];
      assert.ok(one && other);
      const order = compareValues(one, other) ?? 0;
      if (order !== 0) return order;
    }
    return 0;
  }
});

test("a local index fetches whole items, each paid by its own size", async () => {
  const index = localIndex();
  const fixture = await open([index]);
  const { store, table } = fixture;
  const items = [1, 2].map((track) =>
    song("Nina", track, { year: { N: String(track) }, text: { S: "x".repeat(track * 4000) } }),
  );
  await store.write(items.map((item) => put(table, item)));
  const page = await store.readPage({
    table,
    index,
    fetchesItems: true,
    extent: { kind: "collection", partitionKey: [{ S: "Nina" }] },
    filter: { attributes: ["text"], accepts: ({ text }) => (text?.S?.length ?? 0) > 4000 },
    consistency: "strong",
  });
  assert.deepEqual(
    page.items.map(({ item }) => item),
    items.slice(1),
  );
  assert.equal(page.scannedCount, 2);
  assert.equal(page.fetchedUnits, 1 + 2);
});
