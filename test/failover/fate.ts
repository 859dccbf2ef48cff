import type { Fate } from "../crash/ledger.ts";
import { isConflict } from "../crash/requests.ts";

/** The latter tells that the first attempt of a transaction is still under way. */
const refusals = ["ConditionalCheckFailedException", "TransactionInProgressException"];

/**
 * What became of a request to a server whose database may fail; rejects when it is answered as it must not be. A 500
 * says that nobody knows.
 */
export async function fateOf(sent: Promise<unknown>): Promise<Fate> {
  try {
    await sent;
    return "acknowledged";
  } catch (error) {
    if (!(error instanceof Error) || !isServiceFailure(error)) throw error;
    if (refusals.includes(error.name) || isConflict(error)) return "refused";
    const status = statusOf(error);
    if (status === undefined || status >= 500) return "unknown";
    throw new Error(`a server answered ${status} ${error.name}: ${error.message}`, { cause: error });
  }
}

/** Whether a read failed as it may while the database is away. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof Error && isServiceFailure(error) && (statusOf(error) ?? 500) >= 500;
}

/** What a read answers; undefined where the database is away. */
export async function seen<Answer>(sent: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await sent;
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return undefined;
  }
}

/** A failure of the exchange or an answer of the server; one of the drill, and a request that hung, are none. */
function isServiceFailure(error: Error): boolean {
  return "$metadata" in error && !("code" in error && error.code === "ETIMEDOUT");
}

function statusOf(error: Error): number | undefined {
  // The SDK puts it on all that it throws.
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}
