import { assert } from "../../base/assert.ts";
import type { ChangeRecord, LogReading, Shard } from "../../store/change-log/change-log.ts";
import type { Cursor } from "../../store/change-log/cursors.ts";
import type { KinesisDestination } from "../../store/kinesis-destination.ts";
import type { TableDefinition } from "../../store/table.ts";
import { withDeadline } from "./deadline.ts";
import type { DeliveryReport } from "./delivery-report.ts";
import { answerMsMax, type DeliveryTools } from "./delivery-tools.ts";
import { kinesisRecord, type KinesisRecord } from "./kinesis-record.ts";
import { isThrottling, type KinesisStream } from "./kinesis-stream.ts";
import { leaseMs } from "./log-share.ts";
import { fitsKinesis, nextWave } from "./wave.ts";

/** What a step of a delivery came to. */
export type Step =
  /** All that was read was delivered, and there may be more. */
  | { readonly kind: "more" }
  | { readonly kind: "idle" }
  /** Nothing will ever come behind what was delivered. */
  | { readonly kind: "finished" }
  /** Another server delivers. */
  | { readonly kind: "busy" }
  /** Records were erased before they were delivered. */
  | { readonly kind: "lost" }
  /** Some records, or all, were not taken. */
  | {
      readonly kind: "failed";
      readonly cause: unknown;
      readonly oldest: number;
      readonly progressed: boolean;
    };

export interface DeliveryTask {
  readonly definition: TableDefinition;
  readonly destination: KinesisDestination;
  readonly stream: KinesisStream;
  readonly signal: AbortSignal;
  /** Whether this server is still the one that delivers. */
  readonly isOurs: () => boolean;
}

const windowRecordsMax = 1_000;
const windowBytesMax = 4 * 2 ** 20;
/** How long what was taken stays unrecorded while the rest of a window is sent: a crash has that much sent twice. */
const unrecordedMsMax = 100;

interface PendingRecord extends KinesisRecord {
  readonly sequence: number;
  readonly writtenAt: number;
  taken: boolean;
}

/**
 * Delivers what is in one shard of a change log. What was read and not yet taken is remembered between the steps, so
 * that only what a restart makes unsure is sent twice.
 */
export class ShardDelivery {
  readonly #shard: Shard;
  readonly #tools: DeliveryTools;
  readonly #report: DeliveryReport;
  #cursor: Cursor | undefined;
  #window: readonly PendingRecord[] = [];
  /** Where the cursor stands when all of the window is delivered. */
  #windowEnd = { after: 0, finished: false };
  #recordedAt = 0;

  constructor(shard: Shard, tools: DeliveryTools, report: DeliveryReport) {
    this.#shard = shard;
    this.#tools = tools;
    this.#report = report;
  }

  /** Delivers what there is, up to a bound. */
  async step(task: DeliveryTask): Promise<Step> {
    const cursor = await this.#claim(task.destination.readerId);
    if (cursor === undefined) return this.#drop();
    if (this.#window.length === 0) {
      const { changeLog } = this.#tools.store;
      const bounds = { recordsMax: windowRecordsMax, bytesMax: windowBytesMax };
      const reading = await changeLog.read(this.#shard, { after: cursor.after, ...bounds });
      if (reading.kind === "trimmed") return { kind: "lost" };
      if (reading.kind === "gone") return { kind: "finished" };
      this.#fill(reading, task);
      if (this.#window.length === 0 && !this.#windowEnd.finished) return { kind: "idle" };
    }
    const failure = await this.#send(task);
    if (!(await this.#advance())) return this.#drop();
    if (failure !== undefined) return failure;
    return this.#windowEnd.finished ? { kind: "finished" } : { kind: "more" };
  }

  #drop(): Step {
    this.#cursor = undefined;
    this.#window = [];
    return { kind: "busy" };
  }

  /** A claim makes the cursor move under the hands of who had it before, who sees that when it moves it. */
  async #claim(readerId: string): Promise<Cursor | undefined> {
    const { store, owner } = this.#tools;
    const startAfter = this.#shard.startSequence - 1;
    const name = { readerId, shard: this.#shard };
    this.#cursor ??= await store.cursors.claim(name, { owner, leaseMs, startAfter });
    return this.#cursor;
  }

  #fill(reading: Extract<LogReading, { kind: "records" }>, { definition, destination }: DeliveryTask): void {
    const origin = { definition, shardId: this.#shard.shardId, precision: destination.precision };
    const wanted = reading.records.filter((record) => isWanted(record, destination));
    this.#window = wanted.map((record): PendingRecord => {
      const { sequence, writtenAt } = record;
      const made = kinesisRecord(record, origin);
      const fits = fitsKinesis(made);
      if (!fits) this.#report.dropped(made.data.length);
      return { ...made, sequence, writtenAt, taken: !fits };
    });
    const whole = wanted.length === reading.records.length;
    this.#windowEnd = whole
      ? { after: reading.after, finished: reading.ended }
      : { after: wanted.at(-1)?.sequence ?? 0, finished: false };
  }

  /** Sends the window, a wave at a time; answers why it ended early. */
  async #send({ stream, signal, isOurs }: DeliveryTask): Promise<Step | undefined> {
    const { alarm } = this.#tools;
    let progressed = false;
    for (;;) {
      if (!isOurs()) return { kind: "busy" };
      const wave = nextWave(this.#window.filter(({ taken }) => !taken));
      const [first] = wave;
      if (first === undefined) return undefined;
      let cause: unknown;
      try {
        const put = (within: AbortSignal) => stream.put(wave, within);
        const outcomes = await withDeadline(put, { alarm, ms: answerMsMax, signal });
        outcomes.forEach(({ refusal, throttled }, index) => {
          const record = wave[index];
          assert(record !== undefined, "a stream answers for the records it was sent");
          record.taken = refusal === undefined;
          progressed ||= record.taken;
          if (refusal === undefined) this.#report.delivered();
          else if (throttled) this.#report.throttled();
          cause ??= refusal;
        });
      } catch (error) {
        if (error instanceof Error && isThrottling(error.name)) this.#report.throttled(wave.length);
        cause = error;
      }
      if (cause !== undefined) return { kind: "failed", cause, oldest: first.writtenAt, progressed };
      if (!(await this.#advanceNowAndThen())) return { kind: "busy" };
    }
  }

  #advanceNowAndThen(): Promise<boolean> | boolean {
    return this.#tools.clock.now() - this.#recordedAt < unrecordedMsMax || this.#advance();
  }

  /** Moves the cursor behind what was taken; answers false when it is ours no more. */
  async #advance(): Promise<boolean> {
    const cursor = this.#cursor;
    if (cursor === undefined) return false;
    const open = this.#window.findIndex(({ taken }) => !taken);
    const end = this.#windowEnd;
    const last = open < 0 ? end.after : (this.#window[open - 1]?.sequence ?? cursor.after);
    const finished = open < 0 && end.finished;
    this.#recordedAt = this.#tools.clock.now();
    this.#window = open < 0 ? [] : this.#window.slice(open);
    if (last === cursor.after && !finished) return true;
    this.#cursor = await this.#tools.store.cursors.advance(cursor, { after: last, finished, leaseMs });
    return this.#cursor !== undefined;
  }
}

/** A destination that is being disabled still gets what was written before. */
function isWanted({ writtenAt }: ChangeRecord, { state, since }: KinesisDestination): boolean {
  return state !== "disabling" || writtenAt <= since;
}
