/** What reads and writes cost: the service's arithmetic, in one place. */
import type { Consistency } from "../engine/engine.ts";

const readUnitBytes = 4096;
const writeUnitBytes = 1024;

/** Read units of `bytes` read together: a unit a started 4 KB, at least one, half of it when eventually consistent. */
export function readUnits(bytes: number, consistency: Consistency): number {
  const units = Math.max(1, Math.ceil(bytes / readUnitBytes));
  return consistency === "strong" ? units : units / 2;
}

/** Write units of one item: a unit a started 1 KB of the larger image, at least one. Zero bytes stand for no item. */
export function writeUnits(beforeBytes: number, afterBytes: number): number {
  return Math.max(1, Math.ceil(Math.max(beforeBytes, afterBytes) / writeUnitBytes));
}

/** Write units of an index for one item's entry: what it was, what it is (absent: not in the index), in bytes. */
export function entryWriteUnits(
  removedBytes: number | undefined,
  addedBytes: number | undefined,
  moves: boolean,
): number {
  if (removedBytes === undefined || addedBytes === undefined || !moves) {
    return writeUnits(removedBytes ?? 0, addedBytes ?? 0);
  }
  // An entry cannot change its key: it is removed and put.
  return writeUnits(removedBytes, 0) + writeUnits(0, addedBytes);
}
