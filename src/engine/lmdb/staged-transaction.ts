import type { Amounts, Transaction } from "../engine.ts";
import { assertFits } from "../limits.ts";
import { TallyChanges } from "../tally.ts";

export interface StagedEntry {
  readonly key: Uint8Array;
  /** Undefined deletes. */
  readonly value: Uint8Array | undefined;
}

/** Finds what a transaction did not stage itself. `name` is the key as text, see `StagedEntries`. */
export type Lookup = (key: Uint8Array, name: string) => Uint8Array | undefined;

/** Entries by their key's bytes, each byte as one character: a map knows text but not bytes. */
export type StagedEntries = Map<string, StagedEntry>;

/** Remembers what one body stages, and reads through it. */
export class StagedTransaction implements Transaction {
  readonly staged: StagedEntries = new Map();
  readonly #lookup: Lookup;
  #tallies: TallyChanges | undefined;

  constructor(lookup: Lookup) {
    this.#lookup = lookup;
  }

  getMany(keys: readonly Uint8Array[]): Promise<readonly (Uint8Array | undefined)[]> {
    return Promise.resolve(keys.map((key) => this.#get(key)));
  }

  #get(key: Uint8Array): Uint8Array | undefined {
    const name = nameOf(key);
    const staged = this.staged.get(name);
    return staged === undefined ? this.#lookup(key, name) : staged.value;
  }

  put(key: Uint8Array, value: Uint8Array): void {
    assertFits(key, value);
    this.staged.set(nameOf(key), { key, value });
  }

  delete(key: Uint8Array): void {
    this.staged.set(nameOf(key), { key, value: undefined });
  }

  add(key: Uint8Array, part: number, amounts: Amounts): void {
    this.#tallies ??= new TallyChanges();
    this.#tallies.add(key, part, amounts);
  }

  removeTally(key: Uint8Array, part?: number): void {
    this.#tallies ??= new TallyChanges();
    this.#tallies.remove(key, part);
  }

  /** To be called once, when the body is done: what it added up becomes part of what it staged. */
  stageTallies(): void {
    this.#tallies?.carryOut({
      get: (key) => this.#get(key),
      set: (key, value) => {
        if (value === undefined) this.delete(key);
        else this.put(key, value);
      },
    });
  }
}

function nameOf(key: Uint8Array): string {
  const buffer = key instanceof Buffer ? key : Buffer.from(key.buffer, key.byteOffset, key.length);
  return buffer.toString("latin1");
}
