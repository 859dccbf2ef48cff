/** `ExclusiveStartKey`: the primary key behind which a page starts. */
import { ServiceError } from "../model/errors.ts";
import { attributeOf, kindOf, type AttributeValue, type Item } from "../model/attribute-value.ts";
import {
  startKeyFault,
  startKeyMismatch,
  startKeyOfWholeKey,
  startKeyOutsideQuery,
  startKeyOutsideSegment,
  startKeyOutsideSortKeyCondition,
} from "../model/messages/pages.ts";
import type { Wording } from "../model/wording.ts";
import { extentCovers } from "../store/extent.ts";
import type { Extent } from "../store/page.ts";
import type { KeySchema, Table } from "../store/table.ts";
import { checkItem } from "../values/check.ts";
import { equalValues } from "../values/compare.ts";
import { checkKeyValues, hasKeyShape } from "./item-key.ts";

/** Checks what can be checked without the table. */
export function readStartKey(key: Item | undefined, wording: Wording): Item | undefined {
  if (key === undefined) return undefined;
  return worded(() => checkItem(key, wording));
}

/** Checks that a start key is a primary key of the table. */
export function checkStartKey(schema: KeySchema, key: Item, wording: Wording): void {
  if (!hasKeyShape(schema, key)) throw startKeyMismatch(wording);
  worded(() => {
    checkKeyValues(schema, key);
  });
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
  table: Table,
  extent: Extract<Extent, { kind: "collection" }>,
  key: Item,
): void {
  const { partitionKey, sortKey } = table.definition.keySchema;
  const value = attributeOf(key, partitionKey.name);
  if (value === undefined) throw startKeyOutsideQuery();
  if (sortKey === undefined) throw startKeyOfWholeKey(partitionKey.name, printed(value));
  if (!equalValues(value, extent.partitionKey)) throw startKeyOutsideQuery();
  if (!extentCovers(table, extent, key)) throw startKeyOutsideSortKeyCondition();
}

/** A scalar as the service prints it in messages. */
function printed(value: AttributeValue): string {
  return `{${kindOf(value)}:${value.S ?? value.N ?? value.B ?? ""}}`;
}

/** Checks that a scan of this segment can have ended at this key. */
export function checkScanRestart(
  table: Table,
  extent: Extract<Extent, { kind: "segment" }>,
  key: Item,
): void {
  if (extentCovers(table, extent, key)) return;
  throw startKeyOutsideSegment(extent.segment, extent.segments);
}
