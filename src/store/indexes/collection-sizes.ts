/** How large the item collections of tables with local indexes are: items and their local entries together. */
import { bufferOf } from "../../base/bytes.ts";
import type { Transaction } from "../../engine/engine.ts";

interface CollectionSize {
  readonly key: Uint8Array;
  readonly before: number;
  now: number;
}

/** Sums what one transaction does to item collections and stages the results once. */
export class CollectionSizesChange {
  readonly #sizes = new Map<string, CollectionSize>();

  /** Takes in the stored size of a collection. */
  know(key: Uint8Array, value: Uint8Array | undefined): void {
    const bytes = value === undefined ? 0 : decodeSize(value);
    this.#sizes.set(nameOf(key), { key, before: bytes, now: bytes });
  }

  /** Adds to a known collection; answers its size with that. */
  grow(key: Uint8Array, bytes: number): number {
    const size = this.#sizes.get(nameOf(key));
    if (size === undefined) return 0;
    size.now += bytes;
    return size.now;
  }

  stage(transaction: Transaction): void {
    for (const { key, before, now } of this.#sizes.values()) {
      if (now === before) continue;
      if (now === 0) transaction.delete(key);
      else transaction.put(key, encodeSize(now));
    }
  }
}

function nameOf(key: Uint8Array): string {
  return bufferOf(key).toString("latin1");
}

function encodeSize(bytes: number): Uint8Array {
  const value = Buffer.allocUnsafe(8);
  value.writeDoubleBE(bytes);
  return value;
}

function decodeSize(value: Uint8Array): number {
  return new DataView(value.buffer, value.byteOffset, value.byteLength).getFloat64(0);
}
