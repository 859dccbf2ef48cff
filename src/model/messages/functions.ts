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

export function bodyTooLarge(most: number): ServiceError {
  return refusal("RequestTooLargeException", `Request must be smaller than ${most} bytes`);
}

/** What was sent is no JSON, of a request or of an event. */
export function unreadableContent(): ServiceError {
  return refusal("InvalidRequestContentException", "Could not parse request body into json");
}

/** Here functions are called only by those who wait for the answer. */
export function unsupportedInvocation(type: string): ServiceError {
  return refusal("InvalidParameterValueException", `The invocation type ${type} is not supported.`);
}

/** No operation has this method and path. The service says nothing more about it. */
export function unknownPath(): ServiceError {
  return new ServiceError("UnknownOperationException", "");
}

/** A page from elsewhere, in a browser on this machine. */
export function foreignOrigin(): ServiceError {
  return new ServiceError(
    "AccessDeniedException",
    "Pages of another origin may not call Lambda's operations.",
  );
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

/** Storage has more to do than it can. */
export function lambdaOverload(cause: unknown): ServiceError {
  const members = { Type: "User", Reason: "CallerRateLimitExceeded" };
  const error = new ServiceError("TooManyRequestsException", "Rate exceeded", members);
  error.cause = cause;
  return error;
}

function refusal(name: ErrorName, message: string): ServiceError {
  return new ServiceError(name, message, { Type: "User" });
}
