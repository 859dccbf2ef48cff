import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import {
  firstShard,
  lineageOf,
  logEntries,
  putSongs,
  streamed,
  keepUp,
  logOf,
  logReader,
  readAll,
  readShard,
  setReaders,
  shardsOf,
  stream,
  trim,
} from "../../../test/fixtures/change-logs.ts";
import { putSong, song, tableDefinition } from "../../../test/fixtures/tables.ts";
import type { Engine } from "../../engine/engine.ts";
import { openMemoryEngine } from "../../engine/memory/open-memory-engine.ts";
import { openStore } from "../open-store.ts";
import type { Store } from "../store.ts";
import { streamRetentionMs, type LogPosition, type ShardRef } from "./change-log.ts";

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

describe("reading", () => {
  test("positions", async () => {
    const { stream } = await streamed(store);
    await putSongs(store, 3);
    const shard = await firstShard(store, stream);
    const locate = (at: ShardRef, position: LogPosition) => store.changeLog.locate(at, position);
    assert.deepEqual(await locate(shard, { kind: "trim-horizon" }), { kind: "found", after: 0 });
    assert.deepEqual(await locate(shard, { kind: "latest" }), { kind: "found", after: 3 });
    assert.deepEqual(await locate(shard, { kind: "at", sequence: 2 }), { kind: "found", after: 1 });
    assert.deepEqual(await locate(shard, { kind: "after", sequence: 2 }), { kind: "found", after: 2 });
    assert.deepEqual(await locate(shard, { kind: "at", sequence: 0 }), { kind: "found", after: 0 });
    assert.equal(await locate({ ...shard, shardId: 9 }, { kind: "latest" }), undefined);
    now += streamRetentionMs;
    await trim(store);
    assert.deepEqual(await locate(shard, { kind: "trim-horizon" }), { kind: "found", after: 3 });
    assert.deepEqual(await locate(shard, { kind: "at", sequence: 3 }), { kind: "trimmed" });
    assert.deepEqual(await locate(shard, { kind: "after", sequence: 3 }), { kind: "found", after: 3 });
    const read = (after: number, shardId = 1) =>
      store.changeLog.read({ ...shard, shardId }, { after, recordsMax: 10, bytesMax: 1_000 });
    assert.deepEqual(await read(2), { kind: "trimmed" });
    assert.deepEqual(await read(3), { kind: "records", records: [], after: 3, ended: false });
    assert.deepEqual(await read(3, 9), { kind: "gone" });
  });

  test("a page ends with its number of records or bytes, and says where to read on", async () => {
    const { stream } = await streamed(store);
    await putSongs(store, 5, { text: { S: "x".repeat(1_000) } });
    const shard = await firstShard(store, stream);
    const read = async (after: number, recordsMax: number, bytesMax: number) => {
      const reading = await store.changeLog.read(shard, { after, recordsMax, bytesMax });
      assert.ok(reading.kind === "records");
      return [reading.records.map(({ sequence }) => sequence), reading.after, reading.ended];
    };
    assert.deepEqual(await read(0, 2, 1_000_000), [[1, 2], 2, false]);
    assert.deepEqual(await read(2, 100, 2_500), [[3, 4], 4, false]);
    assert.deepEqual(await read(2, 100, 1), [[3], 3, false]);
    assert.deepEqual(await read(4, 100, 1_000_000), [[5], 5, false]);
    assert.deepEqual(await read(5, 100, 1_000_000), [[], 5, false]);
    await setReaders(store, { stream: undefined });
    assert.deepEqual(await read(3, 1, 1_000_000), [[4], 4, false]);
    assert.deepEqual(await read(4, 1, 1_000_000), [[5], 5, true]);
    assert.deepEqual(await read(5, 1, 1_000_000), [[], 5, true]);
    assert.deepEqual(await read(6, 1, 1_000_000), [[], 6, true]);
  });

  test("followers hear of logged writes and transactions of this server", async () => {
    const heard: number[] = [];
    const stop = store.changeLog.follow((tableId) => heard.push(tableId));
    await putSongs(store, 1);
    const { table } = await streamed(store);
    await store.write([putSong(table, song("Nina", 2))]);
    await store.transact([putSong(table, song("Nina", 3))]);
    stop();
    await store.write([putSong(table, song("Nina", 4))]);
    assert.deepEqual(heard, [table.id, table.id]);
  });
});

