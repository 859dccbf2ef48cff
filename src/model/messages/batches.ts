/** What is wrong with batches of items. */
import { invalidRequest, type ServiceError } from "../errors.ts";

export function tooManyItems(operation: "BatchGetItem" | "BatchWriteItem"): ServiceError {
  return invalidRequest(`Too many items requested for the ${operation} call`);
}

export function duplicateKeys(): ServiceError {
  return invalidRequest("Provided list of item keys contains duplicates");
}

/** The service's words for an element of a batch write that is not exactly one request. */
export function notOneWriteRequest(): ServiceError {
  return invalidRequest(
    "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes",
  );
}
