/** Which of the records that were read are done: they may be done out of order, but a cursor has but one place. */
export class Progress {
  /** In order; those before `#first` are done. */
  #open: number[] = [];
  #first = 0;
  readonly #done = new Set<number>();
  /** Up to where everything is done. */
  #after: number;

  constructor(after: number) {
    this.#after = after;
  }

  /** Up to where everything is done. */
  get after(): number {
    return this.#after;
  }

  /** How many records are under way. */
  get underWay(): number {
    return this.#open.length - this.#first;
  }

  begin(sequence: number): void {
    this.#open.push(sequence);
  }

  /** There is nothing to deliver up to this sequence but what is under way. */
  skipTo(sequence: number): void {
    if (sequence <= (this.#open.at(-1) ?? this.#after)) return;
    this.begin(sequence);
    this.finish(sequence);
  }

  finish(sequence: number): void {
    this.#done.add(sequence);
    for (let next = this.#open[this.#first]; next !== undefined; next = this.#open[this.#first]) {
      if (!this.#done.delete(next)) break;
      this.#after = Math.max(this.#after, next);
      this.#first += 1;
    }
    if (this.#first > 1_000 || this.#first === this.#open.length) {
      this.#open = this.#open.slice(this.#first);
      this.#first = 0;
    }
  }
}
