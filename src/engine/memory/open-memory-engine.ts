import type { Chunk, Engine, KeyRange, ReadView, ScanOptions, Transaction } from "../engine.ts";
import { assertFits, embeddedLimits } from "../limits.ts";
import { emptyTree, type Tree } from "./node.ts";
import { scanTree } from "./scan-tree.ts";
import { valueIn, withEntry, withoutKey } from "./tree.ts";

/** An engine that forgets everything when it is closed. Many may be open at once. */
export function openMemoryEngine(): Engine {
  return new MemoryEngine();
}

class MemoryEngine implements Engine {
  readonly limits = embeddedLimits;
  #tree: Tree = emptyTree;
  /** Settles when the last body that was handed in is done: bodies run one after another. */
  #lastWrite: Promise<unknown> = Promise.resolve();
  readonly #reads = new Set<Promise<unknown>>();

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
    this.#tree = transaction.tree;
    return result;
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
}

/** Works on a tree of its own, which becomes the engine's when the body succeeds. */
class TreeTransaction implements Transaction {
  tree: Tree;

  constructor(tree: Tree) {
    this.tree = tree;
  }

  getMany(keys: readonly Uint8Array[]): Promise<readonly (Uint8Array | undefined)[]> {
    return Promise.resolve(keys.map((key) => valueIn(this.tree, key)));
  }

  put(key: Uint8Array, value: Uint8Array): void {
    assertFits(key, value);
    this.tree = withEntry(this.tree, Buffer.from(key), Buffer.from(value));
  }

  delete(key: Uint8Array): void {
    this.tree = withoutKey(this.tree, key);
  }
}

function ignore(): void {
  // Whoever handed in the body hears of its failure.
}
