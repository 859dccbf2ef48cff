import type { ErrorName, ServiceError } from "../../model/errors.ts";
import { encodeAnswer } from "./encode-answer.ts";

const modelled = "com.amazonaws.dynamodb.v20120810";
const service = "com.amazon.coral.service";

/** Where the service keeps the errors that are in no model of its. */
const namespaces: Readonly<Partial<Record<ErrorName, string>>> = {
  ValidationException: "com.amazon.coral.validate",
  SerializationException: service,
  UnknownOperationException: service,
  AccessDeniedException: service,
  UnrecognizedClientException: service,
  MissingAuthenticationTokenException: service,
  IncompleteSignatureException: service,
  InvalidSignatureException: service,
  ServiceUnavailable: service,
  ThrottlingException: service,
};

/** Errors whose text is the member `Message`; the text of all others is `message`. */
const upperCaseMessage: ReadonlySet<ErrorName> = new Set<ErrorName>([
  "SerializationException",
  "AccessDeniedException",
  "TransactionCanceledException",
  "IdempotentParameterMismatchException",
  "TransactionInProgressException",
]);

const statuses: Readonly<Partial<Record<ErrorName, number>>> = {
  InternalServerError: 500,
  ServiceUnavailable: 503,
};

/** The body of a refusal. An error without text has no message member. */
export function encodeError(error: ServiceError): Buffer {
  const type = `${namespaces[error.name] ?? modelled}#${error.name}`;
  const key = upperCaseMessage.has(error.name) ? "Message" : "message";
  return encodeAnswer({
    __type: type,
    ...error.members,
    ...(error.message !== "" && { [key]: error.message }),
  });
}

/** The HTTP status of a refusal. */
export function statusOf(error: ServiceError): number {
  return statuses[error.name] ?? 400;
}
