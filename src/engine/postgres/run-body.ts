import type { Transaction } from "../engine.ts";
import type { PostgresTransaction } from "./postgres-transaction.ts";

/**
 * Runs the body of a transaction once and commits. `answer` gets what the body answered or threw, as soon as that
 * counts. Rejects, without an answer, with a `StatementError` when nothing happened and it may run again, and with an
 * `EngineError` when nobody knows.
 */
export async function runBody<T>(
  transaction: PostgresTransaction,
  body: (transaction: Transaction) => Promise<T>,
  answer: (outcome: Promise<T>) => void,
): Promise<void> {
  const outcome = start(body, transaction);
  const [{ status }] = await Promise.allSettled([outcome]);
  try {
    await transaction.settle();
  } catch (error) {
    await transaction.rollback();
    throw error;
  }
  const writes = status === "fulfilled" ? transaction.writes() : transaction.confirmations();
  if (writes.length > 0) await transaction.commit(writes);
  answer(outcome);
  if (writes.length === 0) await transaction.rollback();
}

/** A body may also throw before it waits for anything. */
async function start<T>(
  body: (transaction: Transaction) => Promise<T>,
  transaction: Transaction,
): Promise<T> {
  return body(transaction);
}
