/** The keys of secondary indexes, from the client's words and back. */
import {
  foreignPartitionKey,
  indexWithoutSortKey,
  partitionKeyBehindSortKey,
  repeatedKeyAttribute,
  tooManyKeyAttributes,
} from "../../model/messages/indexes.ts";
import { firstKeyNotHash } from "../../model/messages/tables.ts";
import type { AttributeDefinition, KeySchemaElement } from "../../model/types.generated.ts";
import { orderOf } from "../../store/key-attributes.ts";
import type { IndexKeySchema, KeySchema } from "../../store/table.ts";
import { checkDefined, keyAttribute } from "./attribute-definitions.ts";
import { checkSimpleKey } from "./key-schema.ts";

/** A partition key and a sort key may each be made of so many attributes. */
const attributesMax = 4;

interface Index {
  readonly IndexName: string;
  readonly KeySchema: readonly KeySchemaElement[];
}

/** The key of a local index: the table's partition key and a sort key of its own. */
export function checkLocalKeySchema(
  { IndexName: name, KeySchema: elements }: Index,
  definitions: readonly AttributeDefinition[],
  { partitionKey }: KeySchema,
): IndexKeySchema {
  const keySchema = checkSimpleKey(elements, definitions);
  if (keySchema.sortKey === undefined) throw indexWithoutSortKey(name);
  if (keySchema.partitionKey.name !== partitionKey.name) {
    throw foreignPartitionKey(name, { ofIndex: keySchema.partitionKey.name, ofTable: partitionKey.name });
  }
  return orderOf(keySchema);
}

/** The key of a global index, whose parts may be made of several attributes. */
export function checkGlobalKeySchema(
  elements: readonly KeySchemaElement[],
  definitions: readonly AttributeDefinition[],
): IndexKeySchema {
  checkDefined(elements, definitions);
  const names = new Set(elements.map(({ AttributeName }) => AttributeName));
  if (names.size < elements.length) throw repeatedKeyAttribute();
  if (elements[0]?.KeyType !== "HASH") throw firstKeyNotHash();
  const partitionKeys = elements.filter(({ KeyType }) => KeyType === "HASH");
  const sortKeys = elements.slice(partitionKeys.length);
  if (sortKeys.some(({ KeyType }) => KeyType === "HASH")) throw partitionKeyBehindSortKey();
  if (partitionKeys.length > attributesMax) throw tooManyKeyAttributes("HASH");
  if (sortKeys.length > attributesMax) throw tooManyKeyAttributes("RANGE");
  return {
    partitionKeys: partitionKeys.map((element) => keyAttribute(element, definitions)),
    sortKeys: sortKeys.map((element) => keyAttribute(element, definitions)),
  };
}

/** A key schema in the client's words again. */
export function keySchemaElements({ partitionKeys, sortKeys }: IndexKeySchema): readonly KeySchemaElement[] {
  return [
    ...partitionKeys.map(({ name }) => ({ AttributeName: name, KeyType: "HASH" as const })),
    ...sortKeys.map(({ name }) => ({ AttributeName: name, KeyType: "RANGE" as const })),
  ];
}
