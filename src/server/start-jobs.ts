/** The work that no request waits for, of one server. */
import type { Alarm } from "../base/alarm.ts";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { startChangeLogUpkeep } from "../jobs/change-log-upkeep.ts";
import { startExpiredTokensSweep } from "../jobs/expired-tokens-sweep.ts";
import { startExpirySweep } from "../jobs/expiry-sweep.ts";
import { startIndexBuilds } from "../jobs/index-builds.ts";
import type { Job } from "../jobs/job.ts";
import { startKinesisDeliveries } from "../jobs/kinesis/kinesis-deliveries.ts";
import type { Kinesis } from "../jobs/kinesis/kinesis-stream.ts";
import { startRemovalsSweep } from "../jobs/removals-sweep.ts";
import { startTriggers } from "../jobs/triggers/start-triggers.ts";
import type { TriggerTools } from "../jobs/triggers/trigger-tools.ts";
import type { Store, Work } from "../store/store.ts";

export interface Jobs {
  /** Says that there may be work of this kind. */
  poke(work: Work): void;
  /** Ends all of it after the steps under way. */
  stop(): Promise<void>;
}

/** Both engines there are belong to one server: under one name for all, it goes on at once after a restart. */
const owner = "server";

export interface JobsOptions {
  readonly clock: Clock;
  readonly alarm: Alarm;
  readonly log: Log;
  /** How long items outlive their time to live at least. */
  readonly expiryLagMs: number;
  readonly kinesis: Kinesis;
  readonly triggers: Pick<TriggerTools, "functions" | "tellFailure" | "arns" | "newId">;
  /** From 0 to below 1. */
  readonly random: () => number;
}

/** Starts with what an earlier server left undone. */
export function startJobs(store: Store, options: JobsOptions): Jobs {
  const { clock, alarm, log, expiryLagMs: lagMs } = options;
  const jobs = {
    removal: startRemovalsSweep(store.removals, alarm, (error) => {
      log.error("sweep of removed tables and indexes failed", { error });
    }),
    "index-build": startIndexBuilds({ builds: store.indexBuilds, clock, alarm, log, owner }),
    expiry: startExpirySweep({ queues: store.expiry, clock, alarm, log, owner, lagMs }),
    "change-log": startChangeLogUpkeep(store.changeLog, alarm, (error) => {
      log.error("upkeep of change logs failed", { error });
    }),
  } satisfies Record<Work, Job>;
  const tokens = startExpiredTokensSweep(store.idempotency, alarm, (error) => {
    log.error("sweep of expired tokens failed", { error });
  });
  const deliveries = startKinesisDeliveries({ ...options, store, owner });
  const triggers = startTriggers({ ...options, ...options.triggers, store, owner });
  for (const job of [...Object.values(jobs), deliveries, triggers]) job.poke();
  return {
    poke(work) {
      jobs[work].poke();
      if (work === "change-log") deliveries.poke();
    },
    async stop() {
      await Promise.all([...Object.values(jobs), tokens, deliveries, triggers].map((job) => job.stop()));
    },
  };
}
