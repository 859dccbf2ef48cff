/** The work that no request waits for, of one server. */
import type { Alarm } from "../base/alarm.ts";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { startChangeLogUpkeep } from "../jobs/change-log-upkeep.ts";
import { Duty } from "../jobs/duty.ts";
import { startExpiredTokensSweep } from "../jobs/expired-tokens-sweep.ts";
import { startExpirySweep } from "../jobs/expiry-sweep.ts";
import { startIndexBuilds } from "../jobs/index-builds.ts";
import type { Job } from "../jobs/job.ts";
import { startKinesisDeliveries } from "../jobs/kinesis/kinesis-deliveries.ts";
import type { Kinesis } from "../jobs/kinesis/kinesis-stream.ts";
import { startRemovalsSweep } from "../jobs/removals-sweep.ts";
import { startTriggers } from "../jobs/triggers/start-triggers.ts";
import type { TriggerTools } from "../jobs/triggers/trigger-tools.ts";
import { soleLeases } from "../store/leases.ts";
import type { Store, Work } from "../store/store.ts";

export interface Jobs {
  /** Says that there may be work of this kind. */
  poke(work: Work): void;
  /** Ends all of it after the steps under way. */
  stop(): Promise<void>;
}

export interface JobsOptions {
  /**
   * By what name other servers on the same engine know this one: each process has its own. Absent: there are no others,
   * and the server goes on at once with what an earlier one left.
   */
  readonly owner?: string | undefined;
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

/** The only server there is goes by this name. */
const soleOwner = "server";

/** Starts with what an earlier server left undone. */
export function startJobs(store: Store, options: JobsOptions): Jobs {
  const { clock, alarm, log, expiryLagMs: lagMs, owner = soleOwner } = options;
  const leases = options.owner === undefined ? soleLeases : store.leases;
  const dutyOf = (name: string) => new Duty(name, { leases, clock, alarm, owner });
  const failing = (message: string) => (error: unknown) => {
    log.error(message, { error });
  };
  const jobs = {
    removal: startRemovalsSweep({
      ...{ removals: store.removals, duty: dutyOf("removal"), alarm },
      onFailure: failing("sweep of removed tables and indexes failed"),
    }),
    "index-build": startIndexBuilds({ builds: store.indexBuilds, clock, alarm, log, owner }),
    expiry: startExpirySweep({ queues: store.expiry, duty: dutyOf("expiry"), clock, alarm, log, lagMs }),
    "change-log": startChangeLogUpkeep({
      ...{ changeLog: store.changeLog, duty: dutyOf("change-log"), alarm },
      onFailure: failing("upkeep of change logs failed"),
    }),
  } satisfies Record<Work, Job>;
  const tokens = startExpiredTokensSweep({
    ...{ tokens: store.idempotency, duty: dutyOf("tokens"), alarm },
    onFailure: failing("sweep of expired tokens failed"),
  });
  const deliveries = startKinesisDeliveries({ ...options, store, owner, dutyOf });
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
