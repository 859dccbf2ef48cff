import type { AttributeValue } from "../model/attribute-value.ts";
import { keyBytes } from "./key-bytes.ts";

/** What a zero byte becomes, so that two of them can only be the end of a value. */
const escapedZero = Buffer.of(0, 0xff);
const end = Buffer.of(0, 0);

/**
 * The bytes of several checked key values one after another, which order, unsigned, as the values do: by the first that
 * differs. Each is closed, so that no value is a prefix of another.
 */
export function keyTupleBytes(values: readonly AttributeValue[]): Buffer {
  const [first] = values;
  // By far the commonest: the text and its end in one piece.
  if (values.length === 1 && first?.S !== undefined && !first.S.includes("\0")) {
    return Buffer.from(`${first.S}\0\0`);
  }
  return Buffer.concat(values.flatMap((value) => [openKeyBytes(value), end]));
}

/** The bytes of a value left open: what everything that starts with it starts with, inside a tuple. */
export function openKeyBytes(value: AttributeValue): Uint8Array {
  const bytes = keyBytes(value);
  let zero = bytes.indexOf(0);
  if (zero < 0) return bytes;
  const parts: Uint8Array[] = [];
  let start = 0;
  for (; zero >= 0; zero = bytes.indexOf(0, start)) {
    parts.push(bytes.subarray(start, zero), escapedZero);
    start = zero + 1;
  }
  parts.push(bytes.subarray(start));
  return Buffer.concat(parts);
}
