import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { openMovableTime } from "./movable-time.ts";

test("the clock runs on, ahead by all it was moved", () => {
  let real = 1_000;
  const { clock, advance } = openMovableTime({ now: () => real });
  assert.equal(clock.now(), 1_000);
  advance(500);
  advance(0);
  advance(1);
  assert.equal(clock.now(), 1_501);
  real += 10;
  assert.equal(clock.now(), 1_511);
});

test("it never goes back", () => {
  const { clock, advance } = openMovableTime({ now: () => 1_000 });
  for (const ms of [-1, Number.NaN]) {
    assert.throws(() => {
      advance(ms);
    }, RangeError);
  }
  assert.equal(clock.now(), 1_000);
});

test("a jump rings what is due by then, once and in the order of its time", () => {
  const { alarm, advance } = openMovableTime({ now: () => 0 });
  const rung: string[] = [];
  alarm(30_000, () => rung.push("third"));
  alarm(10_000, () => rung.push("first"));
  const callOff = alarm(15_000, () => rung.push("called off"));
  alarm(20_000, () => rung.push("second"));
  callOff();
  advance(9_999);
  assert.deepEqual(rung, []);
  advance(1);
  assert.deepEqual(rung, ["first"]);
  advance(20_000);
  advance(20_000);
  assert.deepEqual(rung, ["first", "second", "third"]);
});

test("an alarm set or called off by one that rings is not missed and does not ring", () => {
  const { alarm, advance } = openMovableTime({ now: () => 0 });
  const rung: string[] = [];
  alarm(1_000, () => {
    rung.push("first");
    callOff();
    alarm(1_000, () => rung.push("next"));
  });
  const callOff = alarm(2_000, () => rung.push("called off"));
  advance(5_000);
  assert.deepEqual(rung, ["first"]);
  advance(1_000);
  assert.deepEqual(rung, ["first", "next"]);
});

test("without a jump alarms ring in their time, and after one in what is left of it", async () => {
  const { alarm, advance } = openMovableTime();
  const rung: string[] = [];
  alarm(1, () => rung.push("short"));
  alarm(60_010, () => rung.push("long"));
  await setTimeout(30);
  assert.deepEqual(rung, ["short"]);
  advance(60_000);
  await setTimeout(30);
  assert.deepEqual(rung, ["short", "long"]);
});
