/** Refusals of single statements, which stand in the answer of their batch. */
import { BusyError } from "../../base/environment-error.ts";
import type { AttributeMap } from "../../model/attribute-value.ts";
import { ServiceError, type ErrorName } from "../../model/errors.ts";
import { internalFailure, overload } from "../../model/messages/failures.ts";
import type { BatchStatementError } from "../../model/types.generated.ts";
import { StaleTableError } from "../../store/table-stamp.ts";

const codes: ReadonlyMap<ErrorName, NonNullable<BatchStatementError["Code"]>> = new Map([
  ["AccessDeniedException", "AccessDenied"],
  ["ConditionalCheckFailedException", "ConditionalCheckFailed"],
  ["DuplicateItemException", "DuplicateItem"],
  ["InternalServerError", "InternalServerError"],
  ["ItemCollectionSizeLimitExceededException", "ItemCollectionSizeLimitExceeded"],
  ["ProvisionedThroughputExceededException", "ProvisionedThroughputExceeded"],
  ["RequestLimitExceeded", "RequestLimitExceeded"],
  ["ResourceNotFoundException", "ResourceNotFound"],
  ["ThrottlingException", "ThrottlingError"],
  ["TransactionConflictException", "TransactionConflict"],
  ["ValidationException", "ValidationError"],
]);

/**
 * The refusal that a statement has met; whatever else was thrown ends the batch. A table that never stood still must
 * not end it, nor storage that has too much to do: the batch would be run again, with the statements that have had
 * their effect.
 */
export function refusalIn(error: unknown): ServiceError {
  if (error instanceof StaleTableError) return internalFailure(error);
  if (error instanceof BusyError) return overload(error);
  if (error instanceof ServiceError && codes.has(error.name)) return error;
  throw error;
}

/** `item`: what made a condition false, for clients that ask to see it. */
export function statementError({ name, message }: ServiceError, item?: AttributeMap): BatchStatementError {
  return { Code: codes.get(name), Message: message, Item: item };
}
