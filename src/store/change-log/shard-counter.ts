/** How many records a shard has taken: every transaction that adds some reads and writes it, hence their one order. */
import { assert } from "../../base/assert.ts";

export interface ShardCounter {
  /** Of the last record. */
  readonly sequence: number;
  /** Of all records. */
  readonly bytes: number;
}

export function encodeCounter({ sequence, bytes }: ShardCounter): Uint8Array {
  const value = Buffer.allocUnsafe(16);
  value.writeDoubleBE(sequence, 0);
  value.writeDoubleBE(bytes, 8);
  return value;
}

export function decodeCounter(value: Uint8Array | undefined): ShardCounter {
  assert(value !== undefined, "an open shard has its counter");
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  return { sequence: view.getFloat64(0), bytes: view.getFloat64(8) };
}
