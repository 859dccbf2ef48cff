import { EngineBusyError, EngineError } from "../engine.ts";
import { StatementError } from "./connections/connections.ts";
import type { Surroundings } from "./postgres-options.ts";

/** How long work is repeated that loses to others, or meets servers that go. */
const retryMsMax = 10_000;
/** What an attempt counts for beside the pause behind it, so that slow ones are not repeated for ever. */
const attemptMs = 100;
const firstDelayMs = 2;
const delayMsMax = 200;
/** 55P03: a row was not to be had within the time that a connection waits for one. */
const lockNotAvailable = "55P03";

/**
 * Repeats `attempt` as long as it fails for a passing reason. A `StatementError` out of it says that nothing happened;
 * what it cannot know it must tell as an `EngineError`.
 */
export async function retrying<T>({ alarm, random }: Surroundings, attempt: () => Promise<T>): Promise<T> {
  let spentMs = 0;
  for (let delayMs = firstDelayMs; ; delayMs = Math.min(delayMs * 2, delayMsMax)) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof StatementError) || !isPassing(error) || spentMs > retryMsMax) {
        throw engineErrorOf(error);
      }
    }
    // From nothing to twice the mean, so that two who met do not meet again.
    const pauseMs = 2 * delayMs * random();
    spentMs += pauseMs + attemptMs;
    await new Promise<void>((resolve) => alarm(pauseMs, resolve));
  }
}

function isPassing({ reason }: StatementError): boolean {
  return reason !== "other";
}

/** What callers of the engine see of a statement's failure; other errors are theirs and stay as they are. */
export function engineErrorOf(error: unknown): unknown {
  if (!(error instanceof StatementError)) return error;
  const { reason, code, message } = error;
  const isContention =
    reason === "serialization" ||
    reason === "deadlock" ||
    reason === "duplicate" ||
    code === lockNotAvailable;
  const Failure = isContention ? EngineBusyError : EngineError;
  return new Failure(`the database failed: ${message}`, { cause: error });
}
