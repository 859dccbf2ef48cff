/** Refusals of single statements, which stand in the answer of their batch. */
import type { AttributeMap } from "../../model/attribute-value.ts";
import { ServiceError, type ErrorName } from "../../model/errors.ts";
import type { BatchStatementError } from "../../model/types.generated.ts";

const codes: ReadonlyMap<ErrorName, NonNullable<BatchStatementError["Code"]>> = new Map([
  ["AccessDeniedException", "AccessDenied"],
  ["ConditionalCheckFailedException", "ConditionalCheckFailed"],
  ["DuplicateItemException", "DuplicateItem"],
  ["ItemCollectionSizeLimitExceededException", "ItemCollectionSizeLimitExceeded"],
  ["ProvisionedThroughputExceededException", "ProvisionedThroughputExceeded"],
  ["RequestLimitExceeded", "RequestLimitExceeded"],
  ["ResourceNotFoundException", "ResourceNotFound"],
  ["ThrottlingException", "ThrottlingError"],
  ["TransactionConflictException", "TransactionConflict"],
  ["ValidationException", "ValidationError"],
]);

/** The refusal that a statement has met; whatever else was thrown ends the batch. */
export function refusalIn(error: unknown): ServiceError {
  if (error instanceof ServiceError && codes.has(error.name)) return error;
  throw error;
}

/** `item`: what made a condition false, for clients that ask to see it. */
export function statementError({ name, message }: ServiceError, item?: AttributeMap): BatchStatementError {
  return { Code: codes.get(name), Message: message, Item: item };
}
