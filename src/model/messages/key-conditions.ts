/** What is wrong with the conditions that say which keys a query reads. */
import { invalid, invalidRequest, type ServiceError } from "../errors.ts";

const parameter = "KeyConditionExpression";

// By themselves -----------------------------------------------------------------------------------------------------

export function operatorNotForKeys(operator: string): ServiceError {
  return invalidRequest(`Invalid operator used in ${parameter}: ${operator}`);
}

// The service prefixes the sentences that start with the parameter's plural, and not the others.

export function nestedKeyOperation(): ServiceError {
  return invalidRequest(`Invalid ${parameter}: ${parameter}s cannot contain nested operations`);
}

export function nestedKeyAttribute(): ServiceError {
  return invalidRequest(`Invalid ${parameter}: ${parameter}s cannot have conditions on nested attributes`);
}

export function repeatedKeyCondition(): ServiceError {
  return invalidRequest(`Invalid ${parameter}: ${parameter}s must only contain one condition per key`);
}

export function manyKeyAttributes(): ServiceError {
  return invalidRequest(`Invalid condition in ${parameter}: Multiple attribute names used in one condition`);
}

export function noKeyAttribute(): ServiceError {
  return invalidRequest(`Invalid condition in ${parameter}: No key attribute specified`);
}

export function keyAttributeNotFirst(operator: string): ServiceError {
  return invalidRequest(
    `Invalid condition in ${parameter}: ${operator} operator must have the key attribute as its first operand`,
  );
}

export function wrongKeyConditionCount(): ServiceError {
  return invalidRequest("Conditions can be of length 1 or 2 only");
}

// Held against a key schema -----------------------------------------------------------------------------------------

export function tooManyKeyConditions(conditions: number, keyAttributes: number): ServiceError {
  return invalid(
    `The number of query conditions (${conditions}) exceeds the number of key attributes defined in the schema (${keyAttributes})`,
  );
}

export function missingKeyCondition(name: string): ServiceError {
  return invalid(`Query condition missed key schema element: ${name}`);
}

/** The sort key attributes `names`, of several, stand before `last` and are not given by equality. */
export function sortKeyGap(names: readonly string[], last: string): ServiceError {
  return invalid(
    `RANGE key attributes ${names.join(", ")} must have equality conditions specified in the query because a condition is present on key attribute ${last}`,
  );
}

export function keyConditionTypeMismatch(): ServiceError {
  return invalid(
    "One or more parameter values were invalid: Condition parameter type does not match schema type",
  );
}

export function keyConditionNotSupported(): ServiceError {
  return invalid("Query key condition not supported");
}

export function keyConditionNotIndexable(): ServiceError {
  return invalid("Attempted conditional constraint is not an indexable operation");
}
