import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import fc from "fast-check";
import { engineOver } from "../../../test/fixtures/engine-over.ts";
import { globalIndex, localIndex } from "../../../test/fixtures/indexes.ts";
import { putSong, song, tableDefinition } from "../../../test/fixtures/tables.ts";
import type { Engine, Entry } from "../../engine/engine.ts";
import { openLmdbEngine } from "../../engine/lmdb/open-lmdb-engine.ts";
import { openMemoryEngine } from "../../engine/memory/open-memory-engine.ts";
import { statisticsKey } from "../keyspace.ts";
import { openStore } from "../open-store.ts";
import { migrate } from "./migrate.ts";
import type { Migration, MigrationProgress } from "./migration.ts";
import { everything, migrationKey } from "./migration-keys.ts";
import { checkNoMigration } from "./migration-record.ts";

const music = {
  stream: { viewType: "NEW_AND_OLD_IMAGES" },
  indexes: [globalIndex(), localIndex()],
  nextIndexId: 3,
} as const;

/** A store with tables, indexes, a change log and a table that is still being erased. */
async function fill(engine: Engine, songs = 30, uuid = tableDefinition().uuid): Promise<void> {
  const store = openStore({ engine, clock: { now: () => 1_790_000_000_000 }, onWork: () => undefined });
  const create = async (name: string, more: object = {}) => {
    const table = await store.tables.create(tableDefinition({ name, uuid, ...more }));
    assert.ok(table);
    return table;
  };
  const table = await create("Music", music);
  const other = await create("Other");
  await create("Empty");
  for (let track = 0; track < songs; track++) {
    const item = song(`artist ${track % 7}`, track, {
      genre: { S: "soul" },
      year: { N: String(1960 + track) },
    });
    await store.write([putSong(table, item)]);
    if (track % 3 === 0) await store.write([putSong(other, song("x".repeat(track), track))]);
  }
  await store.transact([putSong(other, song("once", 1))], {
    scope: table.definition.scope,
    token: "token",
    fingerprint: Buffer.alloc(32),
  });
  const gone = await create("Gone");
  await store.write([putSong(gone, song("gone", 1))]);
  await store.tables.remove(gone.definition.scope, "Gone", () => undefined);
}

/** Everything in an embedded engine, tallies among it. */
async function contentsOf(engine: Engine): Promise<readonly Entry[]> {
  const { entries } = await engine.read((view) => view.scan(everything, { entriesMax: 100_000 }));
  return entries.map(({ key, value }) => ({ key: Buffer.from(key), value: Buffer.from(value) }));
}

function migrationOf(source: Engine, target: Engine, more: Partial<Migration> = {}): Migration {
  return { source, target, from: "the source", onProgress: () => undefined, ...more };
}

class Killed extends Error {}

/** An engine whose writes die as `deaths` say, one after another, before or after they happened; then it is sound. */
function mortal(engine: Engine, deaths: readonly ("lives" | "before" | "after")[]): Engine {
  const left = [...deaths];
  return engineOver(engine, {
    async write(body) {
      const death = left.shift();
      if (death === "before") throw new Killed();
      const result = await engine.write(body);
      if (death === "after") throw new Killed();
      return result;
    },
  });
}

test("a copy holds every entry and every tally, and says what it copied", async () => {
  const source = openMemoryEngine();
  const target = openMemoryEngine();
  await fill(source);
  const report = await migrate(migrationOf(source, target));
  assert.deepEqual(report.differences, []);
  assert.equal(report.resumed, false);
  assert.deepEqual(await contentsOf(target), await contentsOf(source));
  assert.deepEqual(report.source, report.target);
  const counted = report.source.holdings.reduce((sum, { entries }) => sum + entries, 0);
  // The empty table has none.
  const tallies = 3;
  assert.equal(counted + tallies, (await contentsOf(source)).length);
  assert.deepEqual(
    [...report.names.values()],
    ["Music", "Other", "Empty"].map((name) => `000000000000/us-east-1/${name}`),
  );
  await checkNoMigration(target);
});

