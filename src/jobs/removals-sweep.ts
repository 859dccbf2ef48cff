/** Erases what removed tables and indexes left behind, in the background, and takes up again after a restart. */
import { nextTurn } from "../base/next-turn.ts";
import type { Removals } from "../store/store.ts";
import { startJob, type Job } from "./job.ts";

const removalsPerRound = 100;

/** `onFailure` is told of a round that failed; the next poke tries again. */
export function startRemovalsSweep(removals: Removals, onFailure: (error: unknown) => void): Job {
  return startJob(async (isStopped) => {
    let left = true;
    while (left && !isStopped()) {
      const some = await removals.list(removalsPerRound);
      for (const removal of some) {
        while (!isStopped() && (await removals.eraseSome(removal))) await nextTurn();
      }
      left = some.length === removalsPerRound;
    }
  }, onFailure);
}
