import { assert } from "../../base/assert.ts";
import { deliveryGivenUp, streamOutOfReach } from "../../model/messages/destinations.ts";
import type { Log } from "../../store/change-log/change-log.ts";
import type { OpenLogReader } from "../../store/change-log/log-state.ts";
import type { KinesisDestination } from "../../store/kinesis-destination.ts";
import { deliveryRetentionMs, isLive, withDestination } from "../../store/kinesis-destinations.ts";
import type { Table } from "../../store/table.ts";
import { startJob, type Job } from "../job.ts";
import { backoffMs } from "../backoff.ts";
import type { Duty } from "../duty.ts";
import { reasonAgainst } from "./check-destination.ts";
import { DeliveryReport } from "./delivery-report.ts";
import type { DeliveryTools } from "./delivery-tools.ts";
import type { Step } from "./shard-delivery.ts";
import { abandon, type LogShare } from "./log-share.ts";
import { ShardDeliveries } from "./shard-deliveries.ts";
import { parseStreamArn } from "./stream-name.ts";

/** How long a stream is waited for that is to be enabled and cannot be reached. */
const enablingMsMax = 60_000;
/** How long a destination that is being disabled goes on with what was written before. */
const drainingMsMax = 10_000;
/** How long what another server delivers is left to it until the next look. */
const busyRestMs = 2_000;
/** What is under way when the server stops gets so much time to be answered. */
const stopGraceMs = 1_000;

interface Found {
  readonly table: Table;
  readonly destination: KinesisDestination;
}

/**
 * Follows one destination of one table from the moment it is enabled until it is disabled, failed or gone: of several
 * servers one, and the others look whether it still does.
 */
export class DestinationDelivery implements Job {
  /** There is nothing to follow any more. */
  isOver = false;
  readonly #log: Log;
  readonly #share: LogShare;
  readonly #tools: DeliveryTools;
  readonly #duty: Duty;
  readonly #job: Job;
  readonly #end = new AbortController();
  #shards: { readonly deliveries: ShardDeliveries; readonly term: number } | undefined;
  #report: DeliveryReport | undefined;
  /** In a row. */
  #failures = 0;
  /** Why the last of them failed. */
  #lastCause: string | undefined;
  /** What changes meanwhile is found afterwards. */
  #isResting = false;
  #callOff: () => void = () => undefined;

