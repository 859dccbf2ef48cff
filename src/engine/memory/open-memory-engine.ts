import type {
  Amounts,
  Chunk,
  Engine,
  Exchange,
  Exchanged,
  KeyRange,
  ReadView,
  ScanOptions,
  Tally,
  Transaction,
} from "../engine.ts";
import { exchangeWithin } from "../exchange.ts";
import { assertFits, embeddedLimits } from "../limits.ts";
import { decodeTally, TallyChanges } from "../tally.ts";
import { emptyTree, type Tree } from "./node.ts";
import { scanTree } from "./scan-tree.ts";
import { valueIn, withEntry, withoutKey } from "./tree.ts";

/** An engine that forgets everything when it is closed. Many may be open at once. */
export function openMemoryEngine(): Engine {
  return new MemoryEngine();
}

class MemoryEngine implements Engine {
  readonly limits = embeddedLimits;
  readonly isDistant = false;
  #tree: Tree = emptyTree;
  /** Settles when the last body that was handed in is done: bodies run one after another. */
  #lastWrite: Promise<unknown> = Promise.resolve();
  readonly #reads = new Set<Promise<unknown>>();

  getMany(keys: readonly Uint8Array[]): Promise<readonly (Uint8Array | undefined)[]> {
    return new TreeView(this.#tree).getMany(keys);
  }

  async read<T>(body: (view: ReadView) => Promise<T>): Promise<T> {
    const reading = body(new TreeView(this.#tree));
    this.#reads.add(reading);
    try {
      return await reading;
    } finally {
      this.#reads.delete(reading);
    }
  }

  write<T>(body: (transaction: Transaction) => Promise<T>): Promise<T> {
    const writing = this.#lastWrite.then(() => this.#runAlone(body));
    this.#lastWrite = writing.catch(ignore);
    return writing;
  }

  async #runAlone<T>(body: (transaction: Transaction) => Promise<T>): Promise<T> {
    const transaction = new TreeTransaction(this.#tree);
    const result = await body(transaction);
    this.#tree = transaction.finished();
    return result;
  }

  exchange(exchange: Exchange): Promise<Exchanged> {
    return this.write((transaction) => exchangeWithin(transaction, exchange));
  }

  async close(): Promise<void> {
    await this.#lastWrite;
    await Promise.allSettled(this.#reads);
    this.#tree = emptyTree;
  }
}

class TreeView implements ReadView {
  readonly #tree: Tree;

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  getMany(keys: readonly Uint8Array[]): Promise<readonly (Uint8Array | undefined)[]> {
    return Promise.resolve(keys.map((key) => valueIn(this.#tree, key)));
  }

  scan(range: KeyRange, options: ScanOptions): Promise<Chunk> {
    return Promise.resolve(scanTree(this.#tree, range, options));
  }

  tally(key: Uint8Array): Promise<Tally> {
    return Promise.resolve(decodeTally(valueIn(this.#tree, key)));
  }
}

/** Works on a tree of its own, which becomes the engine's when the body succeeds. */
class TreeTransaction implements Transaction {
  #tree: Tree;
  readonly #tallies = new TallyChanges();

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  getMany(keys: readonly Uint8Array[]): Promise<readonly (Uint8Array | undefined)[]> {
    return Promise.resolve(keys.map((key) => valueIn(this.#tree, key)));
  }

  put(key: Uint8Array, value: Uint8Array): void {
    assertFits(key, value);
    this.#tree = withEntry(this.#tree, Buffer.from(key), Buffer.from(value));
  }

  delete(key: Uint8Array): void {
    this.#tree = withoutKey(this.#tree, key);
  }

  add(key: Uint8Array, part: number, amounts: Amounts): void {
    this.#tallies.add(key, part, amounts);
  }

  removeTally(key: Uint8Array, part?: number): void {
    this.#tallies.remove(key, part);
  }

  finished(): Tree {
    this.#tallies.carryOut({
      get: (key) => valueIn(this.#tree, key),
      set: (key, value) => {
        if (value === undefined) this.delete(key);
        else this.put(key, value);
      },
    });
    return this.#tree;
  }
}

function ignore(): void {
  // Whoever handed in the body hears of its failure.
}
