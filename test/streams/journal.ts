/** A state that an item was left in by a change: the token of the write that made it; undefined for none. */
export type State = string | undefined;

/** One change as a stream tells of it. */
export interface ToldChange {
  readonly id: string;
  readonly before: State;
  readonly after: State;
}

/** Everything that was done to the items of the drill, in order item by item: what streams have to tell. */
export class Journal {
  readonly #states = new Map<string, State[]>();
  /** Writes without an answer, at most one an item: only a look at the item tells whether they were done. */
  readonly #unsettled = new Map<string, State>();

  get changes(): number {
    let changes = 0;
    for (const states of this.#states.values()) changes += states.length;
    return changes;
  }

  /** How an item is now. */
  current(id: string): State {
    return this.#states.get(id)?.at(-1);
  }

  /** Records a write that was acknowledged. One that leaves the item as it was is no change. */
  done(id: string, after: State): void {
    if (after === this.current(id)) return;
    const states = this.#states.get(id);
    if (states === undefined) this.#states.set(id, [after]);
    else states.push(after);
  }

  /** Records a write that got no answer. */
  unknown(id: string, after: State): void {
    this.#unsettled.set(id, after);
  }

  get unsettled(): readonly string[] {
    return [...this.#unsettled.keys()];
  }

  /** Records what an item was found to be that had a write without an answer. */
  settle(id: string, found: State): void {
    const after = this.#unsettled.get(id);
    this.#unsettled.delete(id);
    if (found === after) this.done(id, after);
    else if (found !== this.current(id)) {
      throw new Error(`item ${id} is ${String(found)}, which nobody has made of it`);
    }
  }

  /** What is wrong with a telling of it all: a change that is missing, told twice, or out of its order. */
  compare(told: readonly ToldChange[]): string[] {
    const wrong: string[] = [];
    const states = new Map<string, State[]>();
    for (const { id, before, after } of told) {
      const so = states.get(id) ?? [];
      if (before !== so.at(-1))
        wrong.push(`item ${id}: ${String(before)} is not what came before ${String(after)}`);
      states.set(id, [...so, after]);
    }
    for (const id of new Set([...this.#states.keys(), ...states.keys()])) {
      const done = (this.#states.get(id) ?? []).map(String).join(" ");
      const heard = (states.get(id) ?? []).map(String).join(" ");
      if (done !== heard) wrong.push(`item ${id}\n  was   ${done}\n  heard ${heard}`);
    }
    return wrong;
  }
}
