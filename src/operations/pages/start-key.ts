/** `ExclusiveStartKey`: the key behind which a page starts. */
import { ServiceError } from "../../model/errors.ts";
import { attributeOf, kindOf, type AttributeValue, type Item } from "../../model/attribute-value.ts";
import { keyMismatch } from "../../model/messages/keys.ts";
import {
  startKeyFault,
  startKeyMismatch,
  startKeyOfOtherShape,
  startKeyOfWholeKey,
  startKeyOutsideQuery,
  startKeyOutsideSegment,
  startKeyOutsideSortKeyCondition,
} from "../../model/messages/pages.ts";
import type { Wording } from "../../model/wording.ts";
import { extentCovers } from "../../store/extent.ts";
import { entryKeyAttributes, indexKeyAttributes, orderOf } from "../../store/key-attributes.ts";
import type { Extent } from "../../store/page.ts";
import type { IndexDefinition, KeyAttribute } from "../../store/table.ts";
import { checkItem } from "../../values/check.ts";
import { equalValues } from "../../values/compare.ts";
import type { PageSource } from "./index-projection.ts";
import { checkKeyValues, hasKeyShape } from "../items/item-key.ts";
import { checkPartitionKeyPart, checkSortKeyPart } from "../items/key-part.ts";

/** Checks what can be checked without the table. */
export function readStartKey(key: Item | undefined, wording: Wording): Item | undefined {
  if (key === undefined) return undefined;
  return worded(() => checkItem(key, wording));
}

/** Checks that a start key is a primary key of the table, beside the key of the index that is read. */
export function checkStartKey({ table, index }: PageSource, key: Item, wording: Wording): void {
  const { keySchema } = table.definition;
  if (index === undefined) {
    if (!hasKeyShape(keySchema, key)) throw startKeyMismatch(wording);
  } else {
    checkIndexStartKey({ table, index }, key, wording);
  }
  worded(() => {
    if (index !== undefined) checkIndexKeyValues(index, key);
    checkKeyValues(keySchema, key);
  });
}

/** The older layer has three texts for what the newer says in one. */
function checkIndexStartKey(
  { table, index }: PageSource & { readonly index: IndexDefinition },
  key: Item,
  wording: Wording,
): void {
  const attributes = entryKeyAttributes(table, index);
  if (Object.keys(key).length !== attributes.length) throw startKeyOfOtherShape();
  const ofIndex = indexKeyAttributes(index);
  for (const [at, { name, type }] of attributes.entries()) {
    const value = attributeOf(key, name);
    if (at >= ofIndex.length) {
      if (value?.[type] === undefined) throw startKeyMismatch(wording);
    } else if (value === undefined) {
      throw startKeyOfOtherShape();
    } else if (value[type] === undefined) {
      throw wording === "older" ? keyMismatch() : startKeyMismatch(wording);
    }
  }
}

function checkIndexKeyValues({ keySchema }: IndexDefinition, key: Item): void {
  checkPartitionKeyPart(keySchema.partitionKeys, valuesOf(key, keySchema.partitionKeys));
  checkSortKeyPart(keySchema.sortKeys, valuesOf(key, keySchema.sortKeys));
}

function valuesOf(key: Item, attributes: readonly KeyAttribute[]): readonly AttributeValue[] {
  return attributes.flatMap(({ name }) => attributeOf(key, name) ?? []);
}

/** The checks of a key have their own words elsewhere; the service prefixes most of them here. */
function worded<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw error instanceof ServiceError ? startKeyFault(error) : error;
  }
}

/** Checks that a query can have ended at this key. */
export function checkQueryRestart(
  source: PageSource,
  extent: Extract<Extent, { kind: "collection" }>,
  key: Item,
): void {
  const { table, index } = source;
  const { partitionKeys, sortKeys } = index?.keySchema ?? orderOf(table.definition.keySchema);
  const partitionKey = valuesOf(key, partitionKeys);
  const [name, value] = [partitionKeys[0]?.name ?? "", partitionKey[0]];
  if (index === undefined && sortKeys.length === 0 && value !== undefined) {
    throw startKeyOfWholeKey(name, printed(value));
  }
  // What is asked of the sort key comes first, in whatever collection the start key lies.
  if (extent.sortKey !== undefined && !extentCovers(source, { ...extent, partitionKey }, key)) {
    throw startKeyOutsideSortKeyCondition();
  }
  const isQueried = extent.partitionKey.every((asked, at) => {
    const given = partitionKey[at];
    return given !== undefined && equalValues(given, asked);
  });
  if (!isQueried) throw startKeyOutsideQuery();
}

/** A scalar as the service prints it in messages. */
function printed(value: AttributeValue): string {
  return `{${kindOf(value)}:${value.S ?? value.N ?? value.B ?? ""}}`;
}

/** Checks that a scan of this segment can have ended at this key. */
export function checkScanRestart(
  source: PageSource,
  extent: Extract<Extent, { kind: "segment" }>,
  key: Item,
): void {
  if (extentCovers(source, extent, key)) return;
  throw startKeyOutsideSegment(extent.segment, extent.segments);
}
