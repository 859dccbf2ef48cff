import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeWindow, encodeWindow, windowAt, windowMembers } from "./tumbling-window.ts";

test("windows stand side by side, each from its first moment", () => {
  assert.deepEqual(windowAt(119_999, 60), { from: 60_000, until: 120_000, state: "{}" });
  assert.deepEqual(windowAt(120_000, 60), { from: 120_000, until: 180_000, state: "{}" });
});

test("a window is kept and found again with its state, whatever that says", () => {
  assert.equal(decodeWindow(encodeWindow(undefined)), undefined);
  const window = { ...windowAt(1_790_000_000_000, 1), state: '{"text":"a b\\n","deep":{"1 2":[" "]}}' };
  assert.deepEqual(decodeWindow(encodeWindow(window)), window);
});

test("an event tells its window to the second, and whether a long state ended it", () => {
  const membersOf = (state: string, isFinal: boolean) => {
    const window = { ...windowAt(1_790_000_000_123, 30), state };
    const call = { window, shardName: "shard-1", streamArn: "arn", isFinal };
    return JSON.parse(`{"Records":[]${windowMembers(call)}}`) as Record<string, unknown>;
  };
  assert.deepEqual(membersOf('{"sum":1}', false), {
    Records: [],
    window: { start: "2026-09-21T14:13:00Z", end: "2026-09-21T14:13:30Z" },
    state: { sum: 1 },
    shardId: "shard-1",
    eventSourceARN: "arn",
    isFinalInvokeForWindow: false,
    isWindowTerminatedEarly: false,
  });
  const long = membersOf(JSON.stringify("x".repeat(1_048_576)), true);
  assert.equal(long["isWindowTerminatedEarly"], true);
});
