import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import {
  bothImages,
  firstShard,
  lineageOf,
  logEntries,
  putSongs,
  streamed,
  currentTable,
  keepUp,
  logOf,
  logReader,
  readAll,
  readShard,
  setReaders,
  shardsOf,
  stated,
  stream,
  trim,
} from "../../../test/fixtures/change-logs.ts";
import { putSong, scope, song, songKey, tableDefinition } from "../../../test/fixtures/tables.ts";
import type { Engine } from "../../engine/engine.ts";
import { openMemoryEngine } from "../../engine/memory/open-memory-engine.ts";
import type { Item } from "../../model/attribute-value.ts";
import { openStore } from "../open-store.ts";
import type { Store } from "../store.ts";
import type { Scope, Table } from "../table.ts";
import type { Write } from "../write.ts";
import { streamRetentionMs, type StreamsOptions } from "./change-log.ts";

const startMs = 1_790_000_000_000;
const hourMs = 60 * 60_000;

let now: number;
let engine: Engine;
let store: Store;

beforeEach(async () => {
  now = startMs;
  engine = openMemoryEngine();
  store = open({});
  await store.tables.create(tableDefinition());
});

function open(options: Partial<Parameters<typeof openStore>[0]>): Store {
  return openStore({ engine, clock: { now: () => now }, onWork: () => undefined, ...options });
}

function remove(table: Table, item: Item): Write {
  return { table, key: songKey(item), change: { kind: "delete" } };
}

