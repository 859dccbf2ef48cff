import assert from "node:assert/strict";
import { test } from "node:test";
import { StatementError, type StatementFailure } from "./connections/connections.ts";
import { retrying } from "./retry.ts";

/** Time that is over at once. */
function movingTime() {
  const pauses: number[] = [];
  const alarm = (ms: number, ring: () => void) => {
    pauses.push(ms);
    queueMicrotask(ring);
    return () => undefined;
  };
  return { pauses, surroundings: { alarm, random: () => 0.5 } };
}

function failure(reason: StatementFailure, code?: string): StatementError {
  return new StatementError(reason, { message: "so it is", ...(code !== undefined && { code }) });
}

test("passing failures are repeated after pauses that grow", async () => {
  const { pauses, surroundings } = movingTime();
  const failures = (["serialization", "deadlock", "duplicate", "lost", "read-only"] as const).map((reason) =>
    failure(reason),
  );
  const answer = await retrying(surroundings, () => {
    const next = failures.shift();
    return next === undefined ? Promise.resolve("done") : Promise.reject(next);
  });
  assert.equal(answer, "done");
  assert.deepEqual(pauses, [2, 4, 8, 16, 32]);
});

test("what keeps failing ends: as busy when others were in the way, else as a failure of the environment", async () => {
  const ends: readonly [StatementError, name: string, attempts: "one" | "many"][] = [
    [failure("serialization", "40001"), "EngineBusyError", "many"],
    [failure("deadlock", "40P01"), "EngineBusyError", "many"],
    [failure("duplicate", "23505"), "EngineBusyError", "many"],
    [failure("lost"), "EngineError", "many"],
    [failure("read-only", "25006"), "EngineError", "many"],
    // A lock that was not to be had in the time that the database gives.
    [failure("other", "55P03"), "EngineBusyError", "one"],
    [failure("other", "53100"), "EngineError", "one"],
  ];
  for (const [cause, name, attempts] of ends) {
    const { pauses, surroundings } = movingTime();
    await assert.rejects(
      retrying(surroundings, () => Promise.reject(cause)),
      { name, message: "the database failed: so it is", cause },
    );
    const spentMs = pauses.reduce((sum, ms) => sum + ms + 100, 0);
    assert.ok(attempts === "one" ? spentMs === 0 : spentMs > 10_000 && spentMs < 11_000, `${spentMs} ms`);
  }
});

test("errors of bodies are theirs", async () => {
  const error = new Error("mine");
  await assert.rejects(
    retrying(movingTime().surroundings, () => Promise.reject(error)),
    (thrown) => thrown === error,
  );
});
