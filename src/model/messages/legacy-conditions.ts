/** What is wrong with the parameters that expressions have replaced. */
import { invalidRequest, type ServiceError } from "../errors.ts";

function refusal(fact: string): ServiceError {
  return invalidRequest(`One or more parameter values were invalid: ${fact}`);
}

// Conditions --------------------------------------------------------------------------------------------------------

export function valueBesideList(attribute: string): ServiceError {
  return refusal(`Value and AttributeValueList cannot be used together for Attribute: ${attribute}`);
}

export function existsBesideOperator(attribute: string): ServiceError {
  return refusal(`Exists and ComparisonOperator cannot be used together for Attribute: ${attribute}`);
}

export function operatorWithoutValue(operator: string, attribute: string): ServiceError {
  return refusal(
    `Value or AttributeValueList must be used with ComparisonOperator: ${operator} for Attribute: ${attribute}`,
  );
}

export function listWithoutOperator(attribute: string): ServiceError {
  return refusal(`AttributeValueList can only be used with a ComparisonOperator for Attribute: ${attribute}`);
}

/** `exists`: what the request says, null where it says nothing. */
export function valueMissing(exists: true | null, attribute: string): ServiceError {
  return refusal(`Value must be provided when Exists is ${exists} for Attribute: ${attribute}`);
}

export function valueOfAbsentAttribute(attribute: string): ServiceError {
  return refusal(`Value cannot be used when Exists is false for Attribute: ${attribute}`);
}

export function wrongArgumentCount(operator: string): ServiceError {
  return refusal(`Invalid number of argument(s) for the ${operator} ComparisonOperator`);
}

export function argumentsOfDifferentTypes(): ServiceError {
  return refusal("AttributeValues inside AttributeValueList must be of same type");
}

export function wrongArgumentType(operator: string, type: string): ServiceError {
  return refusal(`ComparisonOperator ${operator} is not valid for ${type} AttributeValue type`);
}

export function reversedBounds(): ServiceError {
  return invalidRequest(
    "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound",
  );
}

export function operatorWithoutConditions(): ServiceError {
  return invalidRequest("ConditionalOperator cannot be used without Filter or Expected");
}

export function operatorOfOneCondition(): ServiceError {
  return invalidRequest(
    "ConditionalOperator can only be used when Filter or Expected has two or more elements",
  );
}

// Updates -----------------------------------------------------------------------------------------------------------

export function onlyDeleteWithoutValue(): ServiceError {
  return refusal("Only DELETE action is allowed when no attribute value is specified");
}

export function deleteNotSupported(type: string): ServiceError {
  return refusal(`DELETE action with value is not supported for the type ${type}`);
}

export function addNotSupported(type: string): ServiceError {
  return refusal(`ADD action is not supported for the type ${type}`);
}
