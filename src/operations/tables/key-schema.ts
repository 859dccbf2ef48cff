/** The primary key of a new table, from the client's words. */
import { assert } from "../../base/assert.ts";
import {
  firstKeyNotHash,
  keyWithoutDefinition,
  sameKeyTwice,
  secondKeyNotRange,
} from "../../model/messages/tables.ts";
import type { AttributeDefinition, KeySchemaElement } from "../../model/types.generated.ts";
import type { KeySchema } from "../../store/table.ts";
import { checkDefined, checkDefinitions, keyAttribute } from "./attribute-definitions.ts";

/** Checks in the service's order. Whether every definition is used is up to the caller, who knows of indexes. */
export function checkKeySchema(
  elements: readonly KeySchemaElement[],
  definitions: readonly AttributeDefinition[],
): KeySchema {
  checkDefinitions(definitions);
  if (definitions.length < elements.length) throw keyWithoutDefinition();
  return checkSimpleKey(elements, definitions);
}

/** A key of one partition key attribute and at most one sort key attribute. */
export function checkSimpleKey(
  elements: readonly KeySchemaElement[],
  definitions: readonly AttributeDefinition[],
): KeySchema {
  checkDefined(elements, definitions);
  const [first, second] = elements;
  assert(first !== undefined, "the model's constraints leave at least one element");
  if (second !== undefined && second.AttributeName === first.AttributeName) throw sameKeyTwice();
  if (first.KeyType !== "HASH") throw firstKeyNotHash();
  if (second !== undefined && second.KeyType !== "RANGE") throw secondKeyNotRange();
  const partitionKey = keyAttribute(first, definitions);
  return second === undefined
    ? { partitionKey }
    : { partitionKey, sortKey: keyAttribute(second, definitions) };
}
