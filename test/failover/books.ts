import { Ledger, type Change, type DrillItem, type Fate, type State } from "../crash/ledger.ts";
import { Journal, type ToldChange } from "../streams/journal.ts";
import { Steps } from "./steps.ts";

/** An amount that a transaction moves, beside the change of an item of the writer's own. */
export interface Transfer {
  readonly from: string;
  readonly to: string;
  readonly amount: number;
  readonly change: { readonly id: string; readonly next: DrillItem };
}

/** How many changes of items got no answer, and how many of them were made. */
export interface Uncertainty {
  readonly unknown: number;
  readonly done: number;
}

/** What writers were told of every write of the drill: what the tables and their streams may hold. */
export class Books {
  readonly steps = new Steps();
  readonly #ledger = new Ledger();
  readonly #journal = new Journal();
  readonly #transfers = new Map<string, Transfer>();
  #unanswered: Change[] = [];

  current(id: string): State {
    return this.#ledger.current(id);
  }

  isCertain(id: string): boolean {
    return this.#ledger.isCertain(id);
  }

  record(id: string, next: State, fate: Fate): void {
    this.#ledger.record(id, next, fate);
    this.#tell({ id, next }, fate);
  }

  recordTogether(changes: readonly Change[], fate: Fate): void {
    this.#ledger.recordTogether(changes, fate);
    for (const change of changes) this.#tell(change, fate);
  }

  recordIncrement(id: string, fate: Fate): void {
    this.#ledger.recordIncrement(id, fate);
  }

  recordTransfer(transfer: Transfer, fate: Fate): void {
    this.#transfers.set(transfer.change.next.token, transfer);
    this.record(transfer.change.id, transfer.change.next, fate);
  }

  #tell({ id, next }: Change, fate: Fate): void {
    if (fate === "acknowledged") this.#journal.done(id, next?.token);
    if (fate !== "unknown") return;
    this.#journal.unknown(id, next?.token);
    this.#unanswered.push({ id, next });
  }

  /** Compares with what is stored, and learns from it what was done of what got no answer. */
  settle(stored: ReadonlyMap<string, DrillItem>): { wrong: string[]; uncertainty: Uncertainty } {
    const done = this.#unanswered.filter(({ id, next }) => stored.get(id)?.token === next?.token).length;
    const uncertainty = { unknown: this.#unanswered.length, done };
    this.#unanswered = [];
    const wrong = this.#ledger.settle(stored);
    // The ledger has complained of items that nobody made as they are.
    if (wrong.length > 0) return { wrong, uncertainty };
    for (const id of this.#journal.unsettled) this.#journal.settle(id, stored.get(id)?.token);
    return { wrong, uncertainty };
  }

  /** What is wrong with a stream's telling of all changes of items that have a token. */
  compare(told: readonly ToldChange[]): string[] {
    return this.#journal.compare(told);
  }

  /** The balances of accounts that the transfers make which a stream tells of. */
  balances(told: readonly ToldChange[]): Map<string, number> {
    const balances = new Map<string, number>();
    for (const { after } of told) {
      const transfer = after === undefined ? undefined : this.#transfers.get(after);
      if (transfer === undefined) continue;
      balances.set(transfer.from, (balances.get(transfer.from) ?? 0) - transfer.amount);
      balances.set(transfer.to, (balances.get(transfer.to) ?? 0) + transfer.amount);
    }
    return balances;
  }
}
