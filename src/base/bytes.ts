/** Bytes from text and back, and the few operations on byte strings that keys need. */

/** Compares unsigned, a prefix before what it prefixes: the order of every engine's keys. */
export function compareBytes(left: Uint8Array, right: Uint8Array): number {
  return Buffer.compare(left, right);
}

/** The least byte string above every string that starts with `prefix`; undefined when there is none. */
export function afterPrefix(prefix: Uint8Array): Uint8Array | undefined {
  const end = prefix.findLastIndex((byte) => byte !== 0xff);
  if (end < 0) return undefined;
  const after = Buffer.from(prefix.subarray(0, end + 1));
  after[end] = (after[end] ?? 0) + 1;
  return after;
}

/** The least byte string above `key`. */
export function afterKey(key: Uint8Array): Uint8Array {
  return Buffer.concat([key, Buffer.of(0)]);
}

/** The text that `bytes` hold from `start` on, in UTF-8. */
export function textOf(bytes: Uint8Array, start: number): string {
  return bufferOf(bytes).toString("utf8", start);
}

/** The same bytes, not a copy, with the methods of a Buffer. */
export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
