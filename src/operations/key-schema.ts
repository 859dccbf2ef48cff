/** The primary key of a new table, from the client's words. */
import { assert } from "../base/assert.ts";
import {
  duplicateDefinition,
  firstKeyNotHash,
  keyWithoutDefinition,
  sameKeyTwice,
  secondKeyNotRange,
  undefinedKeys,
} from "../model/messages/tables.ts";
import type { AttributeDefinition, KeySchemaElement } from "../model/types.generated.ts";
import type { KeyAttribute, KeySchema } from "../store/table.ts";

/** Checks in the service's order. Whether every definition is used is up to the caller, who knows of indexes. */
export function checkKeySchema(
  elements: readonly KeySchemaElement[],
  definitions: readonly AttributeDefinition[],
): KeySchema {
  checkDefinitions(definitions);
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

/** The primary key in the client's words again. */
export function keySchemaElements({ partitionKey, sortKey }: KeySchema): readonly KeySchemaElement[] {
  const hash: KeySchemaElement = { AttributeName: partitionKey.name, KeyType: "HASH" };
  return sortKey === undefined ? [hash] : [hash, { AttributeName: sortKey.name, KeyType: "RANGE" }];
}

function checkDefinitions(definitions: readonly AttributeDefinition[]): void {
  const names = new Set<string>();
  for (const { AttributeName: name } of definitions) {
    if (names.has(name)) throw duplicateDefinition(name);
    names.add(name);
  }
}

function checkDefined(
  elements: readonly KeySchemaElement[],
  definitions: readonly AttributeDefinition[],
): void {
  if (definitions.length < elements.length) throw keyWithoutDefinition();
  const defined = definitions.map(({ AttributeName }) => AttributeName);
  const keys = elements.map(({ AttributeName }) => AttributeName);
  if (!keys.every((name) => defined.includes(name))) throw undefinedKeys(keys, defined);
}

function keyAttribute(
  { AttributeName: name }: KeySchemaElement,
  definitions: readonly AttributeDefinition[],
): KeyAttribute {
  const definition = definitions.find(({ AttributeName }) => AttributeName === name);
  assert(definition !== undefined, "every key attribute is defined");
  return { name, type: definition.AttributeType };
}
