/** What is wrong with reads and writes of single items. */
import { invalid, invalidRequest, ServiceError } from "../errors.ts";

/** `item` is the stored item, for clients that ask to see what made their condition fail. */
export function conditionFailed(item: object | undefined): ServiceError {
  return new ServiceError(
    "ConditionalCheckFailedException",
    "The conditional request failed",
    item === undefined ? {} : { Item: item },
  );
}

/** Of tables with local indexes, whose item collections are bounded. */
export function collectionFull(): ServiceError {
  return new ServiceError("ItemCollectionSizeLimitExceededException", "Collection size exceeded.");
}

export function itemTooLarge(): ServiceError {
  return invalid("Item size has exceeded the maximum allowed size");
}

export function updatedItemTooLarge(): ServiceError {
  return invalid("Item size to update has exceeded the maximum allowed size");
}

export function onlyOldValues(): ServiceError {
  return invalidRequest("ReturnValues can only be ALL_OLD or NONE");
}

export function mixedParameters(legacy: readonly string[], expressions: readonly string[]): ServiceError {
  return invalidRequest(
    "Can not use both expression and non-expression parameters in the same request: " +
      `Non-expression parameters: {${legacy.join(", ")}} Expression parameters: {${expressions.join(", ")}}`,
  );
}

export function namesWithoutExpression(): ServiceError {
  return invalidRequest("ExpressionAttributeNames can only be specified when using expressions");
}

/** `missing`: the absent parameters that could use values, which only the older wording names. */
export function valuesWithoutExpression(missing?: readonly string[]): ServiceError {
  const text = "ExpressionAttributeValues can only be specified when using expressions";
  if (missing === undefined) return invalidRequest(text);
  return invalidRequest(`${text}: ${missing.join(" and ")} ${missing.length > 1 ? "are" : "is"} null`);
}

export function duplicateAttributeToGet(name: string): ServiceError {
  return invalidRequest(
    `One or more parameter values were invalid: Duplicate value in attribute name: ${name}`,
  );
}
