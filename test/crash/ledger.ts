/** An item of the drill; undefined stands for an absent one. */
export interface DrillItem {
  readonly id: string;
  /** Says which write made the item: no two writes share one. */
  readonly token: string;
  readonly count: number;
  readonly payload: string;
}

export type State = DrillItem | undefined;

/** One item's next state. */
export interface Change {
  readonly id: string;
  readonly next: State;
}

/** What became of a write, as far as its client knows. */
export type Fate = "acknowledged" | "refused" | "unknown";

export interface Uncertainty {
  readonly unknown: number;
  readonly made: number;
}

/** Remembers what may be stored: one state for each item, or two while a write's outcome is unknown. */
export class Ledger {
  readonly #possible = new Map<string, readonly State[]>();
  readonly #counted = new Map<string, { acknowledged: number; unknown: number }>();
  /** Changes without an answer that were made all together, or not at all. */
  #together: (readonly Change[])[] = [];

  /** The item as it must be now; only items without an unknown write may be asked for. */
  current(id: string): State {
    const states = this.#possible.get(id) ?? [undefined];
    if (states.length > 1) throw new Error(`item ${id} is uncertain`);
    return states[0];
  }

  /** Whether the item is known: its last write got an answer. */
  isCertain(id: string): boolean {
    return (this.#possible.get(id)?.length ?? 1) === 1;
  }

  record(id: string, next: State, fate: Fate): void {
    if (fate === "refused") return;
    this.#possible.set(id, fate === "acknowledged" ? [next] : [this.current(id), next]);
  }

  /** The changes of one transaction: all of them or none. */
  recordTogether(changes: readonly Change[], fate: Fate): void {
    for (const { id, next } of changes) this.record(id, next, fate);
    if (fate === "unknown") this.#together.push(changes);
  }

  /** One increment of a counter that all writers share. */
  recordIncrement(id: string, fate: Fate): void {
    const counted = this.#counted.get(id) ?? { acknowledged: 0, unknown: 0 };
    if (fate === "acknowledged") counted.acknowledged++;
    if (fate === "unknown") counted.unknown++;
    this.#counted.set(id, counted);
  }

  /** Of the changes without an answer, how many there are and how many of them were made. */
  uncertainty(stored: ReadonlyMap<string, DrillItem>): Uncertainty {
    const uncertain = [...this.#possible].filter(([, states]) => states.length > 1);
    const made = uncertain.filter(([id, states]) => same(states[1], stored.get(id)));
    return { unknown: uncertain.length, made: made.length };
  }

  /** Compares with what the server holds, settles what was uncertain, and answers what is wrong. */
  settle(stored: ReadonlyMap<string, DrillItem>): string[] {
    const wrong = this.#halfDone(stored);
    for (const [id, states] of this.#possible) {
      const found = stored.get(id);
      if (!states.some((state) => same(state, found))) {
        wrong.push(
          `item ${id} is ${textOf(found)} but must be ${states.map((state) => textOf(state)).join(" or ")}`,
        );
      }
      this.#possible.set(id, [found]);
    }
    for (const [id, { acknowledged, unknown }] of this.#counted) {
      const count = stored.get(id)?.count ?? 0;
      if (count < acknowledged || count > acknowledged + unknown) {
        wrong.push(`counter ${id} is ${count} but must be ${acknowledged} to ${acknowledged + unknown}`);
      }
      this.#counted.set(id, { acknowledged: count, unknown: 0 });
    }
    for (const id of stored.keys()) {
      if (!this.#possible.has(id) && !this.#counted.has(id)) wrong.push(`item ${id} was never written`);
    }
    return wrong;
  }

  #halfDone(stored: ReadonlyMap<string, DrillItem>): string[] {
    const halves = this.#together.filter((changes) => {
      const done = changes.filter(({ id, next }) => same(stored.get(id), next));
      const undone = changes.filter(({ id }) => same(stored.get(id), this.#possible.get(id)?.[0]));
      return done.length < changes.length && undone.length < changes.length;
    });
    this.#together = [];
    return halves.map((changes) => {
      const states = changes.map(({ id, next }) => `${id} is ${textOf(stored.get(id))}, not ${textOf(next)}`);
      return `half a transaction was done: ${states.join("; ")}`;
    });
  }
}

function same(left: State, right: State): boolean {
  if (left === undefined || right === undefined) return left === right;
  return left.token === right.token && left.count === right.count && left.payload === right.payload;
}

function textOf(state: State): string {
  if (state === undefined) return "absent";
  return `${state.token} (count ${state.count}, ${state.payload.length} characters)`;
}
