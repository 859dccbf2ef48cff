import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { Engine } from "../engine/engine.ts";
import { openMemoryEngine } from "../engine/memory/open-memory-engine.ts";
import { clocksApartMsMax } from "./lease.ts";
import { openLeases, soleLeases } from "./leases.ts";

const startMs = 1_790_000_000_000;
const leaseMs = 1_000;

let engine: Engine;
let now: number;

beforeEach(() => {
  engine = openMemoryEngine();
  now = startMs;
});

/** Those of one server, whose clock is so much ahead. */
function open(aheadMs = 0) {
  return openLeases(engine, { now: () => now + aheadMs });
}

function take(owner: string, aheadMs?: number): Promise<number | undefined> {
  return open(aheadMs).take("sweep", { owner, leaseMs });
}

test("a lease is its owner's, who may renew it, until it is over for certain", async () => {
  assert.equal(await take("one"), startMs + leaseMs);
  now += leaseMs - 1;
  assert.equal(await take("one"), now + leaseMs);
  assert.equal(await take("two"), undefined);
  now += leaseMs + clocksApartMsMax - 1;
  assert.equal(await open().isTaken("sweep", "two"), true);
  assert.equal(await take("two"), undefined);
  now += 1;
  assert.equal(await open().isTaken("sweep", "two"), false);
  assert.equal(await take("two"), now + leaseMs);
  assert.equal(await take("one"), undefined);
});

test("a server whose clock is ahead by no more than clocks may differ takes nothing that is counted on", async () => {
  const until = await take("one");
  assert.ok(until);
  now = until;
  assert.equal(await take("two", clocksApartMsMax - 1), undefined);
});

test("a server whose clock was far ahead keeps nobody away", async () => {
  assert.ok(await take("one", 24 * 60 * 60_000));
  assert.ok(await take("two"));
});

test("a lease is free at once when its owner releases it, and only then", async () => {
  await take("one");
  await open().release("sweep", "two");
  assert.equal(await take("two"), undefined);
  await open().release("sweep", "one");
  assert.equal(await open().isTaken("sweep", "two"), false);
  assert.ok(await take("two"));
});

test("leases of other names are apart", async () => {
  await take("one");
  assert.ok(await open().take("build", { owner: "two", leaseMs }));
  assert.equal(await open().isTaken("sweep", "one"), false);
  assert.equal(await open().isTaken("build", "one"), true);
});

test("of two who take a lease at once one gets it", async () => {
  const both = await Promise.all([take("one"), take("two")]);
  assert.equal(both.filter((until) => until !== undefined).length, 1);
});

test("a server that shares its engine with none has every lease for ever", async () => {
  assert.equal(await soleLeases.take("sweep", { owner: "one", leaseMs }), Number.POSITIVE_INFINITY);
  assert.equal(await soleLeases.isTaken("sweep", "two"), false);
});
