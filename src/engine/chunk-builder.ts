import type { Chunk, Entry, ScanOptions } from "./engine.ts";

/** Collects the entries of one chunk until its bounds are met, the same way for every engine. */
export class ChunkBuilder {
  readonly #entries: Entry[] = [];
  readonly #entriesMax: number;
  readonly #bytesMax: number;
  #bytes = 0;
  #exhausted = true;

  constructor({ entriesMax, bytesMax = Infinity }: ScanOptions) {
    this.#entriesMax = entriesMax;
    this.#bytesMax = bytesMax;
  }

  /** Takes the next entry of the range. False when the chunk is full already: the entry belongs to the next one. */
  add(key: Uint8Array, value: Uint8Array): boolean {
    if (this.#full()) {
      this.#exhausted = false;
      return false;
    }
    this.#entries.push({ key, value });
    this.#bytes += value.length;
    return true;
  }

  #full(): boolean {
    const count = this.#entries.length;
    return count >= this.#entriesMax || (count > 0 && this.#bytes >= this.#bytesMax);
  }

  finish(): Chunk {
    return { entries: this.#entries, exhausted: this.#exhausted };
  }
}
