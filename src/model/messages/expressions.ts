/** What is wrong with expressions and their placeholders. */
import { kindOf } from "../attribute-value.ts";
import type { AttributeValue } from "../attribute-value.ts";
import { invalid, invalidRequest, type ServiceError } from "../errors.ts";
import type { Wording } from "../wording.ts";

/** The request members that hold an expression: the service names them in its refusals, but not a PartiQL statement. */
export type ExpressionParameter =
  | "Statement"
  | "ConditionExpression"
  | "FilterExpression"
  | "KeyConditionExpression"
  | "ProjectionExpression"
  | "UpdateExpression";

type PathSteps = readonly (string | number)[];

function refusal(parameter: ExpressionParameter, fact: string): ServiceError {
  return invalidRequest(parameter === "Statement" ? fact : `Invalid ${parameter}: ${fact}`);
}

// What the text alone shows -----------------------------------------------------------------------------------------

export function emptyExpression(parameter: ExpressionParameter): ServiceError {
  return refusal(parameter, "The expression can not be empty;");
}

/** The older layer tells the size, and of an update no more than the semicolon before it. */
export function expressionTooLarge(
  parameter: ExpressionParameter,
  bytes: number,
  wording: Wording,
): ServiceError {
  const fact = "Expression size has exceeded the maximum allowed size";
  if (wording !== "older") return refusal(parameter, fact);
  return refusal(
    parameter,
    parameter === "UpdateExpression" ? `${fact};` : `${fact}; expression size: ${bytes}`,
  );
}

/** `near`: the text from the token before to the token after. */
export function syntaxError(parameter: ExpressionParameter, token: string, near: string): ServiceError {
  return refusal(parameter, `Syntax error; token: "${token}", near: "${near}"`);
}

export function reservedWord(parameter: ExpressionParameter, word: string): ServiceError {
  return refusal(parameter, `Attribute name is a reserved keyword; reserved keyword: ${word}`);
}

export function unknownFunction(parameter: ExpressionParameter, name: string): ServiceError {
  return refusal(parameter, `Invalid function name; function: ${name}`);
}

/** A function of conditions in an update, or of updates in a condition. */
export function foreignFunction(parameter: ExpressionParameter, name: string): ServiceError {
  const place = parameter === "UpdateExpression" ? "an update" : "a condition";
  return refusal(parameter, `The function is not allowed in ${place} expression; function: ${name}`);
}

export function misusedFunction(parameter: ExpressionParameter, name: string): ServiceError {
  return refusal(
    parameter,
    `The function is not allowed to be used this way in an expression; function: ${name}`,
  );
}

export function redundantParentheses(parameter: ExpressionParameter): ServiceError {
  return refusal(parameter, "The expression has redundant parentheses;");
}

export function repeatedSection(section: string): ServiceError {
  return refusal(
    "UpdateExpression",
    `The "${section}" section can only be used once in an update expression;`,
  );
}

export function listIndexTooLarge(parameter: ExpressionParameter, digits: string): ServiceError {
  return refusal(parameter, `List index is not within the allowable range; index: [${digits}]`);
}

export function tooManyOperators(parameter: ExpressionParameter, count: number): ServiceError {
  return refusal(parameter, `The expression contains too many operators; operator count: ${count}`);
}

export function tooManyCandidates(parameter: ExpressionParameter, count: number): ServiceError {
  return refusal(
    parameter,
    `The IN operator is provided with too many operands; number of operands: ${count}`,
  );
}

export function pathTooDeep(parameter: ExpressionParameter, levels: number): ServiceError {
  return refusal(parameter, `The document path has too many nesting levels; nesting levels: ${levels}`);
}

// What the text and its placeholders show ---------------------------------------------------------------------------

export function undefinedName(parameter: ExpressionParameter, name: string): ServiceError {
  return refusal(
    parameter,
    `An expression attribute name used in the document path is not defined; attribute name: ${name}`,
  );
}

export function undefinedValue(parameter: ExpressionParameter, name: string): ServiceError {
  return refusal(
    parameter,
    `An expression attribute value used in expression is not defined; attribute value: ${name}`,
  );
}

export function wrongOperandCount(
  parameter: ExpressionParameter,
  operator: string,
  count: number,
): ServiceError {
  return refusal(
    parameter,
    `Incorrect number of operands for operator or function; operator or function: ${operator}, number of operands: ${count}`,
  );
}

export function wrongOperandType(
  parameter: ExpressionParameter,
  operator: string,
  type: string,
): ServiceError {
  return refusal(
    parameter,
    `Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${type}`,
  );
}

const typeWords = {
  S: "STRING",
  N: "NUMBER",
  B: "BINARY",
  BOOL: "BOOLEAN",
  NULL: "NULL",
  L: "LIST",
  M: "MAP",
} as const;

