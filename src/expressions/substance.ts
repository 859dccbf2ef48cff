/** What values have in them: their beginnings and parts. */
import type { AttributeValue } from "../model/attribute-value.ts";
import { equalValues } from "../values/compare.ts";

/** Whether `value` is text or bytes and starts with `prefix`, which is of the same type. */
export function beginsWith(value: AttributeValue, prefix: AttributeValue): boolean {
  if (value.S !== undefined) return prefix.S !== undefined && value.S.startsWith(prefix.S);
  if (value.B === undefined || prefix.B === undefined) return false;
  const start = bytesOf(prefix.B);
  return bytesOf(value.B).subarray(0, start.length).equals(start);
}

/** Whether `part` is in `value`: a part of its text or bytes, a member of the set, or an element of the list. */
export function contains(value: AttributeValue, part: AttributeValue): boolean {
  if (value.S !== undefined) return part.S !== undefined && value.S.includes(part.S);
  if (value.L !== undefined) return value.L.some((element) => equalValues(element, part));
  if (value.SS !== undefined) return part.S !== undefined && value.SS.includes(part.S);
  if (value.NS !== undefined) return part.N !== undefined && value.NS.includes(part.N);
  if (value.BS !== undefined) return part.B !== undefined && value.BS.includes(part.B);
  if (value.B !== undefined) return part.B !== undefined && bytesOf(value.B).includes(bytesOf(part.B));
  return false;
}

function bytesOf(base64: string): Buffer {
  return Buffer.from(base64, "base64");
}
