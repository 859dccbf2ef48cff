import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { systemAlarm } from "./alarm.ts";

test("an alarm rings once, unless it is called off", async () => {
  const rung: string[] = [];
  systemAlarm(1, () => rung.push("kept"));
  const callOff = systemAlarm(1, () => rung.push("called off"));
  callOff();
  await setTimeout(30);
  assert.deepEqual(rung, ["kept"]);
});
