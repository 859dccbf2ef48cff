/** Those of this server who want to hear at once that a log has grown. */
export class AppendListeners {
  readonly #listeners = new Set<(tableId: number) => void>();

  /** Answers how to take the listener out again. */
  add(listener: (tableId: number) => void): () => void {
    // Its own function, so that one that is added twice is two.
    const own = (tableId: number) => {
      listener(tableId);
    };
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  tell(tableId: number): void {
    for (const listener of this.#listeners) listener(tableId);
  }
}
