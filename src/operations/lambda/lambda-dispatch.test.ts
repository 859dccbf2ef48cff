import assert from "node:assert/strict";
import { test } from "node:test";
import { EngineBusyError, EngineError } from "../../engine/engine.ts";
import { openMemoryEngine } from "../../engine/memory/open-memory-engine.ts";
import { ServiceError } from "../../model/errors.ts";
import { openStore } from "../../store/open-store.ts";
import { createLambdaDispatch } from "./lambda-dispatch.ts";

const clock = { now: () => 1_790_000_000_000 };
const caller = { accountId: "000000000000", region: "us-east-1", accessKeyId: "local" };
const functions = { has: () => false, invoke: () => assert.fail("no function is called") };

test("storage that has too much to do throttles clients, and storage that failed is told to the operator", async () => {
  const failures: unknown[] = [];
  const engine = openMemoryEngine();
  const cases = [
    [new EngineBusyError("1000 requests wait"), "TooManyRequestsException: Rate exceeded"],
    [
      new EngineError("disk full"),
      "ServiceException: An error occurred and the request cannot be processed.",
    ],
  ] as const;
  for (const [error, expected] of cases) {
    const failing = { ...engine, read: () => Promise.reject(error), getMany: () => Promise.reject(error) };
    const dispatch = createLambdaDispatch({
      store: openStore({ engine: failing, clock, onWork: () => undefined }),
      clock,
      settings: { tableDelayMs: 0 },
      functions,
      onFailure: (failure) => failures.push(failure),
    });
    const answer = dispatch({
      operation: "ListEventSourceMappings",
      request: {},
      payload: new Uint8Array(),
      caller,
      requestId: "request",
    });
    await assert.rejects(answer, (refusal) => {
      assert.ok(refusal instanceof ServiceError);
      assert.equal(`${refusal.name}: ${refusal.message}`, expected);
      return true;
    });
  }
  assert.deepEqual(failures, [cases[1][0]]);
});
