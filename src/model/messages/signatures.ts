/** What the service says of requests that are not signed as they should be. */

import { ServiceError } from "../errors.ts";

export function signedTwice(): ServiceError {
  return invalidSignature(
    "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
  );
}

export function notSigned(): ServiceError {
  return new ServiceError("MissingAuthenticationTokenException", "Request is missing Authentication Token");
}

export function headerPartsMissing(
  parts: readonly string[],
  dateMissing: boolean,
  header: string,
): ServiceError {
  const sentences = parts.map((part) => `Authorization header requires '${part}' parameter. `);
  const date = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
  return incompleteSignature(`${sentences.join("")}${dateMissing ? date : ""}Authorization=${header}`);
}

export function queryPartsMissing(parts: readonly string[]): ServiceError {
  const sentences = parts.map((part) => `AWS query-string parameters must include '${part}'. `);
  return incompleteSignature(`${sentences.join("")}Re-examine the query-string parameters.`);
}

export function notKeyValue(part: string, header: string): ServiceError {
  const fact = `'${part}' not a valid key=value pair (missing equal-sign) in Authorization header`;
  return incompleteSignature(`${fact}: '${header}'.`);
}

export function notBasicDate(date: string): ServiceError {
  const hint = "See http://en.wikipedia.org/wiki/ISO_8601";
  return incompleteSignature(`Date must be in ISO-8601 'basic format'. Got '${date}'. ${hint}`);
}

export function hostNotSigned(): ServiceError {
  return invalidSignature("'Host' must be a 'SignedHeader' in the AWS Authorization.");
}

/** The blank at the end is the service's. */
export function unsupportedAlgorithm(algorithm: string): ServiceError {
  return incompleteSignature(`Unsupported AWS 'algorithm': '${algorithm}' (only AWS4-HMAC-SHA256 for now). `);
}

export function malformedCredential(credential: string): ServiceError {
  const form = "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term";
  return incompleteSignature(`${form}, got '${credential}'`);
}

/** All that is wrong with the scope is told at once. */
export function wrongScope(sentences: readonly string[]): ServiceError {
  return invalidSignature(sentences.join(" "));
}

export function scopeRegion(region: string): string {
  return `Credential should be scoped to a valid region, not '${region}'.`;
}

export function scopeService(service: string): string {
  return `Credential should be scoped to correct service: '${service}'.`;
}

export function scopeTerminator(terminator: string): string {
  return `Credential should be scoped with a valid terminator: 'aws4_request', not '${terminator}'.`;
}

/** `date` is the scope's, `timestamp` the request's. */
export function scopeDate(date: string, timestamp: string): string {
  const fact = "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP";
  return `${fact}: '${date}' != '${timestamp.slice(0, 8)}', from '${timestamp}'.`;
}

function incompleteSignature(message: string): ServiceError {
  return new ServiceError("IncompleteSignatureException", message);
}

function invalidSignature(message: string): ServiceError {
  return new ServiceError("InvalidSignatureException", message);
}
