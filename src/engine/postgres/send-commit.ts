import { EngineError } from "../engine.ts";
import type { Write } from "./commit-plan.ts";
import { StatementError, type Connection } from "./connections/connections.ts";
import type { Statements } from "./statements.ts";

/**
 * Sends all writes and the COMMIT behind them in one go. Rejects with a `StatementError` when nothing of it happened,
 * and with an `EngineError` when that is not known. `begun` is the BEGIN where that was sent in the same go.
 */
export async function sendCommit(
  connection: Connection,
  { commit }: Statements,
  { writes, begun }: { readonly writes: readonly Write[]; readonly begun?: Promise<unknown> | undefined },
): Promise<void> {
  const sent = writes.map(({ statement, values }) => connection.send(statement, values));
  const [began, ...outcomes] = await Promise.allSettled([begun, ...sent, connection.send(commit)]);
  // Without it, each write was a transaction of its own.
  if (began.status === "rejected") throw unknownOutcome(began.reason);
  const failed = outcomes.find(({ status }) => status === "rejected");
  // When the server said of a write that it failed, it takes the COMMIT behind it for a ROLLBACK.
  if (failed?.status === "rejected") throwUnlessRefused(failed.reason);
}

/** For a failure of what commits. When the server said that it failed, nothing happened; else nobody knows. */
export function throwUnlessRefused(failure: unknown): never {
  if (failure instanceof StatementError && failure.reason !== "lost") throw failure;
  throw unknownOutcome(failure);
}

function unknownOutcome(cause: unknown): EngineError {
  return new EngineError("the database did not tell whether it committed", { cause });
}
