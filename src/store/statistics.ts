/**
 * How many items a table and its indexes hold and how large they are: kept by every write in its own transaction, hence
 * exact. One record tells of the table and all its indexes, so that an index costs a write no further entry.
 */
import type { Transaction } from "../engine/engine.ts";
import { statisticsKey } from "./keyspace.ts";

export interface Statistics {
  readonly itemCount: number;
  /** The sum of the items' sizes by the service's rules. */
  readonly sizeBytes: number;
}

export interface TableStatistics extends Statistics {
  /** By index id; an index that never had an entry is not in it. */
  readonly indexes: ReadonlyMap<number, Statistics>;
}

const tableBytes = 16;
const indexBytes = 4 + 16;

export function decodeStatistics(value: Uint8Array | undefined): TableStatistics {
  const indexes = new Map<number, Statistics>();
  if (value === undefined) return { itemCount: 0, sizeBytes: 0, indexes };
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  const statisticsAt = (at: number) => ({
    itemCount: view.getFloat64(at),
    sizeBytes: view.getFloat64(at + 8),
  });
  for (let at = tableBytes; at < value.length; at += indexBytes) {
    indexes.set(view.getUint32(at), statisticsAt(at + 4));
  }
  return { ...statisticsAt(0), indexes };
}

export function encodeStatistics({ itemCount, sizeBytes, indexes }: TableStatistics): Uint8Array {
  const value = Buffer.allocUnsafe(tableBytes + indexes.size * indexBytes);
  value.writeDoubleBE(itemCount, 0);
  value.writeDoubleBE(sizeBytes, 8);
  let at = tableBytes;
  for (const [id, statistics] of indexes) {
    value.writeUInt32BE(id, at);
    value.writeDoubleBE(statistics.itemCount, at + 4);
    value.writeDoubleBE(statistics.sizeBytes, at + 12);
    at += indexBytes;
  }
  return value;
}

/** Sums what one transaction does to a table and its indexes and stages the result once. */
export class StatisticsChange {
  readonly #key: Uint8Array;
  readonly #current: TableStatistics;
  #indexes: Map<number, Statistics> | undefined;
  #items = 0;
  #bytes = 0;
  #changed = false;

  constructor(tableId: number, current: Uint8Array | undefined) {
    this.#key = statisticsKey(tableId);
    this.#current = decodeStatistics(current);
  }

  /** Counts an item that was, or is now, of so many bytes; undefined for none. */
  add(beforeBytes: number | undefined, afterBytes: number | undefined): void {
    this.#items += countOf(afterBytes) - countOf(beforeBytes);
    this.#bytes += (afterBytes ?? 0) - (beforeBytes ?? 0);
    this.#changed ||= this.#items !== 0 || this.#bytes !== 0;
  }

  /** The same for an entry of an index. */
  addEntry(indexId: number, beforeBytes: number | undefined, afterBytes: number | undefined): void {
    if (beforeBytes === afterBytes) return;
    this.#indexes ??= new Map(this.#current.indexes);
    const { itemCount, sizeBytes } = this.#indexes.get(indexId) ?? { itemCount: 0, sizeBytes: 0 };
    this.#indexes.set(indexId, {
      itemCount: itemCount + countOf(afterBytes) - countOf(beforeBytes),
      sizeBytes: sizeBytes + (afterBytes ?? 0) - (beforeBytes ?? 0),
    });
    this.#changed = true;
  }

  /** Forgets an index. */
  removeIndex(indexId: number): void {
    this.#indexes ??= new Map(this.#current.indexes);
    this.#indexes.delete(indexId);
    this.#changed = true;
  }

  stage(transaction: Transaction): void {
    if (!this.#changed) return;
    const { itemCount, sizeBytes, indexes } = this.#current;
    const after = {
      itemCount: itemCount + this.#items,
      sizeBytes: sizeBytes + this.#bytes,
      indexes: this.#indexes ?? indexes,
    };
    transaction.put(this.#key, encodeStatistics(after));
  }
}

function countOf(bytes: number | undefined): number {
  return bytes === undefined ? 0 : 1;
}
