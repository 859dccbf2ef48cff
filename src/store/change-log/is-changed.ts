import { equalValues } from "../../values/compare.ts";
import type { StoredItem } from "../stored-item.ts";

/** Whether a write left the item other than it was. What is cheap to see comes first: most writes differ in length. */
export function isChanged(before: StoredItem | undefined, after: StoredItem | undefined): boolean {
  if (before === after) return false;
  if (before === undefined || after === undefined) return true;
  // Equal items have texts of one length, whatever the order of their attributes and of the members of sets.
  if (before.sizeBytes !== after.sizeBytes || jsonBytes(before) !== jsonBytes(after)) return true;
  if (Buffer.compare(jsonOf(before), jsonOf(after)) === 0) return false;
  return !equalValues({ M: before.item }, { M: after.item });
}

function jsonBytes({ bytes, start }: StoredItem): number {
  return bytes.length - start;
}

function jsonOf({ bytes, start }: StoredItem): Uint8Array {
  return bytes.subarray(start);
}
