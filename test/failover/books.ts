import {
  Ledger,
  type Change,
  type DrillItem,
  type Fate,
  type State,
  type Uncertainty,
} from "../crash/ledger.ts";
import { Journal, type ToldChange } from "../streams/journal.ts";
import { Steps } from "./steps.ts";

/** An amount that a transaction moves, beside the change of an item of the writer's own. */
export interface Transfer {
  readonly from: string;
  readonly to: string;
  readonly amount: number;
  readonly change: { readonly id: string; readonly next: DrillItem };
}

/** What writers were told of every write of the drill: what the tables and their streams may hold. */
export class Books {
  readonly steps = new Steps();
  /** Of the table that nothing is derived from. */
  readonly plain = new Ledger();
  readonly #ledger = new Ledger();
  readonly #journal = new Journal();
  readonly #transfers = new Map<string, Transfer>();

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
    if (fate === "unknown") this.#journal.unknown(id, next?.token);
  }

  /** Of the changes without an answer, how many there are and how many of them were made. */
  uncertainty(stored: ReadonlyMap<string, DrillItem>): Uncertainty {
    return this.#ledger.uncertainty(stored);
  }

  /** Compares with what is stored, and learns from it what was made of what got no answer. Answers what is wrong. */
  settle(stored: ReadonlyMap<string, DrillItem>): string[] {
    const wrong = this.#ledger.settle(stored);
    // The ledger has complained of items that nobody made as they are.
    if (wrong.length > 0) return wrong;
    for (const id of this.#journal.unsettled) this.#journal.settle(id, stored.get(id)?.token);
    return [];
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