/** The sections ADD and DELETE have a sentence of their own, and words for the types. */
export function wrongSectionOperandType(section: string, type: keyof typeof typeWords): ServiceError {
  return refusal(
    "UpdateExpression",
    `Incorrect operand type for operator or function; operator: ${section}, operand type: ${typeWords[type]}`,
  );
}

export function pathRequired(parameter: ExpressionParameter, name: string): ServiceError {
  return refusal(parameter, `Operator or function requires a document path; operator or function: ${name}`);
}

export function operandsNotDistinct(
  parameter: ExpressionParameter,
  operator: string,
  first: PathSteps,
): ServiceError {
  return refusal(
    parameter,
    "The first operand must be distinct from the remaining operands for this operator or function; " +
      `operator: ${operator}, first operand: ${pathText(first)}`,
  );
}

export function boundsOfDifferentTypes(
  parameter: ExpressionParameter,
  low: AttributeValue,
  high: AttributeValue,
): ServiceError {
  return refusal(
    parameter,
    `The BETWEEN operator requires same data type for lower and upper bounds; ${boundsText(low, high)}`,
  );
}

export function boundsReversed(
  parameter: ExpressionParameter,
  low: AttributeValue,
  high: AttributeValue,
): ServiceError {
  return refusal(
    parameter,
    "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; " +
      boundsText(low, high),
  );
}

export function unknownTypeName(parameter: ExpressionParameter, name: string): ServiceError {
  // The service lists them as its two layers happen to keep them.
  const names = parameter === "Statement" ? "N,BS,L,B,NULL,M,S,SS,NS,BOOL" : "B,NULL,SS,BOOL,L,BS,N,NS,S,M";
  return refusal(parameter, `Invalid attribute type name found; type: ${name}, valid types: {${names}}`);
}

export function overlappingPaths(
  parameter: ExpressionParameter,
  one: PathSteps,
  two: PathSteps,
): ServiceError {
  return refusal(parameter, `Two document paths overlap with each other; ${pathsText(one, two)}`);
}

export function conflictingPaths(
  parameter: ExpressionParameter,
  one: PathSteps,
  two: PathSteps,
): ServiceError {
  return refusal(parameter, `Two document paths conflict with each other; ${pathsText(one, two)}`);
}

function pathsText(one: PathSteps, two: PathSteps): string {
  return `must remove or rewrite one of these paths; path one: ${pathText(one)}, path two: ${pathText(two)}`;
}

/** As in `[a, [1], b]`. */
function pathText(steps: PathSteps): string {
  return `[${steps.map((step) => (typeof step === "number" ? `[${step}]` : step)).join(", ")}]`;
}

function boundsText(low: AttributeValue, high: AttributeValue): string {
  return `lower bound operand: ${boundText(low)}, upper bound operand: ${boundText(high)}`;
}

/** As in `AttributeValue: {N:1}`. Only S, N and B can be bounds. */
function boundText(value: AttributeValue): string {
  return `AttributeValue: {${kindOf(value)}:${value.S ?? value.N ?? value.B ?? ""}}`;
}

// Placeholders ------------------------------------------------------------------------------------------------------

type PlaceholderParameter = "ExpressionAttributeNames" | "ExpressionAttributeValues";

export function emptyPlaceholders(parameter: PlaceholderParameter): ServiceError {
  return invalidRequest(`${parameter} must not be empty`);
}

export function invalidPlaceholder(parameter: PlaceholderParameter, key: string): ServiceError {
  return invalidRequest(`${parameter} contains invalid key: Syntax error; key: "${key}"`);
}

export function unusedPlaceholders(parameter: PlaceholderParameter, keys: readonly string[]): ServiceError {
  return invalidRequest(`Value provided in ${parameter} unused in expressions: keys: {${keys.join(", ")}}`);
}

export function emptyPlaceholderName(key: string): ServiceError {
  return invalidRequest(
    `ExpressionAttributeNames contains invalid value: Empty attribute name for key ${key}`,
  );
}

/** The older layer says where the fault of a value was met. */
export function invalidPlaceholderValue(fault: ServiceError, key: string): ServiceError {
  return invalidRequest(`ExpressionAttributeValues contains invalid value: ${fault.message} for key ${key}`);
}

// What an update meets in the item ----------------------------------------------------------------------------------

export function wrongStoredType(): ServiceError {
  return invalid("An operand in the update expression has an incorrect data type");
}

export function missingAttribute(): ServiceError {
  return invalid("The provided expression refers to an attribute that does not exist in the item");
}

export function invalidUpdatePath(): ServiceError {
  return invalid("The document path provided in the update expression is invalid for update");
}

/** The same as `wrongStoredType`, in the words for AttributeUpdates. */
export function legacyTypeMismatch(): ServiceError {
  return invalid("Type mismatch for attribute to update");
}
