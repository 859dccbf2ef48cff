/**
 * The key attributes of indexes in items that are written. An item may lack them, and is then not in the index; those
 * that it has must be keys. Of several faults the service reports that of the index whose name comes first.
 */
import type { GivenAttribute } from "../../expressions/given-attributes.ts";
import type { ServiceError } from "../../model/errors.ts";
import {
  attributeOf,
  emptyItem,
  kindOf,
  type AttributeKind,
  type Item,
} from "../../model/attribute-value.ts";
import {
  emptyIndexKey,
  indexKeyTooLong,
  indexKeyTypeMismatch,
  indexKeyUpdatedToEmpty,
  indexKeyUpdatedToOtherType,
  indexKeyUpdatedTooLong,
  type IndexKey,
} from "../../model/messages/index-keys.ts";
import { indexKeyAttributes } from "../../store/key-attributes.ts";
import type { IndexDefinition, KeyAttribute } from "../../store/table.ts";
import { partitionKeyBytesMax, sortKeyBytesMax } from "../../values/limits.ts";
import { valueSize } from "../../values/size.ts";

type Indexes = readonly IndexDefinition[];

/** Refuses an item to put in which index keys are of another type than the table's definition says. */
export function checkIndexKeyTypes(indexes: Indexes, item: Item): void {
  if (indexes.length === 0) return;
  refuseFirst(indexes, (index) =>
    mismatchOf(index, (name) => {
      const value = attributeOf(item, name);
      return value && kindOf(value);
    }),
  );
}

/** Refuses an item to put in which index keys are empty or too long. */
export function checkIndexKeyValues(indexes: Indexes, item: Item): void {
  if (indexes.length === 0) return;
  refuseFirst(indexes, (index) =>
    valueFault(index, item, { empty: emptyIndexKey, tooLong: indexKeyTooLong }),
  );
}

/** Refuses what the text of an update already tells of the types of index keys. */
export function checkGivenIndexKeyTypes(indexes: Indexes, given: readonly GivenAttribute[]): void {
  refuseFirst(indexes, (index) =>
    mismatchOf(index, (name) => given.find((attribute) => attribute.name === name)?.kind),
  );
}

/** Refuses what the text of an update already tells of the values of index keys. */
export function checkGivenIndexKeyValues(indexes: Indexes, given: readonly GivenAttribute[]): void {
  const item = emptyItem();
  for (const { name, value } of given) if (value !== undefined) item[name] = value;
  refuseFirst(indexes, (index) =>
    valueFault(index, item, { empty: updatedToEmpty, tooLong: indexKeyTooLong }),
  );
}

/**
 * Refuses an item that an update leaves with bad index keys among the attributes called `names`, which are those that
 * it updates. What was bad before is older than the index and may stay.
 */
export function checkUpdatedIndexKeys(indexes: Indexes, names: ReadonlySet<string>, item: Item): void {
  for (const index of indexes) {
    const attributes = indexKeyAttributes(index);
    if (attributes.some((attribute) => names.has(attribute.name) && isOfOtherType(attribute, item))) {
      throw indexKeyUpdatedToOtherType();
    }
  }
  refuseFirst(indexes, (index) =>
    valueFault(index, item, { names, empty: updatedToEmpty, tooLong: indexKeyUpdatedTooLong }),
  );
}

/** The indexes that have attributes called `names` in their keys. */
export function indexesKeyedBy(indexes: Indexes, names: ReadonlySet<string>): Indexes {
  return indexes.filter((index) => indexKeyAttributes(index).some(({ name }) => names.has(name)));
}

function isOfOtherType({ name, type }: KeyAttribute, item: Item): boolean {
  const value = attributeOf(item, name);
  return value !== undefined && value[type] === undefined;
}

/** An index that is going refuses nothing any more. */
function refuseFirst(indexes: Indexes, faultOf: (index: IndexDefinition) => ServiceError | undefined): void {
  let first: { readonly name: string; readonly fault: ServiceError } | undefined;
  for (const index of indexes) {
    if (index.state === "deleting" || (first !== undefined && index.name > first.name)) continue;
    const fault = faultOf(index);
    if (fault !== undefined) first = { name: index.name, fault };
  }
  if (first !== undefined) throw first.fault;
}

function mismatchOf(
  index: IndexDefinition,
  kindNamed: (name: string) => AttributeKind | undefined,
): ServiceError | undefined {
  for (const { name, type } of indexKeyAttributes(index)) {
    const kind = kindNamed(name);
    if (kind !== undefined && kind !== type) {
      return indexKeyTypeMismatch({ name, indexName: index.name }, type, kind);
    }
  }
  return undefined;
}

interface ValueFaults {
  /** The attributes that may be at fault; absent: all. */
  readonly names?: ReadonlySet<string> | undefined;
  readonly empty: typeof emptyIndexKey;
  readonly tooLong: typeof indexKeyTooLong;
}

/** The bounds are those of whole partition keys and sort keys, however many attributes they are made of. */
function valueFault(index: IndexDefinition, item: Item, faults: ValueFaults): ServiceError | undefined {
  const { partitionKeys, sortKeys } = index.keySchema;
  return (
    partFault(index, { attributes: partitionKeys, bytesMax: partitionKeyBytesMax }, item, faults) ??
    partFault(index, { attributes: sortKeys, bytesMax: sortKeyBytesMax }, item, faults)
  );
}

/** The partition key or the sort key of an index. */
interface KeyPart {
  readonly attributes: readonly KeyAttribute[];
  readonly bytesMax: number;
}

function partFault(
  { name: indexName }: IndexDefinition,
  { attributes, bytesMax }: KeyPart,
  item: Item,
  { names, empty, tooLong }: ValueFaults,
): ServiceError | undefined {
  let bytes = 0;
  let last: IndexKey | undefined;
  for (const { name, type } of attributes) {
    const value = attributeOf(item, name);
    if (value?.[type] === undefined) continue;
    const size = valueSize(value);
    bytes += size;
    if (names !== undefined && !names.has(name)) continue;
    if (size === 0) return empty({ name, indexName }, type);
    last = { name, indexName };
  }
  return last !== undefined && bytes > bytesMax ? tooLong(last, { bytes, bytesMax }) : undefined;
}

const updatedToEmpty: typeof emptyIndexKey = (_key, kind) => indexKeyUpdatedToEmpty(kind);
