/** Erases what removed tables and indexes left behind, in the background, and takes up again after a restart. */
import type { Alarm } from "../base/alarm.ts";
import { nextTurn } from "../base/next-turn.ts";
import type { Removals } from "../store/store.ts";
import { startRecurringJob, type Job } from "./job.ts";

const removalsPerRound = 100;

/** What a failure, or a server that is gone, left undone is taken up so much later. */
const pauseMs = 60_000;

/** `onFailure` is told of a round that failed; the next one comes in its time. */
export function startRemovalsSweep(
  removals: Removals,
  alarm: Alarm,
  onFailure: (error: unknown) => void,
): Job {
  return startRecurringJob(
    { alarm, everyMs: pauseMs },
    async (isStopped) => {
      let left = true;
      while (left && !isStopped()) {
        const some = await removals.list(removalsPerRound);
        for (const removal of some) {
          while (!isStopped() && (await removals.eraseSome(removal))) await nextTurn();
        }
        left = some.length === removalsPerRound;
      }
    },
    onFailure,
  );
}
