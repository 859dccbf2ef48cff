import type { Clock } from "../../base/clock.ts";
import type { Log } from "../../base/log.ts";

/** How often the log hears of the same thing. */
const tellsEveryMs = 60_000;

/** What a delivery has to say: counted as it happens, told now and then. */
export class DeliveryReport {
  readonly #names: object;
  readonly #clock: Clock;
  readonly #log: Log;
  #delivered = 0;
  /** As the service counts: ThrottledPutRecordCount, FailedToReplicateRecordCount. */
  #throttled = 0;
  #dropped = 0;
  #countsToldAt: number;
  #isFailing = false;
  #failureToldAt = Number.NEGATIVE_INFINITY;

  constructor(names: { readonly table: string; readonly stream: string }, clock: Clock, log: Log) {
    this.#names = names;
    this.#clock = clock;
    this.#log = log;
    this.#countsToldAt = clock.now();
  }

  delivered(): void {
    this.#delivered += 1;
  }

  throttled(records = 1): void {
    this.#throttled += records;
  }

  /** A record is larger than Kinesis takes. */
  dropped(bytes: number): void {
    this.#dropped += 1;
    this.#log.warn("change too large for kinesis dropped", { ...this.#names, bytes });
  }

  /** `oldest`: when the oldest change was written that is still to be delivered. */
  failed(cause: unknown, oldest: number): void {
    this.#isFailing = true;
    const now = this.#clock.now();
    if (now - this.#failureToldAt < tellsEveryMs) return;
    this.#failureToldAt = now;
    this.#log.warn("delivery to kinesis fails", { ...this.#names, error: cause, lagMs: now - oldest });
  }

  /** All that there was is delivered, or part of it without a failure. */
  succeeded(): void {
    if (this.#isFailing) this.#log.info("delivery to kinesis goes on", this.#names);
    this.#isFailing = false;
    this.#failureToldAt = Number.NEGATIVE_INFINITY;
    if (this.#clock.now() - this.#countsToldAt >= tellsEveryMs) this.tellCounts();
  }

  /** Since the last time; nothing when there was nothing. */
  tellCounts(): void {
    this.#countsToldAt = this.#clock.now();
    const [delivered, throttled, dropped] = [this.#delivered, this.#throttled, this.#dropped];
    if (delivered + throttled + dropped === 0) return;
    [this.#delivered, this.#throttled, this.#dropped] = [0, 0, 0];
    this.#log.info("delivered to kinesis", { ...this.#names, delivered, throttled, dropped });
  }

  tell(message: string, fields: object = {}): void {
    this.#log.info(message, { ...this.#names, ...fields });
  }
}
