import { equalValues } from "../../values/compare.ts";
import type { StoredItem } from "../stored-item.ts";

/** Whether a write left the item other than it was. What is cheap to see comes first: most writes differ in length. */
export function isChanged(before: StoredItem | undefined, after: StoredItem | undefined): boolean {
  if (before === after) return false;
  if (before === undefined || after === undefined) return true;
  // Equal items have texts of the same bytes, in whatever order their attributes and the members of sets stand.
  if (before.sizeBytes !== after.sizeBytes || jsonBytes(before) !== jsonBytes(after)) return true;
  if (Buffer.compare(jsonOf(before), jsonOf(after)) === 0) return false;
  if (sumOfBytes(before) !== sumOfBytes(after)) return true;
  return !equalValues({ M: before.item }, { M: after.item });
}

function jsonBytes({ bytes, start }: StoredItem): number {
  return bytes.length - start;
}

/** Tells nearly all texts of other bytes apart, far cheaper than parsing them. */
function sumOfBytes({ bytes, start }: StoredItem): number {
  let sum = 0;
  for (let at = start; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    sum += byte * byte * byte;
  }
  return sum;
}

function jsonOf({ bytes, start }: StoredItem): Uint8Array {
  return bytes.subarray(start);
}