describe("what is written", () => {
  test("a table whose changes nobody reads logs nothing", async () => {
    const table = await currentTable(store);
    await store.write([putSong(table, song("Nina", 1))]);
    await store.write([remove(table, song("Nina", 1))]);
    assert.equal(await logEntries(engine), 0);
  });

  test("a changed item leaves a record of what it was and is", async () => {
    const { table, stream } = await streamed(store);
    const [plain, loud] = [song("Nina", 1), song("Nina", 1, { loud: { BOOL: true } })];
    await store.write([putSong(table, plain)]);
    await store.write([putSong(table, loud)]);
    const change = () => ({ item: plain, sizeBytes: 1 });
    await store.write([{ table, key: songKey(plain), change: { kind: "update", apply: change } }]);
    now += 1_000;
    await store.write([{ ...remove(table, plain), origin: "expiry" }]);
    const records = await readAll(store, stream);
    assert.deepEqual(records.map(stated), [
      [1, "insert", "user", undefined, plain],
      [2, "modify", "user", plain, loud],
      [3, "modify", "user", loud, plain],
      [4, "remove", "expiry", plain, undefined],
    ]);
    assert.deepEqual(
      records.map(({ writtenAt, key }) => [writtenAt - startMs, key.item["track"]?.N]),
      [
        [0, "1"],
        [0, "1"],
        [0, "1"],
        [1_000, "1"],
      ],
    );
  });

  test("a write that leaves the item equal leaves no record", async () => {
    const { table, stream } = await streamed(store);
    const before = song("Nina", 1, {
      tags: { SS: ["a", "b"] },
      info: { M: { x: { N: "1" }, y: { N: "2" } } },
    });
    const other = song("Nina", 1, {
      info: { M: { y: { N: "2" }, x: { N: "1" } } },
      tags: { SS: ["b", "a"] },
    });
    await store.write([putSong(table, before)]);
    await store.write([putSong(table, before)]);
    await store.write([putSong(table, other)]);
    await store.write([remove(table, song("Nina", 2))]);
    await store.write([{ table, key: songKey(before), change: { kind: "check" } }]);
    await store.write([{ ...remove(table, before), allows: () => false }]);
    const nothing = () => undefined;
    await store.write([{ table, key: songKey(before), change: { kind: "update", apply: nothing } }]);
    assert.equal((await readAll(store, stream)).length, 1);
    const sameLength = song("Nina", 1, { ...other, info: { M: { y: { N: "1" }, x: { N: "2" } } } });
    await store.write([putSong(table, sameLength)]);
    assert.equal((await readAll(store, stream)).length, 2);
  });

  test("a transaction leaves the records of all its writes, a refused one none", async () => {
    const { table, stream } = await streamed(store);
    await store.transact([1, 2, 3].map((track) => putSong(table, song("Nina", track))));
    const refused: Write = { ...putSong(table, song("Nina", 5)), allows: () => false };
    await store.transact([putSong(table, song("Nina", 4)), refused]);
    const records = await readAll(store, stream);
    assert.deepEqual(
      records.map(({ sequence, after }) => [sequence, after?.item["track"]?.N]),
      [
        [1, "1"],
        [2, "2"],
        [3, "3"],
      ],
    );
  });

  test("records hold the images that their readers see, and the key where there is none", async () => {
    const expected = {
      KEYS_ONLY: [undefined, undefined],
      NEW_IMAGE: [undefined, "new"],
      OLD_IMAGE: ["old", undefined],
      NEW_AND_OLD_IMAGES: ["old", "new"],
    } as const;
    for (const viewType of Object.keys(expected) as (keyof typeof expected)[]) {
      const { table, stream } = await streamed(store, { label: viewType, viewType });
      const [old, young] = ["old", "new"].map((age) => song("Nina", 1, { age: { S: age } }));
      assert.ok(old && young);
      await store.write([putSong(table, old)]);
      await store.write([putSong(table, young)]);
      await store.write([remove(table, old)]);
      const records = await readAll(store, stream);
      const ages = records.map(({ before, after }) => [before?.item["age"]?.S, after?.item["age"]?.S]);
      const [seenOld, seenNew] = expected[viewType];
      assert.deepEqual(ages, [
        [undefined, seenNew && "old"],
        [seenOld, seenNew],
        [seenOld && "new", undefined],
      ]);
      for (const { key } of records)
        assert.deepEqual([key.item["artist"], key.item["track"]], [{ S: "Nina" }, { N: "1" }]);
      if (viewType === "KEYS_ONLY") assert.deepEqual(records[0]?.key.item, songKey(old));
    }
  });

  test("readers that see more make the log hold more", async () => {
    await streamed(store, { label: "keys", viewType: "KEYS_ONLY" });
    const table = await setReaders(store, {
      logReaders: [logReader({ images: { before: false, after: true } })],
    });
    assert.deepEqual(table.definition.changeLog?.images, { before: false, after: true });
    const wider = await setReaders(store, { logReaders: [logReader()] });
    assert.deepEqual(wider.definition.changeLog?.images, bothImages);
  });

  test("the largest items fit, both images at once, in bytes that JSON makes many of", async () => {
    const { table, stream } = await streamed(store);
    const large = (text: string) => song("Nina", 1, { text: { S: text.repeat(400_000) } });
    await store.write([putSong(table, large("\u0001"))]);
    await store.write([putSong(table, large("\u0002"))]);
    const request = { after: 0, recordsMax: 10, bytesMax: 1_000_000 };
    const shard = await firstShard(store, stream);
    const first = await store.changeLog.read(shard, request);
    assert.ok(first.kind === "records");
    assert.deepEqual(
      first.records.map(({ sequence }) => sequence),
      [1],
    );
    const second = await store.changeLog.read(shard, { ...request, after: first.after });
    assert.ok(second.kind === "records");
    assert.deepEqual(second.records.map(stated), [[2, "modify", "user", large("\u0001"), large("\u0002")]]);
    now += streamRetentionMs;
    const before = await logEntries(engine);
    await trim(store);
    // Two records, one of them in two entries.
    assert.equal(before - (await logEntries(engine)), 3);
  });
});