test("however often a migration is killed, the next attempt goes on and nothing is counted twice", async () => {
  const source = openMemoryEngine();
  await fill(source);
  const expected = await contentsOf(source);
  const deaths = fc.array(fc.constantFrom("lives", "lives", "before", "after"), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(deaths, fc.integer({ min: 1, max: 40 }), async (deaths, entriesMax) => {
      const kept = openMemoryEngine();
      const target = mortal(kept, deaths);
      const bounds = { entriesMax, bytesMax: 1_000 };
      for (;;) {
        try {
          const { differences } = await migrate(migrationOf(source, target, { bounds }));
          assert.deepEqual(differences, []);
          break;
        } catch (error) {
          if (!(error instanceof Killed)) throw error;
        }
      }
      assert.deepEqual(await contentsOf(kept), expected);
    }),
    { numRuns: 60 },
  );
});

test("an attempt that takes up another copies only what was not copied yet", async () => {
  const source = openMemoryEngine();
  const kept = openMemoryEngine();
  await fill(source);
  const bounds = { entriesMax: 10, bytesMax: 1_000_000 };
  const dying = mortal(kept, ["lives", "lives", "lives", "lives", "after"]);
  await assert.rejects(migrate(migrationOf(source, dying, { bounds })), Killed);
  const told: MigrationProgress[] = [];
  const onProgress = (progress: MigrationProgress) => told.push(progress);
  const report = await migrate(migrationOf(source, kept, { bounds, onProgress }));
  assert.equal(report.resumed, true);
  assert.equal(told[0]?.entries, 50);
  assert.deepEqual(await contentsOf(kept), await contentsOf(source));
});

test("what an attempt that was killed had under way may land late: it is not done again", async () => {
  const source = openMemoryEngine();
  await fill(source);
  const bounds = { entriesMax: 10, bytesMax: 1_000_000 };
  for (let late = 1; late <= 17; late++) {
    const target = openMemoryEngine();
    let writes = 0;
    const twice = engineOver(target, {
      async write(body) {
        writes += 1;
        // The write of the one that was killed comes just before the same one of the next.
        if (writes === late) await target.write(body);
        return target.write(body);
      },
    });
    await migrate(migrationOf(source, twice, { bounds }));
    assert.equal(writes, 17);
    assert.deepEqual(await contentsOf(target), await contentsOf(source));
  }
});

test("two attempts at once do not both go on", async () => {
  const source = openMemoryEngine();
  const target = openMemoryEngine();
  await fill(source);
  let isFirst = true;
  const onProgress = () => {
    if (!isFirst) return;
    isFirst = false;
    void target.write((transaction) => {
      transaction.put(migrationKey, Buffer.from("{}"));
      return Promise.resolve();
    });
  };
  const bounds = { entriesMax: 10, bytesMax: 1_000_000 };
  await assert.rejects(migrate(migrationOf(source, target, { bounds, onProgress })), {
    name: "MigrationError",
    message: "another process is copying to the target, or did until now: if it was killed, try again",
  });
});

test("what is but half a copy is refused by servers and as a source", async () => {
  const source = openMemoryEngine();
  const target = openMemoryEngine();
  await fill(source);
  await assert.rejects(migrate(migrationOf(source, mortal(target, ["lives", "after"]))), Killed);
  const message =
    'the data is an unfinished copy of the source: run the same "stator migrate" again to finish it';
  await assert.rejects(checkNoMigration(target), { name: "MigrationError", message });
  await assert.rejects(migrate(migrationOf(target, openMemoryEngine())), { name: "MigrationError", message });
});

test("a target with anything in it is refused", async () => {
  const source = openMemoryEngine();
  const target = openMemoryEngine();
  await fill(source);
  await target.write((transaction) => {
    transaction.put(Buffer.of(200), Buffer.of());
    return Promise.resolve();
  });
  await assert.rejects(migrate(migrationOf(source, target)), {
    name: "MigrationError",
    message: "the target holds data already: give a new folder, or a database or schema that is empty",
  });
});

test("a half copy of one source is not gone on with from another", async () => {
  const source = openMemoryEngine();
  const other = openMemoryEngine();
  const target = openMemoryEngine();
  await fill(source);
  await fill(other, 1, "11111111-1111-4111-8111-111111111111");
  await assert.rejects(migrate(migrationOf(source, mortal(target, ["after"]))), Killed);
  await assert.rejects(migrate(migrationOf(other, target, { from: "another" })), {
    name: "MigrationError",
    message:
      "the target holds an unfinished copy of the source, whose tables are not those of another now: " +
      "begin anew with an empty target",
  });
});

