/** Cancelled transactions as tests compare them. */
import { AssertionError } from "node:assert";
import { TransactionCanceledException, type CancellationReason } from "@aws-sdk/client-dynamodb";

export interface Cancellation {
  readonly message: string;
  readonly reasons: readonly CancellationReason[];
}

/** How an SDK call was cancelled; fails the test when it ends in any other way. */
export async function cancellationOf(call: Promise<unknown>): Promise<Cancellation> {
  let output: unknown;
  try {
    output = await call;
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    return { message: error.message, reasons: error.CancellationReasons ?? [] };
  }
  throw new AssertionError({ message: "expected a cancellation", actual: output });
}

/** The cancellation for these reasons; undefined stands for an action that is not to blame. */
export function cancelled(...reasons: readonly (CancellationReason | undefined)[]): Cancellation {
  const told = reasons.map((reason) => reason ?? { Code: "None" });
  const codes = told.map(({ Code }) => Code).join(", ");
  return {
    message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    reasons: told,
  };
}

export function conditionFailed(Item?: CancellationReason["Item"]): CancellationReason {
  const reason = { Code: "ConditionalCheckFailed", Message: "The conditional request failed" };
  return Item === undefined ? reason : { ...reason, Item };
}

export function invalidAction(Message: string): CancellationReason {
  return { Code: "ValidationError", Message };
}
