import type { ModelledErrorName } from "./types.generated.ts";

/** Sent by the service but absent from its model. */
export type UnmodelledErrorName =
  | "ValidationException"
  | "SerializationException"
  | "UnknownOperationException"
  | "AccessDeniedException"
  | "UnrecognizedClientException"
  | "MissingAuthenticationTokenException"
  | "IncompleteSignatureException"
  | "InvalidSignatureException"
  | "ServiceUnavailable";

/** Sent by Lambda's operations alone. */
export type LambdaErrorName =
  | "InvalidParameterValueException"
  | "InvalidRequestContentException"
  | "RequestTooLargeException"
  | "ResourceConflictException"
  | "ServiceException"
  | "TooManyRequestsException";

export type ErrorName = ModelledErrorName | UnmodelledErrorName | LambdaErrorName;

/** An answer the client is entitled to. Anything else that is thrown is a bug or the environment. */
export class ServiceError extends Error {
  override readonly name: ErrorName;
  /** Members of the error body beside its type and message. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(name: ErrorName, message: string, members: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = name;
    this.members = members;
  }
}

/** A request that is wrong whatever the data: some operations answer it as "1 validation error detected: …". */
export class RequestError extends ServiceError {
  constructor(message: string) {
    super("ValidationException", message);
  }
}

/** The refusal of a request for what it says. Operations of the `enveloped` wording prefix it. */
export function invalidRequest(message: string): RequestError {
  return new RequestError(message);
}

/** The refusal of a request for what it meets (the table's schema, the stored item): never prefixed. */
export function invalid(message: string): ServiceError {
  return new ServiceError("ValidationException", message);
}