test("a source that changed while it was copied is told by table, and the target stays refused", async () => {
  const source = openMemoryEngine();
  const target = openMemoryEngine();
  await fill(source);
  let changed = false;
  const onProgress = ({ phase }: MigrationProgress) => {
    if (phase !== "tallies" || changed) return;
    changed = true;
    void source.write(async (transaction) => {
      const { entries } = await source.read((view) =>
        view.scan({ from: Buffer.of(2), until: Buffer.of(3) }, { entriesMax: 2 }),
      );
      const [first, second] = entries;
      assert.ok(first && second);
      transaction.delete(first.key);
      transaction.put(second.key, Buffer.concat([second.value.subarray(0, -1), Buffer.of(0)]));
      transaction.add(statisticsKey(2), 0, { count: -1, bytes: 0 });
    });
  };
  const { differences } = await migrate(migrationOf(source, target, { onProgress }));
  assert.deepEqual(
    differences.map((difference) =>
      difference.kind === "entries"
        ? { group: difference.group, source: difference.source?.entries, target: difference.target?.entries }
        : {
            tableId: difference.tableId,
            source: difference.source.get(0)?.count,
            target: difference.target.get(0)?.count,
          },
    ),
    [
      { group: { keyspace: 2, tableId: 1 }, source: 29, target: 30 },
      { tableId: 2, source: 10, target: 11 },
    ],
  );
  await assert.rejects(checkNoMigration(target), { name: "MigrationError" });
});

test("one value that differs is found, and so is an entry that only the target has", async () => {
  const source = openMemoryEngine();
  await fill(source);
  for (const planted of [Buffer.of(4, 200, 1), Buffer.of(2, 0, 0, 0, 9, 1)]) {
    const target = openMemoryEngine();
    let writes = 0;
    const planting = engineOver(target, {
      async write(body) {
        writes += 1;
        const result = await target.write(body);
        if (writes === 2) {
          await target.write((transaction) => {
            transaction.put(planted, Buffer.of(1));
            return Promise.resolve();
          });
        }
        return result;
      },
    });
    const { differences } = await migrate(migrationOf(source, planting));
    assert.deepEqual(
      differences.map((difference) => difference.kind === "entries" && difference.group.keyspace),
      [planted[0]],
    );
  }
});

test("keys too long for the target are refused before anything is copied", async () => {
  const source = openMemoryEngine();
  await fill(source);
  const target = openMemoryEngine();
  const small = { ...engineOver(target, {}), limits: { ...target.limits, keyBytesMax: 40 } };
  await assert.rejects(migrate(migrationOf(source, small)), {
    name: "MigrationError",
    message:
      "000000000000/us-east-1/Music: index entries: there is a key of 47 bytes, and the target takes at most 40",
  });
  assert.deepEqual(await contentsOf(target), []);
});

test("values too long for the target are refused with the name of their table", async () => {
  const source = openMemoryEngine();
  await fill(source);
  const target = openMemoryEngine();
  const small = { ...engineOver(target, {}), limits: { ...target.limits, valueBytesMax: 100 } };
  await assert.rejects(migrate(migrationOf(source, small)), {
    name: "MigrationError",
    message: /^definitions: there is a value of \d+ bytes, and the target takes at most 100$/,
  });
});

test("a source with nothing in it is taken for a mistake", async () => {
  const target = openMemoryEngine();
  await assert.rejects(migrate(migrationOf(openMemoryEngine(), target)), {
    name: "MigrationError",
    message: "there is nothing to copy in the source",
  });
  assert.deepEqual(await contentsOf(target), []);
});

test("data goes from disk to memory and back to disk as it was", async (context) => {
  const first = await openFolder(context);
  const last = await openFolder(context);
  const memory = openMemoryEngine();
  await fill(first, 200);
  for (const [source, target] of [
    [first, memory],
    [memory, last],
  ] as const) {
    assert.deepEqual((await migrate(migrationOf(source, target))).differences, []);
  }
  assert.deepEqual(await contentsOf(last), await contentsOf(first));
});

async function openFolder(context: TestContext): Promise<Engine> {
  const folder = mkdtempSync(join(tmpdir(), "stator-migrate-"));
  const engine = await openLmdbEngine({ folder, durability: "relaxed" });
  context.after(async () => {
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return engine;
}
