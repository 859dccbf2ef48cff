/** Byte strings as statements take them. */
import { bufferOf } from "../../base/bytes.ts";

const byteaType = 17;
const noDimensions = 12;
const oneDimension = 20;

/** A list of byte strings in the protocol's binary form: the driver would write hexadecimal text, twice as long. */
export function byteaArray(values: readonly (Uint8Array | undefined)[]): Buffer {
  const array = Buffer.allocUnsafe(values.length === 0 ? noDimensions : sizeOf(values));
  array.writeInt32BE(values.length === 0 ? 0 : 1, 0);
  array.writeInt32BE(values.includes(undefined) ? 1 : 0, 4);
  array.writeInt32BE(byteaType, 8);
  if (values.length === 0) return array;
  array.writeInt32BE(values.length, 12);
  array.writeInt32BE(1, 16);
  let at = oneDimension;
  for (const value of values) {
    array.writeInt32BE(value?.length ?? -1, at);
    at += 4;
    if (value === undefined) continue;
    array.set(value, at);
    at += value.length;
  }
  return array;
}

function sizeOf(values: readonly (Uint8Array | undefined)[]): number {
  return values.reduce((bytes, value) => bytes + 4 + (value?.length ?? 0), oneDimension);
}

/** A list of whole numbers, as text. */
export function numberArray(values: readonly number[]): string {
  return `{${values.join(",")}}`;
}

/** A key as text, each byte as one character: maps know text but not bytes. */
export function nameOf(key: Uint8Array): string {
  return bufferOf(key).toString("latin1");
}
