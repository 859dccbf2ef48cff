/** What the service says of attribute values it refuses. */

import { invalid, invalidRequest } from "../errors.ts";
import type { ServiceError } from "../errors.ts";
import type { Wording } from "../wording.ts";

/** The older texts leave the colon out where there is nothing to show. */
export function notANumber(text: string, wording: Wording): ServiceError {
  const fact = "The parameter cannot be converted to a numeric value";
  return invalidRequest(wording === "older" && text === "" ? fact : `${fact}: ${text}`);
}

export function tooManyDigits(): ServiceError {
  return invalidRequest("Attempting to store more than 38 significant digits in a Number");
}

export function numberOverflow(): string {
  return "Number overflow. Attempting to store a number with magnitude larger than supported range";
}

export function numberUnderflow(): string {
  return "Number underflow. Attempting to store a number with magnitude smaller than supported range";
}

export function emptyValue(): ServiceError {
  return invalid("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
}

export function manyTypedValue(): ServiceError {
  return invalid(
    "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes",
  );
}

export function nullNotTrue(): ServiceError {
  return invalidParameters("Null attribute value types must have the value of true");
}

/** The two blanks are the service's. */
export function emptyStringSet(): ServiceError {
  return invalidParameters("An string set  may not be empty");
}

/** The two blanks are the service's. */
export function emptyNumberSet(): ServiceError {
  return invalidParameters("An number set  may not be empty");
}

export function emptyBinarySet(): ServiceError {
  return invalidParameters("Binary sets should not be empty");
}

/** `members` in the order the service lists them. */
export function duplicateStrings(members: readonly string[], wording: Wording): ServiceError {
  const list = wording === "older" ? members.join(", ") : quoted(members).join(", ");
  return invalidParameters(`Input collection [${list}] contains duplicates.`);
}

/** `members` in the order the service lists them. The missing blank before "of" is the service's. */
export function duplicateBinaries(members: readonly string[], wording: Wording): ServiceError {
  const list = wording === "older" ? members.join(", ") : quoted(members).join(",");
  return invalidParameters(`Input collection [${list}]of type BS contains duplicates.`);
}

export function duplicateNumbers(wording: Wording): ServiceError {
  if (wording === "older") return invalidRequest("Input collection contains duplicates");
  return invalidParameters("Input collection contains duplicates.");
}

export function nestingTooDeep(): string {
  const fact = "Nesting Levels have exceeded supported limits";
  return `${fact}: Attributes in the item have nested levels beyond supported limit`;
}

export function emptyAttributeName(): ServiceError {
  return invalid("Empty attribute name");
}

export function attributeNameTooLarge(): ServiceError {
  return invalidRequest("Attribute name is too large, must be less than 65536 bytes");
}

function invalidParameters(fact: string): ServiceError {
  return invalidRequest(`One or more parameter values were invalid: ${fact}`);
}

function quoted(members: readonly string[]): string[] {
  return members.map((member) => JSON.stringify(member));
}
