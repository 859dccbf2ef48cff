/**
 * What transactions of this server are doing right now. It lets the server answer conflicts as the service does; that
 * transactions are serializable rests on the engine alone, also where several servers share it.
 */
import { bufferOf } from "../../base/bytes.ts";
import type { TokenUse } from "./idempotency.ts";

export class TransactionsUnderWay {
  /** The keys of the items they write, as text. */
  readonly #items = new Set<string>();
  /** The fingerprints of those that have a token, by the token's key. */
  readonly #tokens = new Map<string, Uint8Array>();

  /** True when nothing can be in the way: all that writes outside of transactions look at then. */
  get none(): boolean {
    return this.#items.size === 0;
  }

  isWriting(itemKey: Uint8Array): boolean {
    return this.#items.has(nameOf(itemKey));
  }

  /** What the transaction does that has the token with this key; undefined when there is none under way. */
  fingerprintOf(tokenKey: Uint8Array): Uint8Array | undefined {
    return this.#tokens.get(nameOf(tokenKey));
  }

  /** Keeps others off the items, which no transaction is writing, until `work` is done. */
  async holding<T>(itemKeys: readonly Uint8Array[], work: () => Promise<T>): Promise<T> {
    const names = itemKeys.map(nameOf);
    for (const name of names) this.#items.add(name);
    try {
      return await work();
    } finally {
      for (const name of names) this.#items.delete(name);
    }
  }

  /** Keeps others off the token, which no transaction has, until `work` is done. */
  async naming<T>({ key, fingerprint }: TokenUse, work: () => Promise<T>): Promise<T> {
    const name = nameOf(key);
    this.#tokens.set(name, fingerprint);
    try {
      return await work();
    } finally {
      this.#tokens.delete(name);
    }
  }
}

function nameOf(key: Uint8Array): string {
  return bufferOf(key).toString("latin1");
}
