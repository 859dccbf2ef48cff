/** Erases what removed tables and indexes left behind, in the background, and takes up again after a restart. */
import type { Alarm } from "../base/alarm.ts";
import { nextTurn } from "../base/next-turn.ts";
import type { Removals } from "../store/store.ts";
import { withDuty, type Duty } from "./duty.ts";
import { startRecurringJob, type Job } from "./job.ts";

export interface RemovalsSweepOptions {
  readonly removals: Removals;
  readonly duty: Duty;
  readonly alarm: Alarm;
  /** Told of a round that failed; the next one comes in its time. */
  readonly onFailure: (error: unknown) => void;
}

const removalsPerRound = 100;

/** What a failure, or a server that is gone, left undone is taken up so much later. */
const pauseMs = 5_000;

export function startRemovalsSweep({ removals, duty, alarm, onFailure }: RemovalsSweepOptions): Job {
  const job = startRecurringJob(
    { alarm, everyMs: pauseMs },
    async (isStopped) => {
      try {
        await eraseAll(removals, async () => !isStopped() && (await duty.hold()));
      } finally {
        await duty.release();
      }
    },
    onFailure,
  );
  return withDuty(job, duty);
}

async function eraseAll(removals: Removals, mayGoOn: () => Promise<boolean>): Promise<void> {
  for (;;) {
    const some = await removals.list(removalsPerRound);
    for (const removal of some) {
      do {
        if (!(await mayGoOn())) return;
        await nextTurn();
      } while (await removals.eraseSome(removal));
    }
    if (some.length < removalsPerRound) return;
  }
}
