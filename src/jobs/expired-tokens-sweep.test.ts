import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { testDuty } from "../../test/fixtures/duties.ts";
import type { Alarm } from "../base/alarm.ts";
import { startExpiredTokensSweep } from "./expired-tokens-sweep.ts";

/** An alarm that the test rings. */
function openAlarm() {
  let pending: (() => void) | undefined;
  const alarm: Alarm = (ms, ring) => {
    assert.equal(ms, 60_000);
    assert.equal(pending, undefined, "one alarm at a time");
    pending = ring;
    return () => {
      pending = undefined;
    };
  };
  const ring = async () => {
    const due = pending;
    pending = undefined;
    due?.();
    for (let turn = 0; turn < 10; turn += 1) await setImmediate();
  };
  return { alarm, ring, isSet: () => pending !== undefined };
}

test("every minute tokens are erased until none is left", async () => {
  const { alarm, ring, isSet } = openAlarm();
  let left = 3;
  const tokens = {
    eraseSome() {
      left -= 1;
      return Promise.resolve(left > 0);
    },
  };
  const sweep = startExpiredTokensSweep({ tokens, duty: testDuty(), alarm, onFailure: assert.ifError });
  await setImmediate();
  assert.equal(left, 3);
  await ring();
  assert.equal(left, 0);
  await ring();
  assert.equal(left, -1);
  await sweep.stop();
  assert.equal(isSet(), false);
});

test("a round that failed is told of, and the next one comes", async () => {
  const { alarm, ring } = openAlarm();
  const failures: unknown[] = [];
  const failure = new Error("disk full");
  const tokens = { eraseSome: () => Promise.reject(failure) };
  const sweep = startExpiredTokensSweep({
    ...{ tokens, duty: testDuty(), alarm },
    onFailure: (error) => failures.push(error),
  });
  await ring();
  await ring();
  assert.deepEqual(failures, [failure, failure]);
  await sweep.stop();
});
