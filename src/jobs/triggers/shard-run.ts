import { hash } from "node:crypto";
import { assert } from "../../base/assert.ts";
import type { EventPattern } from "../../expressions/event-patterns/event-pattern.ts";
import { matchesEvent } from "../../expressions/event-patterns/matches-event.ts";
import type { LogReading, Shard, Stream } from "../../store/change-log/change-log.ts";
import type { Cursor } from "../../store/change-log/cursors.ts";
import { viewChanges, type ViewedChange } from "../../store/change-log/viewed-change.ts";
import { deliveredRecord, lambdaRecord, type DeliveredRecord } from "./delivered-record.ts";
import type { DeliveryContext } from "./delivery.ts";
import { Lane } from "./lane.ts";
import { Progress } from "./progress.ts";
import { decodeWindow, encodeWindow } from "./tumbling-window.ts";
import { WakeUp } from "./wake-up.ts";

/**
 * Renewed at half its time, also while a function works. Short, so that another server goes on soon after this one has
 * died; longer than the other leases, as every shard has its own.
 */
export const leaseMs = 10_000;
const pollMs = 1_000;
/** A cursor follows so far behind at most: what a crash repeats is little, and not every batch costs a write. */
const advanceEveryMs = 100;
const bytesPerRead = 4 * 2 ** 20;
/** What is read ahead of the function. */
const bytesUnderWayMax = 32 * 2 ** 20;

export interface ShardTask {
  readonly stream: Stream;
  readonly shard: Shard;
  /** Claimed. */
  readonly cursor: Cursor;
  readonly patterns: readonly EventPattern[];
}

/** Delivers one shard from its cursor on: reads ahead of the lanes, and moves the cursor behind what they have done. */
export class ShardRun {
  readonly #task: ShardTask;
  readonly #context: DeliveryContext;
  readonly #lanes: readonly Lane[];
  readonly #progress: Progress;
  readonly #wakeUp: WakeUp;
  /** Stops the lanes when this run fails. */
  readonly #own = new AbortController();
  #cursor: Cursor;
  #advancedAt = Number.NEGATIVE_INFINITY;
  #readAfter: number;