describe("streams", () => {
  test("a stream is found while it is enabled, and for a day after, also without its table", async () => {
    const { table, stream } = await streamed(store);
    const { scope: itsScope, name: tableName, keySchema } = table.definition;
    const enabled = {
      scope: itsScope,
      tableName,
      keySchema,
      label: "one",
      viewType: "NEW_AND_OLD_IMAGES",
      enabledAt: startMs,
      tableId: table.id,
      fromShardId: 1,
    };
    assert.deepEqual(stream, enabled);
    now += 1_000;
    await store.tables.remove(scope, "Music", () => undefined);
    const disabled = { ...enabled, disabledAt: startMs + 1_000, untilShardId: 2 };
    assert.deepEqual(await store.changeLog.streams.find(scope, "Music", "one"), disabled);
    assert.equal((await firstShard(store, stream)).end?.sequence, 1);
    now += streamRetentionMs;
    await keepUp(store);
    assert.equal(await store.changeLog.streams.find(scope, "Music", "one"), undefined);
    assert.equal(await logEntries(engine), 0);
  });

  test("every stream has shards of its own, and sequences go on", async () => {
    await streamed(store);
    await putSongs(store, 2);
    await setReaders(store, { stream: undefined });
    await putSongs(store, 3, { unseen: { BOOL: true } });
    const { table, stream: second } = await streamed(store, stream("two"));
    await store.write([putSong(table, song("Nina", 9))]);
    const first = await store.changeLog.streams.find(scope, "Music", "one");
    assert.ok(first);
    assert.deepEqual(
      (await readAll(store, first)).map(({ sequence }) => sequence),
      [1, 2],
    );
    assert.deepEqual(
      (await readAll(store, second)).map(({ sequence }) => sequence),
      [4],
    );
    assert.equal((await currentTable(store)).definition.latestStreamLabel, "two");
    const third = await streamed(store, stream("three"));
    assert.deepEqual(await shardsOf(store, third.stream), [
      {
        tableId: table.id,
        shardId: 3,
        parentId: undefined,
        hashes: { from: 0, until: 65_536 },
        openedAt: now,
        startSequence: 6,
        trimmedThrough: 5,
      },
    ]);
    const records = await readShard(store, await firstShard(store, second), 3);
    assert.deepEqual([records.records.length, records.ended], [1, true]);
  });

  test("streams are listed by table and label, page by page", async () => {
    const list = (within: Scope, options: StreamsOptions) => store.changeLog.streams.list(within, options);
    const names: string[] = [];
    for (const tableName of ["Music.2", "Music", "Musica"]) {
      if (tableName !== "Music") await store.tables.create(tableDefinition({ name: tableName }));
      for (const label of ["a", "b"]) {
        await store.tables.update(scope, tableName, ({ definition }) => ({
          ...definition,
          stream: stream(label),
        }));
      }
    }
    let after: { tableName: string; label: string } | undefined;
    for (;;) {
      const { streams, more } = await list(scope, { after, streamsMax: 2 });
      names.push(...streams.map(({ tableName, label }) => `${tableName}/${label}`));
      after = streams.at(-1);
      if (!more) break;
    }
    assert.deepEqual(names, ["Music/a", "Music/b", "Music.2/a", "Music.2/b", "Musica/a", "Musica/b"]);
    const ofOne = await list(scope, {
      tableName: "Music",
      after: { tableName: "Music", label: "a" },
      streamsMax: 9,
    });
    assert.deepEqual(
      ofOne.streams.map(({ label }) => label),
      ["b"],
    );
    assert.equal(ofOne.more, false);
    assert.deepEqual(await list({ ...scope, region: "eu-west-1" }, { streamsMax: 9 }), {
      streams: [],
      more: false,
    });
    const behind = { tableName: "Musicb", label: "" };
    assert.deepEqual(await list(scope, { tableName: "Music", after: behind, streamsMax: 9 }), {
      streams: [],
      more: false,
    });
  });

  test("the stream of a removed table is apart from that of the next table with its name", async () => {
    const { stream: old } = await streamed(store);
    await putSongs(store, 1);
    await store.tables.remove(scope, "Music", () => undefined);
    await store.tables.create(tableDefinition({ stream: stream() }));
    const { streams } = await store.changeLog.streams.list(scope, { streamsMax: 9 });
    assert.deepEqual(
      streams.map(({ tableId }) => tableId),
      [1, 2],
    );
    assert.equal((await store.changeLog.streams.find(scope, "Music", "one"))?.tableId, 2);
    assert.equal((await readAll(store, old)).length, 1);
  });
});

