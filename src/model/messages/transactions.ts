/** What is wrong with transactions, and with what meets them. */
import { invalid, invalidRequest, ServiceError } from "../errors.ts";
import type { AttributeMap } from "../attribute-value.ts";
import type { CancellationReason } from "../types.generated.ts";

/** To a write outside of transactions whose item a transaction is writing. */
export function itemInTransaction(): ServiceError {
  return new ServiceError("TransactionConflictException", "Transaction is ongoing for the item");
}

// Requests ----------------------------------------------------------------------------------------------------------

/** "Check" stands for ConditionCheck. */
export function notOneAction(): ServiceError {
  return invalidRequest("TransactItems can only contain one of Check, Put, Update or Delete");
}

export function noAction(): ServiceError {
  return invalidRequest(
    "Invalid Request: TransactWriteRequest should contain Delete or Put or Update request",
  );
}

export function itemTwiceInTransaction(): ServiceError {
  return invalid("Transaction request cannot include multiple operations on one item");
}

export function transactionTooLarge(): ServiceError {
  return invalid("The transaction payload size has exceeded the maximum allowed size of 4 MB");
}

/** The token stands for a transaction that does something else. */
export function tokenOfOtherTransaction(): ServiceError {
  return new ServiceError(
    "IdempotentParameterMismatchException",
    "The request uses the same client token as a previous, but different, request.",
  );
}

export function transactionInProgress(): ServiceError {
  return new ServiceError(
    "TransactionInProgressException",
    "Transaction from previous request is still in progress",
  );
}

// Cancellations -----------------------------------------------------------------------------------------------------

/** `reasons`: one an action, in the order of the request. */
export function transactionCancelled(reasons: readonly CancellationReason[]): ServiceError {
  const codes = reasons.map(({ Code }) => Code).join(", ");
  return new ServiceError(
    "TransactionCanceledException",
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { CancellationReasons: reasons },
  );
}

/** Of an action that is not to blame. */
export const noReason: CancellationReason = { Code: "None" };

/** `item` is the stored item, for clients that ask to see what made their condition fail. */
export function conditionReason(item: AttributeMap | undefined): CancellationReason {
  return { Code: "ConditionalCheckFailed", Message: "The conditional request failed", Item: item };
}

export function conflictReason(): CancellationReason {
  return { Code: "TransactionConflict", Message: "Transaction is ongoing for the item." };
}

export function collectionReason(): CancellationReason {
  return { Code: "ItemCollectionSizeLimitExceeded", Message: "Collection size exceeded." };
}

/** What is wrong with the action, in the words in which it would be refused alone. */
export function validationReason({ message }: ServiceError): CancellationReason {
  return { Code: "ValidationError", Message: message };
}
