/** The bounds of keys that may be made of several attributes: those of a part count together. */
import type { AttributeValue } from "../../model/attribute-value.ts";
import { emptyKeyValue, partitionKeyTooLong, sortKeyTooLong } from "../../model/messages/keys.ts";
import type { KeyAttribute } from "../../store/table.ts";
import { partitionKeyBytesMax, sortKeyBytesMax } from "../../values/limits.ts";
import { valueSize } from "../../values/size.ts";

/** Refuses values of the partition key, one for each attribute, of which one is empty or all are too long. */
export function checkPartitionKeyPart(
  attributes: readonly KeyAttribute[],
  values: readonly AttributeValue[],
): void {
  if (partSize(attributes, values) > partitionKeyBytesMax) throw partitionKeyTooLong(partitionKeyBytesMax);
}

/** The same for the sort key, of which there may be values for the first attributes alone. */
export function checkSortKeyPart(
  attributes: readonly KeyAttribute[],
  values: readonly AttributeValue[],
): void {
  if (partSize(attributes, values) > sortKeyBytesMax) throw sortKeyTooLong(sortKeyBytesMax);
}

function partSize(attributes: readonly KeyAttribute[], values: readonly AttributeValue[]): number {
  let sum = 0;
  for (const [at, { name, type }] of attributes.entries()) {
    const value = values[at];
    if (value === undefined) break;
    const bytes = valueSize(value);
    if (bytes === 0) throw emptyKeyValue(name, type);
    sum += bytes;
  }
  return sum;
}
