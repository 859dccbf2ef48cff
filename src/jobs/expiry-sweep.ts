/** Deletes items whose time to live is over, fills the queues that tell which, and erases those nobody keeps. */
import type { Alarm } from "../base/alarm.ts";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { nextTurn } from "../base/next-turn.ts";
import type { ExpiryQueue, ExpiryQueues } from "../store/expiry/expiry-queues.ts";
import { StaleTableError } from "../store/table-stamp.ts";
import { startJob, type Job } from "./job.ts";

export interface ExpirySweepOptions {
  readonly queues: ExpiryQueues;
  readonly clock: Clock;
  readonly alarm: Alarm;
  readonly log: Log;
  /** Who leases the filling of queues. */
  readonly owner: string;
  /** How long items outlive their time at least. */
  readonly lagMs: number;
}

const queuesPerList = 1_000;
/** So often queues take turns until they are listed anew: a new one need not wait for a million items. */
const turnsPerList = 10;
/** How soon to look again for items that have expired, where queues are, and where another server may begin one. */
const pauseMs = 1_000;
const idlePauseMs = 60_000;
const failurePauseMs = 5_000;
/** Every step renews the lease, so that it is over soon after a server has died. */
const leaseMs = 5_000;
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
    },
  };
}

interface Surroundings {
  readonly isStopped: () => boolean;
  readonly rest: (ms: number) => Promise<void>;
}

/**
 * Works while there is something to do; answers after how many milliseconds to look again. Queues take turns, one step
 * each, so that a table with few items need not wait for one with many.
 */
async function sweepAll(options: ExpirySweepOptions, { isStopped, rest }: Surroundings): Promise<number> {
  for (;;) {
    // A queue that failed has another try with the next list, whatever the others still have to do.
    const failed = new Set<string>();
    const queues = await listAll(options.queues);
    let busy = queues.filter((queue) => !failed.has(nameOf(queue)));
    for (let turn = 0; turn < turnsPerList; turn += 1) {
      const next: ExpiryQueue[] = [];
      for (const queue of busy) {
        if (isStopped()) return pauseMs;
        const { more, restMs } = await stepOf(queue, options);
        if (more === undefined) failed.add(nameOf(queue));
        if (more === true) next.push(queue);
        await (restMs > 0 && !isStopped() ? rest(restMs) : nextTurn());
      }
      busy = next;
    }
    if (busy.length > 0) continue;
    if (failed.size > 0) return failurePauseMs;
    return queues.length === 0 ? idlePauseMs : pauseMs;
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

async function stepOf(
  queue: ExpiryQueue,
  { queues, clock, log, owner, lagMs }: ExpirySweepOptions,
): Promise<Step> {
  const startedAt = clock.now();
  try {
    if (queue.state === "removed") return { more: await queues.eraseSome(queue), restMs: 0 };
    const filled = queue.state === "filling" ? await queues.fill(queue, { owner, leaseMs }) : "done";
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
