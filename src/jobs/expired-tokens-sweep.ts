/** Erases the tokens of transactions that are long done, now and then. */
import type { Alarm } from "../base/alarm.ts";
import { nextTurn } from "../base/next-turn.ts";
import type { ExpiredTokens } from "../store/store.ts";
import { withDuty, type Duty } from "./duty.ts";
import { startRecurringJob, type Job } from "./job.ts";

export interface ExpiredTokensSweepOptions {
  readonly tokens: ExpiredTokens;
  readonly duty: Duty;
  readonly alarm: Alarm;
  /** Told of a round that failed; the next one comes in its time. */
  readonly onFailure: (error: unknown) => void;
}

/** Tokens that have had their time count for nothing; all the sweep saves is room. */
const pauseMs = 60_000;

export function startExpiredTokensSweep(options: ExpiredTokensSweepOptions): Pick<Job, "stop"> {
  const { tokens, duty, alarm, onFailure } = options;
  const job = startRecurringJob(
    { alarm, everyMs: pauseMs },
    async (isStopped) => {
      try {
        while (!isStopped() && (await duty.hold()) && (await tokens.eraseSome())) await nextTurn();
      } finally {
        await duty.release();
      }
    },
    onFailure,
  );
  return withDuty(job, duty);
}
