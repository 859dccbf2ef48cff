/** Deletes items whose time to live is over, fills the queues that tell which, and erases those nobody keeps. */
import type { Alarm } from "../base/alarm.ts";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { nextTurn } from "../base/next-turn.ts";
import type { ExpiryQueue, ExpiryQueues } from "../store/expiry/expiry-queues.ts";
import type { Lease } from "../store/lease.ts";
import { StaleTableError } from "../store/table-stamp.ts";
import type { Duty } from "./duty.ts";
import { startJob, type Job } from "./job.ts";

export interface ExpirySweepOptions {
  readonly queues: ExpiryQueues;
  readonly clock: Clock;
  readonly alarm: Alarm;
  readonly log: Log;
  /** Filling, sweeping and erasing, of all queues. */
  readonly duty: Duty;
  /** How long items outlive their time at least. */
  readonly lagMs: number;
}

const queuesPerList = 1_000;
/** So often queues take turns until they are listed anew: a new one need not wait for a million items. */
const turnsPerList = 10;
/** How soon to look again: for items that have expired, where another server does that, and where no queue is yet. */
const pauseMs = 1_000;
const elsewherePauseMs = 2_000;
const idlePauseMs = 5_000;
const failurePauseMs = 5_000;
/** The duty keeps others away. */
const noLease: Lease = { owner: "", leaseMs: 0 };
/**
 * After a step that deleted items the sweep rests so many times as long as that took: however many items expire at
 * once, most of the engine's time to write is left to others.
 */
const restsPerStep = 3;
/** Somebody may move the clock during a step. */
const restMsMax = 1_000;

export function startExpirySweep(options: ExpirySweepOptions): Job {
  const { alarm, log } = options;
  let callOff: () => void = () => undefined;
  let endRest: () => void = () => undefined;

  function wakeAfter(ms: number): void {
    callOff();
    callOff = alarm(ms, () => {
      job.poke();
    });
  }

  /** Ends early when the job is stopped. */
  function rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cutShort = alarm(ms, resolve);
      endRest = () => {
        cutShort();
        resolve();
      };
    });
  }

  const job = startJob(
    async (isStopped) => {
      wakeAfter(await sweepAll(options, { isStopped, rest }));
    },
    (error) => {
      log.error("expiry sweep failed", { error });
      wakeAfter(failurePauseMs);
    },
  );
  return {
    poke() {
      job.poke();
    },
    async stop() {
      const stopped = job.stop();
      endRest();
      await stopped;
      callOff();
      await options.duty.release();
    },
  };
}

interface Surroundings {
  readonly isStopped: () => boolean;
  readonly rest: (ms: number) => Promise<void>;
}

/**
 * Works while there is something to do; answers after how many milliseconds to look again. The server that begins keeps
 * at it, as long as there is any queue. Queues take turns, one step
 * each, so that a table with few items need not wait for one with many.
 */
async function sweepAll(options: ExpirySweepOptions, { isStopped, rest }: Surroundings): Promise<number> {
  const { duty } = options;
  if (await duty.isElsewhere()) return elsewherePauseMs;
  for (;;) {
    // A queue that failed has another try with the next list, whatever the others still have to do.
    const failed = new Set<string>();
    const queues = await listAll(options.queues);
    if (queues.length === 0) {
      await duty.release();
      return idlePauseMs;
    }
    let busy = queues.filter((queue) => !failed.has(nameOf(queue)));
    for (let turn = 0; turn < turnsPerList; turn += 1) {
      const next: ExpiryQueue[] = [];
      for (const queue of busy) {
        if (isStopped()) return pauseMs;
        if (!(await duty.hold())) return elsewherePauseMs;
        const { more, restMs } = await stepOf(queue, options);
        if (more === undefined) failed.add(nameOf(queue));
        if (more === true) next.push(queue);
        await (restMs > 0 && !isStopped() ? rest(restMs) : nextTurn());
      }
      busy = next;
    }
    if (busy.length > 0) continue;
    return failed.size > 0 ? failurePauseMs : pauseMs;
  }
}

async function listAll(queues: ExpiryQueues): Promise<readonly ExpiryQueue[]> {
  const all: ExpiryQueue[] = [];
  for (;;) {
    const some = await queues.list({ after: all.at(-1), queuesMax: queuesPerList });
    all.push(...some);
    if (some.length < queuesPerList) return all;
  }
}

function nameOf({ tableId, queueId }: ExpiryQueue): string {
  return `${tableId}/${queueId}`;
}

interface Step {
  /** Whether to go on with the queue; undefined: it failed. */
  readonly more: boolean | undefined;
  readonly restMs: number;
}

async function stepOf(queue: ExpiryQueue, { queues, clock, log, lagMs }: ExpirySweepOptions): Promise<Step> {
  const startedAt = clock.now();
  try {
    if (queue.state === "removed") return { more: await queues.eraseSome(queue), restMs: 0 };
    const filled = queue.state === "filling" ? await queues.fill(queue, noLease) : "done";
    const { deleted, more } = await queues.sweep(queue, startedAt - lagMs);
    if (deleted > 0) log.debug("items expired", { tableId: queue.tableId, items: deleted });
    const restMs = deleted > 0 ? Math.min(restsPerStep * (clock.now() - startedAt), restMsMax) : 0;
    return { more: more || filled === "more", restMs };
  } catch (error) {
    // The table changed meanwhile: the next list tells how.
    if (error instanceof StaleTableError) return { more: true, restMs: 0 };
    log.error("expiry sweep failed", { error, tableId: queue.tableId });
    return { more: undefined, restMs: 0 };
  }
}
