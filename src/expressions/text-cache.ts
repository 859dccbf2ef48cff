/** Keeps the newest results of reading texts. A text that is asked for again and again is never forgotten. */
export class TextCache<Result> {
  readonly #entriesMax: number;
  #young = new Map<string, Result>();
  #old = new Map<string, Result>();

  /** Holds up to twice as many entries. */
  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax;
  }

  /** What `read` made of `text`, now or earlier. */
  get(text: string, read: (text: string) => Result): Result {
    const young = this.#young.get(text);
    if (young !== undefined) return young;
    const result = this.#old.get(text) ?? read(text);
    if (this.#young.size >= this.#entriesMax) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(text, result);
    return result;
  }
}
