/**
 * What is asked of one item as a write for the store, held against its table: the same checks whichever operation
 * asks for it.
 */
import { givenAttributes } from "../../expressions/given-attributes.ts";
import { attributesEntered } from "../../expressions/scope.ts";
import { applyUpdate, updateTargets, type Update } from "../../expressions/update.ts";
import type { Item } from "../../model/attribute-value.ts";
import type { ServiceError } from "../../model/errors.ts";
import { itemTooLarge, updatedItemTooLarge } from "../../model/messages/items.ts";
import type { Table, TableDefinition } from "../../store/table.ts";
import type { SizedItem, Write } from "../../store/write.ts";
import { checkNesting } from "../../values/nesting.ts";
import {
  checkGivenIndexKeyTypes,
  checkGivenIndexKeyValues,
  checkIndexKeyTypes,
  checkIndexKeyValues,
  checkUpdatedIndexKeys,
  indexesKeyedBy,
} from "./index-keys.ts";
import { checkKey, checkKeyUntouched, checkKeyValues, keyOfItem } from "./item-key.ts";
import { checkedUpdatedItemSize, fitsWithLocalEntries } from "./item-size.ts";
import { checkNoPathIntoKeys } from "./key-paths.ts";

type Allows = Write["allows"];

/** Stores `put` in place of the item with its key. */
export function putWrite(table: Table, put: SizedItem, allows?: Allows): Write {
  const { keySchema, indexes } = table.definition;
  const { item, sizeBytes } = put;
  const key = keyOfItem(keySchema, item);
  checkIndexKeyValues(indexes, item);
  checkIndexKeyTypes(indexes, item);
  if (!fitsWithLocalEntries(table, put)) throw itemTooLarge();
  return { table, key, allows, change: { kind: "put", item, sizeBytes } };
}

export function deleteWrite(table: Table, key: Item, allows?: Allows): Write {
  return { table, key: checkKey(table.definition.keySchema, key), allows, change: { kind: "delete" } };
}

export interface KeyedUpdate {
  readonly key: Item;
  /** Absent: it only makes sure that the item is there. */
  readonly update: Update | undefined;
  /** What to say of an item that the update makes too deep; absent: what expressions are told. */
  readonly tooDeep?: (() => ServiceError) | undefined;
}

/** Edits the item with the key, or makes it where there is none. */
export function updateWrite(table: Table, asked: KeyedUpdate, allows?: Allows): Write {
  const { update } = asked;
  const key = checkKey(table.definition.keySchema, asked.key);
  const checked = update === undefined ? measured : checkUpdate(table, update, asked.tooDeep);
  const apply = (before: Item | undefined) => {
    const item = update === undefined ? (before ?? key) : applyUpdate(update, before, key);
    return item && checked(item);
  };
  return { table, key, allows, change: { kind: "update", apply } };
}

function measured(item: Item): SizedItem {
  return { item, sizeBytes: checkedUpdatedItemSize(item) };
}

/** Checks what needs no item; answers the check of the item that the update leaves. */
function checkUpdate(
  table: Table,
  update: Update,
  tooDeep: KeyedUpdate["tooDeep"],
): (item: Item) => SizedItem {
  const { definition } = table;
  const targets = updateTargets(update);
  checkKeyUntouched(definition.keySchema, targets);
  const checkIndexKeys = definition.indexes.length === 0 ? undefined : checkOfIndexKeys(definition, update);
  checkNoPathIntoKeys(definition, attributesEntered(update.scope));
  // Only what is put inside of attributes can take an item deeper than the request is.
  const deepens = targets.some(({ nested }) => nested);
  return (item) => {
    if (deepens) checkNesting(item, tooDeep);
    checkIndexKeys?.(item);
    const sized = measured(item);
    if (!fitsWithLocalEntries(table, sized)) throw updatedItemTooLarge();
    return sized;
  };
}

/** The same for index keys alone; undefined where the update writes none. */
function checkOfIndexKeys({ indexes }: TableDefinition, update: Update): ((item: Item) => void) | undefined {
  const names = new Set(updateTargets(update).map(({ name }) => name));
  const keyed = indexesKeyedBy(indexes, names);
  if (keyed.length === 0) return undefined;
  const given = givenAttributes(update);
  checkGivenIndexKeyValues(keyed, given);
  checkGivenIndexKeyTypes(keyed, given);
  return (item) => {
    checkUpdatedIndexKeys(keyed, names, item);
  };
}

/**
 * Refuses empty and too long values in the keys of an item to put. Transactions refuse these as a whole, before they
 * look at the other faults of keys, which cancel them.
 */
export function checkPutKeyValues({ keySchema, indexes }: TableDefinition, item: Item): void {
  checkKeyValues(keySchema, item);
  checkIndexKeyValues(indexes, item);
}

/** The same of an update. */
export function checkUpdateKeyValues(
  { keySchema, indexes }: TableDefinition,
  { key, update }: KeyedUpdate,
): void {
  checkKeyValues(keySchema, key);
  if (update !== undefined && indexes.length > 0) checkGivenIndexKeyValues(indexes, givenAttributes(update));
}
