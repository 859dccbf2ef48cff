/** The road of all transactions that write, whichever operation they come by. */
import { unreachable } from "../../base/assert.ts";
import {
  tokenOfOtherTransaction,
  transactionCancelled,
  transactionInProgress,
} from "../../model/messages/transactions.ts";
import type { CancellationReason } from "../../model/types.generated.ts";
import type { IdempotencyToken, Store, TransactionOutcome } from "../../store/store.ts";
import type { StoredItem } from "../../store/stored-item.ts";
import type { Outcome, Write, WrittenOutcome } from "../../store/write.ts";
import { cancelling, reasonOf, type Place } from "./cancellation.ts";

/** One write of a transaction. */
export interface TransactionWrite {
  /** The name or ARN as the request gave it. */
  readonly tableName: string;
  readonly write: Write;
  /** The reason to tell when the condition is false, of the item that made it so. */
  readonly refusal: (before: StoredItem | undefined) => CancellationReason;
}

/** A transaction that has happened: now, or when its token was first used. */
export type AppliedTransaction =
  | { readonly kind: "done"; readonly outcomes: readonly WrittenOutcome[] }
  | Extract<TransactionOutcome, { readonly kind: "repeated" }>;

/** Applies every write, or none and ends the request with the reasons. */
export async function applyTransaction(
  store: Store,
  writes: readonly TransactionWrite[],
  token: IdempotencyToken | undefined,
): Promise<AppliedTransaction> {
  const blamed = writes.map(({ write }, position) => blaming(write, { position, count: writes.length }));
  const outcome = await store.transact(blamed, token);
  switch (outcome.kind) {
    case "done":
      return { kind: "done", outcomes: writtenOutcomes(writes, outcome.outcomes) };
    case "repeated":
      return outcome;
    case "mismatch":
      throw tokenOfOtherTransaction();
    case "in-progress":
      throw transactionInProgress();
    default:
      return unreachable(outcome);
  }
}

/** The same write, whose change blames its place when it finds the item unfit. */
function blaming(write: Write, place: Place): Write {
  const { change } = write;
  if (change.kind !== "update") return write;
  return {
    ...write,
    change: { kind: "update", apply: (before) => cancelling(place, () => change.apply(before)) },
  };
}

function writtenOutcomes(
  writes: readonly TransactionWrite[],
  outcomes: readonly Outcome[],
): readonly WrittenOutcome[] {
  const written = outcomes.filter((outcome) => outcome.kind === "written");
  if (written.length === outcomes.length) return written;
  throw transactionCancelled(
    writes.flatMap(({ refusal }, position) => {
      const outcome = outcomes[position];
      return outcome === undefined ? [] : reasonOf(outcome, refusal);
    }),
  );
}
