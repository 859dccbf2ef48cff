/** How many items a table holds and how large they are: kept by every write in its own transaction, hence exact. */
import type { Transaction } from "../engine/engine.ts";
import { statisticsKey } from "./keyspace.ts";
import type { StoredItem } from "./stored-item.ts";

export interface Statistics {
  readonly itemCount: number;
  /** The sum of the items' sizes by the service's rules. */
  readonly sizeBytes: number;
}

export function decodeStatistics(value: Uint8Array | undefined): Statistics {
  if (value === undefined) return { itemCount: 0, sizeBytes: 0 };
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  return { itemCount: view.getFloat64(0), sizeBytes: view.getFloat64(8) };
}

function encodeStatistics({ itemCount, sizeBytes }: Statistics): Uint8Array {
  const value = Buffer.allocUnsafe(16);
  value.writeDoubleBE(itemCount, 0);
  value.writeDoubleBE(sizeBytes, 8);
  return value;
}

/** Sums what one transaction does to a table and stages the result once. */
export class StatisticsChange {
  readonly #key: Uint8Array;
  readonly #current: Statistics;
  #items = 0;
  #bytes = 0;

  constructor(tableId: number, current: Uint8Array | undefined) {
    this.#key = statisticsKey(tableId);
    this.#current = decodeStatistics(current);
  }

  add(before: StoredItem | undefined, after: StoredItem | undefined): void {
    this.#items += (after === undefined ? 0 : 1) - (before === undefined ? 0 : 1);
    this.#bytes += (after?.sizeBytes ?? 0) - (before?.sizeBytes ?? 0);
  }

  stage(transaction: Transaction): void {
    if (this.#items === 0 && this.#bytes === 0) return;
    const { itemCount, sizeBytes } = this.#current;
    transaction.put(
      this.#key,
      encodeStatistics({ itemCount: itemCount + this.#items, sizeBytes: sizeBytes + this.#bytes }),
    );
  }
}
