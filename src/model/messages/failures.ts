/** Answers to what is not the client's fault, and the envelope of what is. */
import { ServiceError } from "../errors.ts";

/** The newer front layer puts this before a refusal of the request; see `Wording`. */
export function enveloped(message: string): ServiceError {
  return new ServiceError("ValidationException", `1 validation error detected: ${message}`);
}

/** A bug of ours. */
export function internalFailure(cause: unknown): ServiceError {
  return withCause(
    new ServiceError(
      "InternalServerError",
      "The request processing has failed because of an unknown error, exception or failure.",
    ),
    cause,
  );
}

/** Storage failed or the outcome of a commit is unknown: clients repeat the request. */
export function storageFailure(cause: unknown): ServiceError {
  return withCause(new ServiceError("InternalServerError", "Internal server error"), cause);
}

/** Storage has more to do than it can: clients wait a little and repeat the request. */
export function overload(cause: unknown): ServiceError {
  return withCause(
    new ServiceError("ThrottlingException", "Rate of requests exceeds the allowed throughput."),
    cause,
  );
}

function withCause(error: ServiceError, cause: unknown): ServiceError {
  error.cause = cause;
  return error;
}
