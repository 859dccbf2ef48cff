/** The types of key attributes, which requests give apart from the key schemas that use them. */
import { assert } from "../../base/assert.ts";
import { definitionsNotUsed } from "../../model/messages/indexes.ts";
import { duplicateDefinition, undefinedKeys, unusedDefinitions } from "../../model/messages/tables.ts";
import type { AttributeDefinition, KeySchemaElement } from "../../model/types.generated.ts";
import { indexKeyAttributes, tableKeyAttributes } from "../../store/key-attributes.ts";
import type { KeyAttribute, TableDefinition } from "../../store/table.ts";

/** Refuses two definitions of one attribute. */
export function checkDefinitions(definitions: readonly AttributeDefinition[]): void {
  const names = new Set<string>();
  for (const { AttributeName: name } of definitions) {
    if (names.has(name)) throw duplicateDefinition(name);
    names.add(name);
  }
}

/** Refuses a key schema that uses an attribute without a definition. */
export function checkDefined(
  elements: readonly KeySchemaElement[],
  definitions: readonly AttributeDefinition[],
): void {
  const defined = new Set(definitions.map(({ AttributeName }) => AttributeName));
  const keys = new Set(elements.map(({ AttributeName }) => AttributeName));
  if (![...keys].every((name) => defined.has(name))) throw undefinedKeys([...keys], [...defined]);
}

/** Refuses definitions that no key of a new table uses. */
export function checkAllUsed(
  definitions: readonly AttributeDefinition[],
  used: readonly KeyAttribute[],
  hasIndexes: boolean,
): void {
  const names = new Set(used.map(({ name }) => name));
  if (definitions.length === names.size) return;
  if (!hasIndexes) throw unusedDefinitions();
  throw definitionsNotUsed(
    definitions.map(({ AttributeName }) => AttributeName),
    [...names],
  );
}

/** The key attribute of an element whose attribute is known to be defined. */
export function keyAttribute(
  { AttributeName: name }: KeySchemaElement,
  definitions: readonly AttributeDefinition[],
): KeyAttribute {
  const definition = definitions.find(({ AttributeName }) => AttributeName === name);
  assert(definition !== undefined, "every key attribute is defined");
  return { name, type: definition.AttributeType };
}

/** What a table defines: the attributes of its keys and of its indexes' keys, and no others, by name. */
export function attributeDefinitionsOf({
  keySchema,
  indexes,
}: Pick<TableDefinition, "keySchema" | "indexes">): readonly AttributeDefinition[] {
  const attributes = [...tableKeyAttributes(keySchema), ...indexes.flatMap(indexKeyAttributes)];
  const types = new Map(attributes.map(({ name, type }) => [name, type]));
  return [...types]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, type]) => ({ AttributeName: name, AttributeType: type }));
}
