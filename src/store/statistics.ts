/**
 * How many items a table and its indexes hold and how large they are: added up by every write in its own transaction,
 * hence exact. One tally tells of the table and all its indexes.
 */
import type { Amounts, Tally, Transaction } from "../engine/engine.ts";
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

/** The part of the tally that tells of the table itself; indexes have their ids, which start at 1. */
export const tablePart = 0;

export function statisticsOf(tally: Tally): TableStatistics {
  const indexes = new Map<number, Statistics>();
  let table: Statistics = { itemCount: 0, sizeBytes: 0 };
  for (const [part, { count, bytes }] of tally) {
    const statistics = { itemCount: count, sizeBytes: bytes };
    if (part === tablePart) table = statistics;
    else indexes.set(part, statistics);
  }
  return { ...table, indexes };
}

/** Sums what one transaction does to a table and its indexes and stages the result once. */
export class StatisticsChange {
  readonly #key: Uint8Array;
  readonly #parts = new Map<number, Amounts>();

  constructor(tableId: number) {
    this.#key = statisticsKey(tableId);
  }

  /** Counts an item that was, or is now, of so many bytes; undefined for none. */
  add(beforeBytes: number | undefined, afterBytes: number | undefined): void {
    this.#add(tablePart, beforeBytes, afterBytes);
  }

  /** The same for an entry of an index. */
  addEntry(indexId: number, beforeBytes: number | undefined, afterBytes: number | undefined): void {
    this.#add(indexId, beforeBytes, afterBytes);
  }

  #add(part: number, beforeBytes: number | undefined, afterBytes: number | undefined): void {
    if (beforeBytes === afterBytes) return;
    const { count, bytes } = this.#parts.get(part) ?? { count: 0, bytes: 0 };
    this.#parts.set(part, {
      count: count + countOf(afterBytes) - countOf(beforeBytes),
      bytes: bytes + (afterBytes ?? 0) - (beforeBytes ?? 0),
    });
  }

  stage(transaction: Transaction): void {
    for (const [part, amounts] of this.#parts) {
      if (amounts.count !== 0 || amounts.bytes !== 0) transaction.add(this.#key, part, amounts);
    }
  }
}

function countOf(bytes: number | undefined): number {
  return bytes === undefined ? 0 : 1;
}
