/** What Lambda says of calls of functions. */

import { ServiceError, type ErrorName } from "../errors.ts";

export function functionNotFound(arn: string): ServiceError {
  return refusal("ResourceNotFoundException", `Function not found: ${arn}`);
}

export function payloadTooLarge(bytes: number, most: number): ServiceError {
  return refusal(
    "RequestTooLargeException",
    `${bytes} byte payload is too large for the RequestResponse invocation type (limit ${most} bytes)`,
  );
}

export function unreadablePayload(): ServiceError {
  return refusal("InvalidRequestContentException", "Could not parse request body into json");
}

/** Here functions are called only by those who wait for the answer. */
export function unsupportedInvocation(type: string): ServiceError {
  return refusal("InvalidParameterValueException", `The invocation type ${type} is not supported.`);
}

/** A bug of ours, or a failure of storage or of the function's host: clients repeat the request. */
export function lambdaFailure(cause: unknown): ServiceError {
  const error = new ServiceError(
    "ServiceException",
    "An error occurred and the request cannot be processed.",
    { Type: "Service" },
  );
  error.cause = cause;
  return error;
}

function refusal(name: ErrorName, message: string): ServiceError {
  return new ServiceError(name, message, { Type: "User" });
}
