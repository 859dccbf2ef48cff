import type { ErrorName, ServiceError } from "../../model/errors.ts";
import type { Answer } from "../aws-json/answer.ts";

const statuses: Readonly<Partial<Record<ErrorName, number>>> = {
  AccessDeniedException: 403,
  IncompleteSignatureException: 403,
  InvalidSignatureException: 403,
  MissingAuthenticationTokenException: 403,
  UnrecognizedClientException: 403,
  ResourceNotFoundException: 404,
  UnknownOperationException: 404,
  ResourceConflictException: 409,
  RequestTooLargeException: 413,
  TooManyRequestsException: 429,
  ServiceException: 500,
};

/** Errors whose text is the member `Message`; the text of all others is `message`. */
const upperCaseMessage: ReadonlySet<ErrorName> = new Set<ErrorName>([
  "ResourceInUseException",
  "ResourceNotFoundException",
  "ServiceException",
]);

/** A refusal as restJson1 words it: its type is a header. */
export function errorAnswer(error: ServiceError): Answer {
  const key = upperCaseMessage.has(error.name) ? "Message" : "message";
  const body = { ...error.members, ...(error.message !== "" && { [key]: error.message }) };
  return {
    status: statuses[error.name] ?? 400,
    contentType: "application/json",
    body: Buffer.from(JSON.stringify(body)),
    headers: ["x-amzn-ErrorType", error.name],
  };
}
