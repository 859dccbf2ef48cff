import type { Clock } from "../../base/clock.ts";
import type { Log } from "../../base/log.ts";

const tellsEveryMs = 60_000;

/** What is counted of a mapping since the counts were told last. */
export interface TriggerCounts {
  readonly invocations: number;
  readonly errors: number;
  readonly records: number;
  readonly filtered: number;
  readonly givenUp: number;
  /** How old the last record of a batch was when its function was called: the greatest age, in milliseconds. */
  readonly iteratorAgeMs: number;
}

const none: TriggerCounts = {
  invocations: 0,
  errors: 0,
  records: 0,
  filtered: 0,
  givenUp: 0,
  iteratorAgeMs: 0,
};

/** What a mapping has to say: counted as it happens, told now and then. */
export class TriggerReport {
  readonly #names: object;
  readonly #clock: Clock;
  readonly #log: Log;
  #counts = none;
  #toldAt: number;

  constructor(names: { readonly mapping: string; readonly function: string }, clock: Clock, log: Log) {
    this.#names = names;
    this.#clock = clock;
    this.#log = log;
    this.#toldAt = clock.now();
  }

  add(counts: Partial<TriggerCounts>): void {
    const { iteratorAgeMs, ...sums } = this.#counts;
    this.#counts = {
      invocations: sums.invocations + (counts.invocations ?? 0),
      errors: sums.errors + (counts.errors ?? 0),
      records: sums.records + (counts.records ?? 0),
      filtered: sums.filtered + (counts.filtered ?? 0),
      givenUp: sums.givenUp + (counts.givenUp ?? 0),
      iteratorAgeMs: Math.max(iteratorAgeMs, counts.iteratorAgeMs ?? 0),
    };
    if (this.#clock.now() - this.#toldAt >= tellsEveryMs) this.tellCounts();
  }

  /** Since the last time; nothing when there was nothing. */
  tellCounts(): void {
    this.#toldAt = this.#clock.now();
    if (this.#counts !== none) this.#log.info("trigger counts", { ...this.#names, ...this.#counts });
    this.#counts = none;
  }

  warn(message: string, fields: object = {}): void {
    this.#log.warn(message, { ...this.#names, ...fields });
  }

  error(message: string, fields: object = {}): void {
    this.#log.error(message, { ...this.#names, ...fields });
  }
}
