import { afterKey, compareBytes } from "../../base/bytes.ts";
import type { Engine, Entry } from "../../engine/engine.ts";
import { copiedRanges } from "./migration-keys.ts";

/** How much is read, and written, at a time. */
export interface BatchBounds {
  readonly entriesMax: number;
  /** A batch ends with the entry that brings the sum of its values to this. */
  readonly bytesMax: number;
  /** False leaves values empty. */
  readonly values?: boolean;
}

/** Few round trips to an engine far away, and little to hold in memory. */
export const batchBounds: BatchBounds = { entriesMax: 500, bytesMax: 1_048_576 };

/**
 * Everything that is copied, behind a key, in key order. While one batch is used the next one is read. Each is read at
 * a moment of its own, so nobody else may write.
 */
export async function* batchesOf(
  engine: Engine,
  after: Uint8Array | undefined,
  bounds: BatchBounds = batchBounds,
): AsyncGenerator<readonly Entry[]> {
  let from = after === undefined ? undefined : afterKey(after);
  let reading = readBatch(engine, from, bounds);
  for (;;) {
    const batch = await reading;
    from = batch.next;
    if (from !== undefined) {
      reading = readBatch(engine, from, bounds);
      // Whoever stops early hears nothing of it.
      reading.catch(ignore);
    }
    if (batch.entries.length > 0) yield batch.entries;
    if (from === undefined) return;
  }
}

interface Batch {
  readonly entries: readonly Entry[];
  /** Where the next batch begins; undefined when there is none. */
  readonly next: Uint8Array | undefined;
}

async function readBatch(engine: Engine, from: Uint8Array | undefined, bounds: BatchBounds): Promise<Batch> {
  for (const range of copiedRanges) {
    const start = from !== undefined && compareBytes(from, range.from) > 0 ? from : range.from;
    if (compareBytes(start, range.until) >= 0) continue;
    const { entries, exhausted } = await engine.read((view) =>
      view.scan({ from: start, until: range.until }, bounds),
    );
    const last = entries.at(-1);
    if (last !== undefined) return { entries, next: exhausted ? range.until : afterKey(last.key) };
  }
  return { entries: [], next: undefined };
}

function ignore(): void {
  // Nothing more is wanted of it.
}
