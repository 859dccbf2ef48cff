/** Erases the tokens of transactions that are long done, now and then. */
import type { Alarm } from "../base/alarm.ts";
import { nextTurn } from "../base/next-turn.ts";
import type { ExpiredTokens } from "../store/store.ts";
import { startRecurringJob, type Job } from "./job.ts";

/** Tokens that have had their time count for nothing; all the sweep saves is room. */
const pauseMs = 60_000;

/** `onFailure` is told of a round that failed; the next one comes in its time. */
export function startExpiredTokensSweep(
  tokens: ExpiredTokens,
  alarm: Alarm,
  onFailure: (error: unknown) => void,
): Pick<Job, "stop"> {
  return startRecurringJob(
    { alarm, everyMs: pauseMs },
    async (isStopped) => {
      while (!isStopped() && (await tokens.eraseSome())) await nextTurn();
    },
    onFailure,
  );
}
