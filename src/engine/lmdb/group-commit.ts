import { nextTurn } from "../../base/next-turn.ts";
import { EngineError, type Transaction } from "../engine.ts";
import { StagedTransaction, type StagedEntries, type StagedEntry } from "./staged-transaction.ts";

/** Where groups go: what is durable, and the way to make more of it so. */
export interface DurableMap {
  get(key: Uint8Array): Uint8Array | undefined;
  /** Applies all or none and resolves once that is durable. No key comes twice. */
  apply(entries: Iterable<StagedEntry>): Promise<void>;
}

/**
 * Runs transaction bodies one after another and makes what they staged durable many at a time. A body sees what the
 * bodies before it staged although that is not durable yet; so it settles, whatever its outcome, no sooner than all
 * it may have seen. While one group is flushed, the next one gathers on top of it.
 */
export class GroupCommit {
  readonly #durable: DurableMap;
  #waiting: (() => Promise<void>)[] = [];
  #running: Promise<void> | undefined;
  #gathering = new Group();
  #flushing: Group | undefined;
  #flush: Promise<void> = Promise.resolve();
  #flushPlanned = false;
  /** Set by the first flush that failed. Its outcome is unknown, so nothing is built on it: no write succeeds again. */
  #failure: EngineError | undefined;

  constructor(durable: DurableMap) {
    this.#durable = durable;
  }

  write<T>(body: (transaction: Transaction) => Promise<T>): Promise<T> {
    return new Promise((resolve, fail) => {
      this.#waiting.push(() => this.#run(body, resolve, fail));
      this.#running ??= this.#runWaiting();
    });
  }

  /** Resolves when every body handed in, also meanwhile, has settled. */
  async idle(): Promise<void> {
    while (
      this.#running !== undefined ||
      this.#flushing !== undefined ||
      this.#gathering.outcomes.length > 0
    ) {
      await this.#running;
      await this.#flush;
      await nextTurn();
    }
  }

  async #runWaiting(): Promise<void> {
    // What is handed in together starts together.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const bodies = this.#waiting;
      this.#waiting = [];
      for (const run of bodies) await run();
    }
    this.#running = undefined;
  }

  async #run<T>(
    body: (transaction: Transaction) => Promise<T>,
    resolve: (result: T) => void,
    fail: (error: unknown) => void,
  ): Promise<void> {
    const transaction = new StagedTransaction(this.#lookup);
    let settle: () => void;
    try {
      const result = await body(transaction);
      transaction.stageTallies();
      settle = () => {
        resolve(result);
      };
      this.#gathering.add(transaction.staged);
    } catch (error) {
      settle = () => {
        fail(error);
      };
    }
    this.#settleWhenDurable({ settle, fail });
  }

  readonly #lookup = (key: Uint8Array, name: string): Uint8Array | undefined => {
    const staged = this.#gathering.entries.get(name) ?? this.#flushing?.entries.get(name);
    if (staged === undefined) return this.#durable.get(key);
    // A copy: the bytes are those of another writer, who may reuse them as soon as its write resolved.
    return staged.value === undefined ? undefined : Buffer.from(staged.value);
  };

  #settleWhenDurable(outcome: Outcome): void {
    if (this.#failure !== undefined) {
      this.#gathering = new Group();
      outcome.fail(this.#failure);
    } else if (this.#flushing === undefined && this.#gathering.entries.size === 0) {
      outcome.settle();
    } else {
      this.#gathering.outcomes.push(outcome);
      if (this.#flushing === undefined) this.#planFlush();
    }
  }

  /** Bodies that other sockets hand in during this turn of the event loop still join the group. */
  #planFlush(): void {
    if (this.#flushPlanned) return;
    this.#flushPlanned = true;
    void nextTurn().then(() => {
      this.#flushPlanned = false;
      this.#startFlush();
    });
  }

  #startFlush(): void {
    const group = this.#gathering;
    if (this.#flushing !== undefined || group.outcomes.length === 0) return;
    this.#gathering = new Group();
    if (group.entries.size === 0) group.settle();
    else {
      this.#flushing = group;
      this.#flush = this.#makeDurable(group);
    }
  }

  async #makeDurable(group: Group): Promise<void> {
    try {
      await this.#durable.apply(group.entries.values());
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      this.#failure = new EngineError(`a write could not be made durable: ${reason}`, { cause });
    }
    const after = this.#gathering;
    this.#flushing = undefined;
    if (this.#failure === undefined) {
      this.#startFlush();
      group.settle();
    } else {
      this.#gathering = new Group();
      group.fail(this.#failure);
      after.fail(this.#failure);
    }
  }
}

interface Outcome {
  readonly settle: () => void;
  readonly fail: (error: unknown) => void;
}

/** What some bodies staged, a key once however often it was put, and how those bodies end once that is durable. */
class Group {
  readonly entries: StagedEntries = new Map();
  readonly outcomes: Outcome[] = [];

  add(staged: StagedEntries): void {
    for (const [name, entry] of staged) this.entries.set(name, entry);
  }

  settle(): void {
    for (const { settle } of this.outcomes) settle();
  }

  fail(error: EngineError): void {
    for (const { fail } of this.outcomes) fail(error);
  }
}
