import { EngineError } from "../engine.ts";
import type { Write } from "./commit-plan.ts";
import { StatementError, type Connection } from "./connections/connections.ts";
import type { Statements } from "./statements.ts";

/**
 * Sends all writes and the COMMIT behind them in one go. Rejects with a `StatementError` when nothing of it happened,
 * and with an `EngineError` when that is not known.
 */
export async function sendCommit(
  connection: Connection,
  { commit }: Statements,
  writes: readonly Write[],
): Promise<void> {
  const sent = writes.map(({ statement, values }) => connection.send(statement, values));
  const outcomes = await Promise.allSettled([...sent, connection.send(commit)]);
  const failed = outcomes.findIndex(({ status }) => status === "rejected");
  const outcome = outcomes[failed];
  if (outcome?.status !== "rejected") return;
  const failure: unknown = outcome.reason;
  // The server said of a write that it failed: it takes the COMMIT behind it for a ROLLBACK.
  if (failed < writes.length && failure instanceof StatementError && failure.reason !== "lost") throw failure;
  throwUnlessRefused(failure);
}

/** For a failure of what commits. When the server said that it failed, nothing happened; else nobody knows. */
export function throwUnlessRefused(failure: unknown): never {
  if (failure instanceof StatementError && failure.reason !== "lost") throw failure;
  throw new EngineError("the database did not tell whether it committed", { cause: failure });
}
