import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { testDuty } from "../../test/fixtures/duties.ts";
import { nextTurn } from "../base/next-turn.ts";
import { openMovableTime, type MovableTime } from "../base/movable-time.ts";
import { EngineError, type Engine } from "../engine/engine.ts";
import { openMemoryEngine } from "../engine/memory/open-memory-engine.ts";
import { clocksApartMsMax } from "../store/lease.ts";
import { openLeases, type Leases } from "../store/leases.ts";
import { dutyLeaseMs, type Duty } from "./duty.ts";

let engine: Engine;
let time: MovableTime;

beforeEach(() => {
  engine = openMemoryEngine();
  time = openMovableTime({ now: () => 1_790_000_000_000 }, () => () => undefined);
});

function dutyOf(owner: string, leases: Leases = openLeases(engine, time.clock)): Duty {
  return testDuty({ ...time, leases, owner });
}

/** Moves the time in small steps, so that what rings has its turn. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) {
    time.advance(Math.min(500, ms - passed));
    for (let turn = 0; turn < 5; turn += 1) await nextTurn();
  }
}

test("one server has a duty, however long a step takes, until it lets go", async () => {
  const [one, other] = [dutyOf("one"), dutyOf("other")];
  assert.equal(await one.hold(), true);
  assert.equal(await other.hold(), false);
  assert.equal(await other.isElsewhere(), true);
  await pass(10 * dutyLeaseMs);
  assert.equal(one.isHeld, true);
  assert.equal(await other.hold(), false);
  await one.release();
  assert.equal(one.isHeld, false);
  assert.equal(await other.hold(), true);
  assert.equal(await one.hold(), false);
  await other.release();
});

test("a server that died is succeeded when its lease is over for certain", async () => {
  // Its alarms never ring.
  const dead = testDuty({ ...time, alarm: () => () => undefined, leases: openLeases(engine, time.clock) });
  const other = dutyOf("other");
  assert.equal(await dead.hold(), true);
  await pass(dutyLeaseMs + clocksApartMsMax - 1);
  assert.equal(dead.isHeld, false);
  assert.equal(await other.hold(), false);
  await pass(1);
  assert.equal(await other.hold(), true);
  await other.release();
});

test("a server that was paused knows that another may have been at it", async () => {
  const paused = testDuty({ ...time, alarm: () => () => undefined, leases: openLeases(engine, time.clock) });
  await paused.hold();
  const { term } = paused;
  await paused.hold();
  assert.equal(paused.term, term);
  await pass(dutyLeaseMs + clocksApartMsMax);
  const other = dutyOf("other");
  await other.hold();
  assert.equal(await paused.hold(), false);
  await other.release();
  assert.equal(await paused.hold(), true);
  assert.notEqual(paused.term, term);
});

test("a renewal that fails is tried again, and what keeps failing is a lease that runs out", async () => {
  let failures = 0;
  const leases = openLeases(engine, time.clock);
  const failing: Leases = {
    ...leases,
    take(name, lease) {
      failures -= 1;
      return failures >= 0 ? Promise.reject(new EngineError("connection lost")) : leases.take(name, lease);
    },
  };
  const duty = dutyOf("one", failing);
  await duty.hold();
  failures = 2;
  await pass(dutyLeaseMs);
  assert.equal(duty.isHeld, true);
  failures = 10;
  await pass(dutyLeaseMs);
  assert.equal(duty.isHeld, false);
  await assert.rejects(duty.hold(), /connection lost/);
  failures = 0;
  assert.equal(await duty.hold(), true);
  await duty.release();
});

test("a lease that cannot be released is left to run out", async () => {
  const leases = openLeases(engine, time.clock);
  const failing = { ...leases, release: () => Promise.reject(new EngineError("connection lost")) };
  const duty = dutyOf("one", failing);
  await duty.hold();
  await duty.release();
  const other = dutyOf("other");
  assert.equal(await other.hold(), false);
  await pass(dutyLeaseMs + clocksApartMsMax);
  assert.equal(await other.hold(), true);
  await other.release();
});
