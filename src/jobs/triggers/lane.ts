import { deliverBatch } from "./batch-delivery.ts";
import type { DeliveredRecord } from "./delivered-record.ts";
import { backOff, callFunction, type DeliveryContext } from "./delivery.ts";
import { stateBytesMax, windowAt, windowMembers, type TumblingWindow } from "./tumbling-window.ts";
import { WakeUp } from "./wake-up.ts";

/** The longest event that is sent, as on Lambda; room is left for what stands around the records. */
const eventBytesMax = 6 * 2 ** 20 - 2_048;
/** A window is closed so long after its time, so that its last records are in. */
const windowGraceMs = 1_000;
const longestWaitMs = 1_000;

export interface LaneEvents {
  /** A record is done: delivered, or given up. */
  readonly onDone: (record: DeliveredRecord) => void;
}

/**
 * Delivers records one batch after the other. The shards of a mapping have as many lanes as batches may be under way.
 */
export class Lane {
  readonly #context: DeliveryContext;
  readonly #onDone: (record: DeliveredRecord) => void;
  readonly #wakeUp: WakeUp;
  #queue: DeliveredRecord[] = [];
  #queuedBytes = 0;
  /** When the first record of the next batch came in (milliseconds since the epoch). */
  #waitingSince = 0;
  #isEnding = false;
  #window: TumblingWindow | undefined;

  constructor(context: DeliveryContext, window: TumblingWindow | undefined, { onDone }: LaneEvents) {
    this.#context = context;
    this.#onDone = onDone;
    this.#window = window;
    this.#wakeUp = new WakeUp(context.tools.alarm, context.signal);
  }

  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** The window that is open after all that is done. */
  get window(): TumblingWindow | undefined {
    return this.#window;
  }

  add(record: DeliveredRecord): void {
    if (this.#queue.length === 0) this.#waitingSince = this.#context.tools.clock.now();
    this.#queue.push(record);
    this.#queuedBytes += record.bytes;
  }

  /** Says that records were added. */
  poke(): void {
    this.#wakeUp.poke();
  }

  /** No more records will come: what waits is not to wait any longer. */
  end(): void {
    this.#isEnding = true;
    this.poke();
  }

  /** Delivers until it is told that there is no more, or to stop. */
  async run(): Promise<void> {
    const { signal } = this.#context;
    while (!signal.aborted) {
      if (this.#isWindowOver()) await this.#closeWindow();
      else if (this.#isReady()) await this.#deliver(this.#takeBatch());
      else if (this.#isEnding && this.#queue.length === 0) return;
      else await this.#wakeUp.wait(this.#waitMs());
    }
  }

  #isReady(): boolean {
    const { settings } = this.#context.mapping;
    if (this.#queue.length === 0) return false;
    return (
      this.#isEnding ||
      this.#queue.length >= settings.recordsMax ||
      this.#queuedBytes >= eventBytesMax ||
      this.#batchDueAt() <= this.#context.tools.clock.now()
    );
  }

  #batchDueAt(): number {
    return this.#waitingSince + this.#context.mapping.settings.batchingWindowSeconds * 1_000;
  }

  #waitMs(): number {
    if (this.#queue.length === 0) return longestWaitMs;
    return Math.min(longestWaitMs, Math.max(1, this.#batchDueAt() - this.#context.tools.clock.now()));
  }

  #takeBatch(): readonly DeliveredRecord[] {
    const { recordsMax, tumblingWindowSeconds } = this.#context.mapping.settings;
    const [first] = this.#queue;
    if (first === undefined) return [];
    if (tumblingWindowSeconds > 0) this.#window ??= windowAt(first.writtenAt, tumblingWindowSeconds);
    let count = 0;
    let bytes = 0;
    for (const record of this.#queue) {
      const fits = count < recordsMax && bytes + record.bytes + 1 <= eventBytesMax - this.#stateBytes();
      if (count > 0 && !(fits && this.#isOfWindow(record))) break;
      count += 1;
      bytes += record.bytes + 1;
    }
    return this.#queue.slice(0, count);
  }

  #stateBytes(): number {
    return this.#window === undefined ? 0 : Buffer.byteLength(this.#window.state);
  }

  /** Records may come a little late: what is before the window's end belongs to it. */
  #isOfWindow(record: DeliveredRecord): boolean {
    return this.#window === undefined || record.writtenAt < this.#window.until;
  }

  async #deliver(batch: readonly DeliveredRecord[]): Promise<void> {
    await deliverBatch(
      {
        records: batch,
        eventOf: (records) => this.#eventOf(records, false),
        keepsState: this.#window !== undefined,
        onDone: (record, state) => {
          this.#queuedBytes -= record.bytes;
          if (state !== undefined && this.#window !== undefined) this.#window = { ...this.#window, state };
          this.#onDone(record);
        },
      },
      this.#context,
    );
    if (this.#context.signal.aborted) return;
    this.#queue = this.#queue.slice(batch.length);
    this.#waitingSince = this.#context.tools.clock.now();
  }

  #eventOf(records: readonly DeliveredRecord[], isFinal: boolean): string {
    const { streamArn, shardName } = this.#context.origin;
    const windowed =
      this.#window === undefined
        ? ""
        : windowMembers({ window: this.#window, streamArn, shardName, isFinal });
    return `{"Records":[${records.map(({ text }) => text).join()}]${windowed}}`;
  }

  #isWindowOver(): boolean {
    if (this.#window === undefined) return false;
    const [next] = this.#queue;
    if (next !== undefined && !this.#isOfWindow(next)) return true;
    if (this.#stateBytes() > stateBytesMax) return true;
    const isPast = this.#window.until + windowGraceMs <= this.#context.tools.clock.now();
    return next === undefined && (this.#isEnding || isPast);
  }

  /** Calls the function once more for the window alone, as often as its settings allow. */
  async #closeWindow(): Promise<void> {
    const { mapping, report } = this.#context;
    for (let failures = 1; ; failures += 1) {
      const call = await callFunction(this.#eventOf([], true), this.#context);
      if (call.kind === "abandoned") return;
      const isError = call.kind === "answered" && call.answer.kind === "failed";
      report.add({ invocations: 1, errors: isError ? 1 : 0 });
      if (call.kind === "answered" && !isError) break;
      report.warn("function failed at the end of a window", { failure: call });
      if (isError && failures > (mapping.settings.retriesMax ?? Number.POSITIVE_INFINITY)) break;
      await backOff(failures, this.#context);
    }
    this.#window = undefined;
  }
}
