/** An item of the drill; undefined stands for an absent one. */
export interface DrillItem {
  readonly id: string;
  /** Says which write made the item: no two writes share one. */
  readonly token: string;
  readonly count: number;
  readonly payload: string;
}

type State = DrillItem | undefined;

/** What became of a write, as far as its client knows. */
export type Fate = "acknowledged" | "refused" | "unknown";

/** Remembers what may be stored: one state for each item, or two while a write's outcome is unknown. */
export class Ledger {
  readonly #possible = new Map<string, readonly State[]>();
  readonly #counted = new Map<string, { acknowledged: number; unknown: number }>();

  /** The item as it must be now; only items without an unknown write may be asked for. */
  current(id: string): State {
    const states = this.#possible.get(id) ?? [undefined];
    if (states.length > 1) throw new Error(`item ${id} is uncertain`);
    return states[0];
  }

  record(id: string, next: State, fate: Fate): void {
    if (fate === "refused") return;
    this.#possible.set(id, fate === "acknowledged" ? [next] : [this.current(id), next]);
  }

  /** One increment of a counter that all writers share. */
  recordIncrement(id: string, fate: Fate): void {
    const counted = this.#counted.get(id) ?? { acknowledged: 0, unknown: 0 };
    if (fate === "acknowledged") counted.acknowledged++;
    if (fate === "unknown") counted.unknown++;
    this.#counted.set(id, counted);
  }

  /** Compares with what the server holds, settles what was uncertain, and answers what is wrong. */
  settle(stored: ReadonlyMap<string, DrillItem>): string[] {
    const wrong: string[] = [];
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
}

function same(left: State, right: State): boolean {
  if (left === undefined || right === undefined) return left === right;
  return left.token === right.token && left.count === right.count && left.payload === right.payload;
}

function textOf(state: State): string {
  if (state === undefined) return "absent";
  return `${state.token} (count ${state.count}, ${state.payload.length} characters)`;
}
