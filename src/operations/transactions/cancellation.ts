/** Why a transaction comes to nothing: one reason an action, in the order of the request. */
import { unreachable } from "../../base/assert.ts";
import { ServiceError } from "../../model/errors.ts";
import {
  collectionReason,
  conflictReason,
  noReason,
  transactionCancelled,
  validationReason,
} from "../../model/messages/transactions.ts";
import type { CancellationReason } from "../../model/types.generated.ts";
import type { StoredItem } from "../../store/stored-item.ts";
import type { Outcome } from "../../store/write.ts";

/** Where an action stands in its transaction. */
export interface Place {
  readonly position: number;
  readonly count: number;
}

/** Runs what checks or carries out one action: its refusal cancels the transaction, and is the only reason told. */
export function cancelling<Result>({ position, count }: Place, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof ServiceError) || error.name !== "ValidationException") throw error;
    const reasons = Array.from({ length: count }, (_, index) =>
      index === position ? validationReason(error) : noReason,
    );
    throw transactionCancelled(reasons);
  }
}

/** Cancels a transaction because others are writing some of its items. */
export function checkUncontended(contended: readonly boolean[]): void {
  if (!contended.includes(true)) return;
  throw transactionCancelled(contended.map((isContended) => (isContended ? conflictReason() : noReason)));
}

/** What an outcome says against its transaction. `refusal` tells of a false condition and the item that made it so. */
export function reasonOf(
  outcome: Outcome,
  refusal: (before: StoredItem | undefined) => CancellationReason,
): CancellationReason {
  switch (outcome.kind) {
    case "written":
    case "untouched":
      return noReason;
    case "refused":
      return refusal(outcome.before);
    case "collection-full":
      return collectionReason();
    case "conflict":
      return conflictReason();
    default:
      return unreachable(outcome);
  }
}