describe("erasing", () => {
  test("records of streams live for a day", async () => {
    const { stream } = await streamed(store);
    await putSongs(store, 2);
    now += hourMs;
    await putSongs(store, 2, { loud: { BOOL: true } });
    now = startMs + streamRetentionMs - 1;
    await trim(store);
    assert.equal((await readAll(store, stream)).length, 4);
    now += 1;
    await trim(store);
    assert.deepEqual(
      (await readAll(store, stream)).map(({ sequence }) => sequence),
      [3, 4],
    );
  });

  test("what another reader has not passed is kept until its patience is over", async () => {
    const table = await setReaders(store, { logReaders: [logReader()] });
    await putSongs(store, 3);
    const shard = { tableId: table.id, shardId: 1 };
    now += 2 * streamRetentionMs;
    await trim(store);
    assert.equal((await readShard(store, shard, 0)).records.length, 3);
    const name = { readerId: "archive", shard };
    const cursor = await store.cursors.claim(name, { startAfter: 0, owner: "me", leaseMs: 1_000 });
    assert.ok(cursor);
    await store.cursors.advance(cursor, { after: 2, leaseMs: 1_000 });
    await trim(store);
    assert.deepEqual(
      (await readShard(store, shard, 2)).records.map(({ sequence }) => sequence),
      [3],
    );
    assert.equal((await store.changeLog.shard(shard))?.trimmedThrough, 2);
    now = startMs + logReader().retentionMs;
    await trim(store);
    assert.equal((await store.changeLog.shard(shard))?.trimmedThrough, 3);
  });

  test("what was written for a reader that came since the log was listed is kept", async () => {
    await setReaders(store, { logReaders: [logReader({ id: "first" })] });
    await setReaders(store, { logReaders: [] });
    const listed = await logOf(store);
    assert.deepEqual(listed.readers, []);
    const table = await setReaders(store, { logReaders: [logReader({ id: "second" })] });
    await putSongs(store, 3);
    while (await store.changeLog.upkeep.trimSome(listed));
    const [reader] = (await logOf(store)).readers;
    assert.equal(reader?.id, "second");
    const records = await readAll(store, { tableId: table.id, fromShardId: reader.fromShardId });
    assert.equal(records.length, 3);
  });

  test("a closed shard goes with its cursors once every reader is done with it", async () => {
    const table = await setReaders(store, { logReaders: [logReader()] });
    await putSongs(store, 1);
    now += 4 * hourMs;
    await keepUp(store);
    const shard = { tableId: table.id, shardId: 1 };
    const claim = { startAfter: 0, owner: "me", leaseMs: 1_000 };
    const cursor = await store.cursors.claim({ readerId: "archive", shard }, claim);
    assert.ok(cursor);
    const read = await store.cursors.advance(cursor, { after: 1, leaseMs: 1_000 });
    await keepUp(store);
    assert.ok(read && (await store.changeLog.shard(shard)));
    await store.cursors.advance(read, { after: 1, finished: true, leaseMs: 1_000 });
    await keepUp(store);
    assert.equal(await store.changeLog.shard(shard), undefined);
    assert.deepEqual(await store.cursors.list("archive"), []);
    const span = { tableId: table.id, fromShardId: 1 };
    assert.deepEqual(lineageOf(await shardsOf(store, span)), [[2, 1, 0, 65_536]]);
  });

  test("a log that nobody reads goes altogether, and comes back with higher sequences", async () => {
    await streamed(store);
    await putSongs(store, 1_200);
    await setReaders(store, { stream: undefined });
    const log = await logOf(store);
    now += streamRetentionMs;
    // The stream, three bounded steps for its records, the shard, the log.
    for (const more of [true, true, true, true, true, true, false]) {
      assert.equal(await store.changeLog.upkeep.trimSome(log), more);
    }
    assert.equal(await logEntries(engine), 0);
    const { stream: next } = await streamed(store, stream("two"));
    assert.equal((await firstShard(store, next)).startSequence, 1_202);
  });
});
