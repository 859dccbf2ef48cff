/** What is wrong with primary keys: none of these texts is ever prefixed, because they need the table's schema. */
import { invalid, type ServiceError } from "../errors.ts";

type ScalarKind = "S" | "N" | "B";

export function keyMismatch(): ServiceError {
  return invalid("The provided key element does not match the schema");
}

export function missingKey(name: string): ServiceError {
  return invalid(`One or more parameter values were invalid: Missing the key ${name} in the item`);
}

export function keyTypeMismatch(name: string, expected: ScalarKind, actual: string): ServiceError {
  return invalid(
    `One or more parameter values were invalid: Type mismatch for key ${name} expected: ${expected} actual: ${actual}`,
  );
}

export function emptyKeyValue(name: string, kind: ScalarKind): ServiceError {
  const what = kind === "B" ? "binary" : "string";
  return invalid(
    `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${what} value. Key: ${name}`,
  );
}

/** The missing blank is the service's own. */
export function partitionKeyTooLong(bytesMax: number): ServiceError {
  return invalid(
    `One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of${bytesMax} bytes`,
  );
}

export function sortKeyTooLong(bytesMax: number): ServiceError {
  return invalid(
    `One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of ${bytesMax} bytes`,
  );
}

export function keyUpdated(name: string): ServiceError {
  return invalid(
    `One or more parameter values were invalid: Cannot update attribute ${name}. This attribute is part of the key`,
  );
}

export function pathIntoKey(name: string): ServiceError {
  return invalid(
    `Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: ${name}`,
  );
}