describe("shards", () => {
  test("a shard is closed when it is old, and large ones are cut in two", async () => {
    store = open({ logShardBounds: { openMsMax: 4 * hourMs, bytesMax: 2_000, openShardsMax: 3 } });
    const { stream } = await streamed(store);
    now += 4 * hourMs;
    await keepUp(store);
    // Nothing was written, nothing rolls over.
    assert.equal((await shardsOf(store, stream)).length, 1);
    await putSongs(store, 1);
    await keepUp(store);
    assert.deepEqual(lineageOf(await shardsOf(store, stream)), [
      [1, undefined, 0, 65_536],
      [2, 1, 0, 65_536],
    ]);
    await putSongs(store, 1, { text: { S: "x".repeat(2_000) } });
    await keepUp(store);
    assert.deepEqual(lineageOf(await shardsOf(store, stream)).slice(2), [
      [3, 2, 0, 32_768],
      [4, 2, 32_768, 65_536],
    ]);
    const children = await store.changeLog.shards(stream, { parentId: 2, shardsMax: 9 });
    assert.deepEqual(
      children.shards.map(({ shardId }) => shardId),
      [3, 4],
    );
    const firstChild = await store.changeLog.shards(stream, { parentId: 2, shardsMax: 1 });
    assert.deepEqual([firstChild.shards.length, firstChild.more], [1, true]);
    const page = await store.changeLog.shards(stream, { afterShardId: 1, shardsMax: 2 });
    assert.deepEqual([page.shards.map(({ shardId }) => shardId), page.more], [[2, 3], true]);
  });

  test("a log is not cut beyond its number of shards", async () => {
    store = open({ logShardsAtFirst: 2, logShardBounds: { bytesMax: 1, openShardsMax: 2 } });
    const { stream } = await streamed(store);
    assert.deepEqual(lineageOf(await shardsOf(store, stream)), [
      [1, undefined, 0, 32_768],
      [2, undefined, 32_768, 65_536],
    ]);
    await putSongs(store, 1);
    await keepUp(store);
    const [, , third, ...others] = lineageOf(await shardsOf(store, stream));
    assert.deepEqual(others, []);
    assert.ok(third?.[1] === 1 || third?.[1] === 2);
  });

  test("the changes of one item are in one shard, and those of all are spread", async () => {
    store = open({ logShardsAtFirst: 4 });
    const { table, stream } = await streamed(store);
    const artists = Array.from({ length: 60 }, (_, index) => `artist ${index}`);
    for (const track of [1, 2]) {
      await store.write(artists.map((artist) => putSong(table, song(artist, track))));
    }
    const shards = await shardsOf(store, stream);
    const readings = await Promise.all(shards.map((shard) => readShard(store, shard, 0)));
    const artistsIn = readings.map(({ records }) => records.map(({ key }) => key.item["artist"]?.S).sort());
    for (const found of artistsIn) assert.ok(found.length > 0);
    // Each twice: nobody is in two shards.
    assert.equal(new Set(artistsIn.map((found) => [...new Set(found)]).flat()).size, artists.length);
    assert.equal(artistsIn.map((found) => [...new Set(found)]).flat().length, artists.length);
    assert.equal(artistsIn.flat().length, 2 * artists.length);
  });

  test("another reader's beginning closes the shards, and its share begins with their children", async () => {
    const { table, stream } = await streamed(store);
    await store.write([putSong(table, song("Nina", 1))]);
    await setReaders(store, { logReaders: [logReader()] });
    await putSongs(store, 2, { loud: { BOOL: true } });
    const [reader] = (await logOf(store)).readers;
    assert.ok(reader);
    assert.deepEqual(reader, { ...logReader(), fromShardId: 2 });
    const share = await readAll(store, { tableId: table.id, fromShardId: reader.fromShardId });
    assert.equal(share.length, 2);
    assert.equal((await readAll(store, stream)).length, 3);
    await setReaders(store, { logReaders: [] });
    assert.deepEqual((await logOf(store)).readers, []);
    assert.equal((await shardsOf(store, stream)).length, 2);
    await setReaders(store, { stream: undefined });
    assert.deepEqual((await currentTable(store)).definition.changeLog?.shards, []);
  });
});
