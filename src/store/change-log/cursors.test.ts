import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { Engine } from "../../engine/engine.ts";
import { openMemoryEngine } from "../../engine/memory/open-memory-engine.ts";
import { clocksApartMsMax } from "../lease.ts";
import type { Cursor, CursorName, Cursors } from "./cursors.ts";
import { openCursors } from "./open-cursors.ts";

const startMs = 1_790_000_000_000;
const leaseMs = 1_000;

let now: number;
let engine: Engine;
let cursors: Cursors;

beforeEach(() => {
  now = startMs;
  engine = openMemoryEngine();
  cursors = open();
});

/** Those of one server. */
function open(): Cursors {
  return openCursors(engine, { now: () => now });
}

function name(shardId = 1, readerId = "archive"): CursorName {
  return { readerId, shard: { tableId: 7, shardId } };
}

function claim(owner = "one", shardId = 1): Promise<Cursor | undefined> {
  return open().claim(name(shardId), { owner, leaseMs, startAfter: 5 });
}

async function claimed(owner?: string): Promise<Cursor> {
  const cursor = await claim(owner);
  assert.ok(cursor);
  return cursor;
}

test("a cursor begins where its first claim says, and is kept", async () => {
  const cursor = await claimed();
  assert.deepEqual(cursor, {
    ...name(),
    after: 5,
    finished: false,
    state: undefined,
    owner: "one",
    leasedUntil: startMs + leaseMs,
    version: 1,
  });
  const progress = { after: 9, state: "so far", leaseMs };
  const moved = await cursors.advance(cursor, progress);
  assert.deepEqual(moved, { ...cursor, after: 9, state: "so far", version: 2 });
  assert.deepEqual(await open().list("archive"), [moved]);
  assert.deepEqual(await claim(), { ...moved, version: 3 });
});

test("nobody else gets a cursor before its lease is over for certain or it is released", async () => {
  await claimed("one");
  now += leaseMs - 1;
  assert.equal(await claim("two"), undefined);
  const renewed = await claimed("one");
  now += leaseMs + clocksApartMsMax - 1;
  assert.equal(await claim("two"), undefined);
  now += 1;
  const taken = await claimed("two");
  assert.equal(await claim("one"), undefined);
  await cursors.release(renewed);
  assert.equal(await claim("one"), undefined);
  await cursors.release(taken);
  assert.equal((await claimed("one")).owner, "one");
});

test("a cursor that others have moved or taken is left alone", async () => {
  const first = await claimed("one");
  const moved = await cursors.advance(first, { after: 6, leaseMs });
  assert.equal(await cursors.advance(first, { after: 7, leaseMs }), undefined);
  now += leaseMs + clocksApartMsMax;
  const taken = await claimed("two");
  assert.ok(moved);
  assert.equal(await cursors.advance(moved, { after: 8, leaseMs }), undefined);
  assert.deepEqual(await cursors.list("archive"), [taken]);
  await cursors.remove(name());
  assert.equal(await cursors.advance(taken, { after: 9, leaseMs }), undefined);
  await cursors.release(taken);
  assert.deepEqual(await cursors.list("archive"), []);
});

test("a cursor that is leased for no time is anybody's, and who had it cannot move it any more", async () => {
  const first = await cursors.claim(name(), { owner: "one", leaseMs: 0, startAfter: 5 });
  const second = await cursors.claim(name(), { owner: "two", leaseMs: 0, startAfter: 5 });
  assert.ok(first && second);
  assert.equal(await cursors.advance(first, { after: 6, leaseMs: 0 }), undefined);
  assert.equal((await cursors.advance(second, { after: 7, leaseMs: 0 }))?.after, 7);
  assert.equal((await claimed("one")).after, 7);
});

test("of two who claim at once one gets it", async () => {
  const both = await Promise.all([claim("one"), claim("two")]);
  assert.equal(both.filter((cursor) => cursor !== undefined).length, 1);
});

test("readers are apart, and the cursors of one are removed in bounded steps", async () => {
  for (let shardId = 1; shardId <= 501; shardId += 1) await claim("one", shardId);
  await cursors.claim(name(1, "archive2"), { owner: "one", leaseMs, startAfter: 0 });
  assert.deepEqual(
    (await cursors.list("archive")).map(({ shard }) => shard.shardId),
    Array.from({ length: 501 }, (_, index) => index + 1),
  );
  assert.equal(await cursors.removeSome("archive"), true);
  assert.equal(await cursors.removeSome("archive"), false);
  assert.deepEqual(await cursors.list("archive"), []);
  assert.equal((await cursors.list("archive2")).length, 1);
});
