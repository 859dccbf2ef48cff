/** What the service says of members that break the constraints of its model. */

import { invalid, type ServiceError } from "../errors.ts";

const detectedMax = 10;

/** Several findings are one refusal; the service counts and tells no more than ten. */
export function constraintsFailed(findings: readonly string[]): ServiceError {
  const told = findings.slice(0, detectedMax);
  const errors = told.length === 1 ? "1 validation error" : `${told.length} validation errors`;
  return invalid(`${errors} detected: ${told.join("; ")}`);
}

/** One finding. `subject` is "Value '<echo>' at '<path>'" in the older form, "Value at '<path>'" in the newer. */
export function finding(subject: string, rule: string): string {
  return `${subject} failed to satisfy constraint: ${rule}`;
}

export function echoedValue(echo: string, path: string): string {
  return `Value '${echo}' at '${path}'`;
}

export function absentValue(path: string): string {
  return finding(`Value null at '${path}'`, "Member must not be null");
}

/** The newer front layer names the member and does not show its value. */
export function unechoedValue(path: string): string {
  return `Value at '${path}'`;
}

export function lengthAtLeast(least: number): string {
  return `Member must have length greater than or equal to ${least}`;
}

export function lengthAtMost(most: number): string {
  return `Member must have length less than or equal to ${most}`;
}

export function valueAtLeast(least: number): string {
  return `Member must have value greater than or equal to ${least}`;
}

export function valueAtMost(most: number): string {
  return `Member must have value less than or equal to ${most}`;
}

export function matchesPattern(pattern: string): string {
  return `Member must satisfy regular expression pattern: ${pattern}`;
}

export function oneOf(values: readonly string[]): string {
  return `Member must satisfy enum value set: [${values.join(", ")}]`;
}

export function mapKeys(rules: readonly string[]): string {
  return `Map keys must satisfy constraint: [${rules.join(", ")}]`;
}

export function mapValues(rules: readonly string[]): string {
  return `Map value must satisfy constraint: [${rules.join(", ")}]`;
}

/** The newer front layer shows neither value nor path of the two enumerations it checks itself. */
export function unnamedEnumeration(values: readonly string[]): string {
  return `Failed to satisfy constraint: ${oneOf(values)}`;
}

/** The whole refusal of operations that put no envelope around what their front layer finds. */
export function bareFinding(text: string): ServiceError {
  return invalid(text);
}

/** The control plane looks for the table's name before its model's constraints. */
export function parameterRequired(member: string): ServiceError {
  return invalid(`The parameter '${member}' is required but was not present in the request`);
}

export function requestItemsRequired(operation: string): ServiceError {
  return invalid(`The requestItems parameter is required for ${operation}`);
}

export function noTableArn(): ServiceError {
  return invalid("Invalid TableArn");
}

/** "Atleast" is the service's spelling. */
export function noTags(): ServiceError {
  return invalid("Atleast one Tag needs to be provided as Input.");
}

export function noTagKeys(): ServiceError {
  return invalid("Atleast one Tag Key needs to be provided as Input.");
}
