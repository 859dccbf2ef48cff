import type { Fate } from "../crash/ledger.ts";

/** One attempt to raise a counter from one number to the next. */
export interface Step {
  readonly counter: string;
  /** The number that the counter is raised to. */
  readonly to: number;
  /** Like no other. */
  readonly token: string;
}

/** A step as a stream tells of it. */
export interface ToldStep extends Step {
  readonly from: number;
}

/** What became of the steps that contending writers tried. */
export class Steps {
  readonly #fates = new Map<string, Fate>();

  record({ token }: Step, fate: Fate): void {
    this.#fates.set(token, fate);
  }

  /**
   * What is wrong with a telling of them: each counter must go up by one at a time, by steps that were acknowledged or
   * may have been made, and every acknowledged one must be told.
   */
  compare(told: readonly ToldStep[]): string[] {
    const wrong: string[] = [];
    const numbers = new Map<string, number>();
    for (const { counter, from, to, token } of told) {
      const before = numbers.get(counter) ?? 0;
      if (from !== before || to !== before + 1)
        wrong.push(`counter ${counter} went from ${from} to ${to}, not from ${before} to ${before + 1}`);
      numbers.set(counter, to);
      const fate = this.#fates.get(token) ?? "never tried";
      if (fate !== "acknowledged" && fate !== "unknown")
        wrong.push(`step ${token} was made, and was ${fate}`);
    }
    const tokens = new Set(told.map(({ token }) => token));
    for (const [token, fate] of this.#fates) {
      if (fate === "acknowledged" && !tokens.has(token))
        wrong.push(`step ${token} was acknowledged and is lost`);
    }
    return wrong;
  }
}