  constructor(log: Log, reader: OpenLogReader, tools: DeliveryTools) {
    this.#log = log;
    this.#share = { tableId: log.tableId, reader };
    this.#tools = tools;
    this.#duty = tools.dutyOf(`kinesis/${reader.id}`);
    this.#job = startJob(
      () => this.#round(),
      (error) => {
        tools.log.error("delivery to kinesis broke off", { error, table: log.tableName });
        this.#failures += 1;
        this.#rest(backoffMs(this.#failures, tools.random));
      },
    );
  }

  poke(): void {
    this.#job.poke();
  }

  async stop(): Promise<void> {
    const callOff = this.#tools.alarm(stopGraceMs, () => {
      this.#end.abort(new Error("the server stops"));
    });
    await this.#job.stop();
    callOff();
    this.#callOff();
    await this.#duty.release();
    this.#report?.tellCounts();
  }

  async #round(): Promise<void> {
    if (this.#isResting || this.isOver) return;
    if (!(await this.#duty.hold())) {
      this.#shards = undefined;
      this.#rest(busyRestMs);
      return;
    }
    const found = await this.#find();
    if (found === "removed") await this.#leave(() => abandon(this.#share, this.#tools));
    else if (found === "over") await this.#leave(() => this.#forget());
    else if (found.destination.state === "enabling") await this.#enable(found);
    else await this.#deliver(found);
  }

  async #find(): Promise<Found | "removed" | "over"> {
    const { scope, tableName, tableId } = this.#log;
    const table = await this.#tools.store.tables.find(scope, tableName);
    if (table?.id !== tableId) return "removed";
    const { kinesisDestinations = [] } = table.definition;
    const destination = kinesisDestinations.find(({ readerId }) => readerId === this.#share.reader.id);
    return destination !== undefined && isLive(destination) ? { table, destination } : "over";
  }

  /** The log of a removed table outlives it, and must not wait for a delivery that nobody makes. */
  async #leave(cleanUp: () => Promise<void>): Promise<void> {
    this.#shards = undefined;
    await cleanUp();
    this.isOver = true;
    await this.#duty.release();
  }

  /** Its cursors are of no use to anybody: the next time it is enabled it reads under another id. */
  async #forget(): Promise<void> {
    while (await this.#tools.store.cursors.removeSome(this.#share.reader.id));
  }

  async #enable(found: Found): Promise<void> {
    const { clock, random } = this.#tools;
    const { streamArn, since, changingUntil = 0 } = found.destination;
    if (clock.now() < changingUntil) {
      this.#rest(changingUntil - clock.now());
      return;
    }
    let reason;
    try {
      const { region } = this.#log.scope;
      reason = await reasonAgainst(streamArn, region, { ...this.#tools, signal: this.#end.signal });
    } catch (error) {
      if (clock.now() - since < enablingMsMax) {
        this.#reportOf(found).failed(error, since);
        this.#failures += 1;
        this.#rest(backoffMs(this.#failures, random));
        return;
      }
      reason = streamOutOfReach(causeOf(error));
    }
    this.#failures = 0;
    await this.#turn(found, reason === undefined ? { state: "active" } : { state: "failed", reason });
  }

  async #deliver(found: Found): Promise<void> {
    const { destination, table } = found;
    const name = parseStreamArn(destination.streamArn);
    assert(name !== undefined, "an enabled destination has the ARN of a stream");
    const stream = await this.#tools.kinesis.open(name);
    const { term } = this.#duty;
    const isOurs = () => this.#duty.isHeld && this.#duty.term === term;
    const task = { definition: table.definition, destination, stream, signal: this.#end.signal, isOurs };
    await this.#goOn(found, await this.#deliveriesOf(found, term).step(task));
  }

  /** Those of this term: what was read before, another server may have delivered. */
  #deliveriesOf(found: Found, term: number): ShardDeliveries {
    if (this.#shards?.term !== term) {
      const deliveries = new ShardDeliveries(this.#share, this.#tools, this.#reportOf(found));
      this.#shards = { deliveries, term };
    }
    return this.#shards.deliveries;
  }

  /** Decides by what the shards came to. */
  async #goOn(found: Found, steps: readonly Step[]): Promise<void> {
    const { clock, random } = this.#tools;
    const { state, since, changingUntil = 0 } = found.destination;
    const now = clock.now();
    const failure = steps.find((step) => step.kind === "failed");
    const draining = state === "disabling";
    if (steps.some(({ kind }) => kind === "lost")) {
      return this.#giveUp(found, this.#lastCause ?? "records were too old");
    }
    if (failure !== undefined) {
      this.#reportOf(found).failed(failure.cause, failure.oldest);
      this.#lastCause = causeOf(failure.cause);
      if (draining && now - since > drainingMsMax) return this.#turn(found, { state: "disabled" });
      if (now - failure.oldest > deliveryRetentionMs) return this.#giveUp(found, this.#lastCause);
      this.#failures = failure.progressed ? 1 : this.#failures + 1;
      this.#rest(backoffMs(this.#failures, random));
      return;
    }
    this.#failures = 0;
    this.#lastCause = undefined;
    this.#reportOf(found).succeeded();
    if (steps.some(({ kind }) => kind === "more" || kind === "finished")) this.poke();
    else if (steps.some(({ kind }) => kind === "busy")) this.#rest(busyRestMs);
    else if (draining && now < changingUntil) this.#rest(changingUntil - now);
    else if (draining) await this.#turn(found, { state: "disabled" });
  }

  async #giveUp(found: Found, cause: string): Promise<void> {
    const reason = deliveryGivenUp(deliveryRetentionMs / 3_600_000, cause);
    await this.#turn(found, { state: "disabled", reason });
  }

  /** Turns the destination, unless somebody else has changed it meanwhile. */
  async #turn(found: Found, change: Pick<KinesisDestination, "state" | "reason">): Promise<void> {
    const { store, clock } = this.#tools;
    const { scope, tableName, tableId } = this.#log;
    const before = found.destination;
    await store.tables.update(scope, tableName, ({ id, definition }) => {
      const current = definition.kinesisDestinations?.find(({ readerId }) => readerId === before.readerId);
      if (id !== tableId || current?.state !== before.state) return definition;
      return withDestination(definition, { ...current, ...change, since: clock.now() });
    });
    this.#reportOf(found).tell("kinesis destination changed", change);
    this.poke();
  }

  #reportOf({ destination }: Found): DeliveryReport {
    const { clock, log } = this.#tools;
    const names = { table: this.#log.tableName, stream: destination.streamArn };
    this.#report ??= new DeliveryReport(names, clock, log);
    return this.#report;
  }

  #rest(ms: number): void {
    this.#isResting = true;
    this.#callOff();
    this.#callOff = this.#tools.alarm(ms, () => {
      this.#isResting = false;
      this.poke();
    });
  }
}

/** Of `fetch` the cause says more than the error itself. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