  constructor(task: ShardTask, given: DeliveryContext) {
    const context = { ...given, signal: AbortSignal.any([given.signal, this.#own.signal]) };
    this.#task = task;
    this.#context = context;
    this.#cursor = task.cursor;
    this.#readAfter = task.cursor.after;
    this.#progress = new Progress(task.cursor.after);
    this.#wakeUp = new WakeUp(context.tools.alarm, context.signal);
    const { parallelizationFactor, tumblingWindowSeconds } = context.mapping.settings;
    const window = tumblingWindowSeconds > 0 ? decodeWindow(task.cursor.state) : undefined;
    const onDone = ({ sequence }: DeliveredRecord) => {
      this.#progress.finish(sequence);
      this.poke();
    };
    // The state of a window goes from call to call, one after the other.
    const lanes = tumblingWindowSeconds > 0 ? 1 : parallelizationFactor;
    this.#lanes = Array.from({ length: lanes }, () => new Lane(context, window, { onDone }));
  }

  poke(): void {
    this.#wakeUp.poke();
  }

  /** Delivers until the end of the shard or until it is told to stop; lets go of the cursor then. */
  async run(): Promise<void> {
    const running = this.#lanes.map((lane) => lane.run());
    // A lane that fails stops the others, and what reads for them.
    const lanes = Promise.all(running).catch((error: unknown) => {
      this.#own.abort();
      throw error;
    });
    const isOver = lanes.then(
      () => true,
      () => true,
    );
    try {
      await this.#readAll();
      for (const lane of this.#lanes) lane.end();
      await this.#awaitLanes(isOver);
    } catch (error) {
      this.#own.abort();
      throw error;
    } finally {
      await Promise.allSettled(running);
    }
    await lanes;
    if (this.#context.signal.aborted) await this.#release();
  }

  /** Reads until there will be no more, or it is told to stop, or the cursor is somebody else's. */
  async #readAll(): Promise<void> {
    const { signal, report, tools, mapping } = this.#context;
    while (!signal.aborted) {
      if (this.#hasRoom()) {
        const { changeLog } = tools.store;
        const recordsMax = Math.min(10_000, Math.max(100, mapping.settings.recordsMax));
        const bounds = { recordsMax, bytesMax: bytesPerRead };
        const reading = await changeLog.read(this.#task.shard, { after: this.#readAfter, ...bounds });
        if (reading.kind === "gone") return;
        if (reading.kind === "trimmed") {
          report.warn("trigger missed records that were too old", { shard: this.#task.shard.shardId });
          await this.#skipTrimmed();
          continue;
        }
        this.#take(reading);
        if (reading.ended) return;
        if (reading.records.length > 0) {
          await this.#advance();
          continue;
        }
      }
      await this.#wakeUp.wait(this.#isBehind() ? advanceEveryMs : pollMs);
      await this.#advance();
    }
  }

  #hasRoom(): boolean {
    const { recordsMax } = this.#context.mapping.settings;
    const bytes = this.#lanes.reduce((sum, lane) => sum + lane.queuedBytes, 0);
    return bytes < bytesUnderWayMax && this.#progress.underWay < 2 * this.#lanes.length * recordsMax;
  }

  #take(reading: Extract<LogReading, { kind: "records" }>): void {
    const { stream, shard, patterns } = this.#task;
    const { origin, report } = this.#context;
    let filtered = 0;
    for (const change of viewChanges(stream, shard, reading.records)) {
      const record = lambdaRecord(change, origin.streamArn);
      this.#progress.begin(change.sequence);
      if (patterns.length === 0 || patterns.some((pattern) => matchesEvent(pattern, record))) {
        this.#laneOf(change).add(deliveredRecord(change, record));
      } else {
        filtered += 1;
        this.#progress.finish(change.sequence);
      }
    }
    if (filtered > 0) report.add({ filtered });
    this.#progress.skipTo(reading.after);
    this.#readAfter = reading.after;
    for (const lane of this.#lanes) lane.poke();
  }

  /** Items with the same partition key take the same lane. */
  #laneOf({ keys }: ViewedChange): Lane {
    const [first, ...others] = this.#lanes;
    assert(first !== undefined, "a shard has lanes");
    if (others.length === 0) return first;
    const key = keys[this.#task.stream.keySchema.partitionKey.name];
    const place = hash("sha1", JSON.stringify(key), "buffer").readUInt32BE(0) % this.#lanes.length;
    return this.#lanes[place] ?? first;
  }

  async #skipTrimmed(): Promise<void> {
    const place = await this.#context.tools.store.changeLog.locate(this.#task.shard, {
      kind: "trim-horizon",
    });
    if (place?.kind !== "found") return;
    this.#progress.skipTo(place.after);
    this.#readAfter = Math.max(this.#readAfter, place.after);
  }

  /** Moves the cursor, and keeps it, while the lanes do what is left. */
  async #awaitLanes(lanes: Promise<boolean>): Promise<void> {
    let isOver = false;
    void lanes.then((over) => {
      isOver = over;
      this.poke();
    });
    while (!isOver && !this.#context.signal.aborted) {
      await this.#wakeUp.wait(this.#isBehind() ? advanceEveryMs : pollMs);
      await this.#advance();
    }
    if (!this.#context.signal.aborted) await this.#moveCursor(true);
  }

  /** Whether more is done than the cursor says. */
  #isBehind(): boolean {
    return this.#progress.after !== this.#cursor.after || this.#state() !== this.#cursor.state;
  }

  #state(): string | undefined {
    return encodeWindow(this.#lanes[0]?.window);
  }

  /** Moves the cursor when its time has come, or renews its lease. */
  async #advance(): Promise<void> {
    const now = this.#context.tools.clock.now();
    const isDue = this.#isBehind() && now - this.#advancedAt >= advanceEveryMs;
    if (isDue || this.#cursor.leasedUntil - now <= leaseMs / 2) await this.#moveCursor(false);
  }

  async #moveCursor(finished: boolean): Promise<void> {
    const { store, clock } = this.#context.tools;
    const progress = { after: this.#progress.after, state: this.#state(), finished, leaseMs };
    this.#advancedAt = clock.now();
    const moved = await store.cursors.advance(this.#cursor, progress);
    if (moved === undefined) throw new CursorLostError("another server has the cursor");
    this.#cursor = moved;
  }

  async #release(): Promise<void> {
    try {
      if (this.#isBehind()) await this.#moveCursor(false);
    } catch (error) {
      if (error instanceof CursorLostError) return;
      throw error;
    }
    await this.#context.tools.store.cursors.release(this.#cursor);
  }
}

/** Somebody else delivers the shard now. */
export class CursorLostError extends Error {
  override readonly name = "CursorLostError";
}
