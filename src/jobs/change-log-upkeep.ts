/** Closes shards of change logs that are old or large and erases what no reader needs, in the background. */
import type { Alarm } from "../base/alarm.ts";
import { nextTurn } from "../base/next-turn.ts";
import type { ChangeLog, Log, LogUpkeep } from "../store/change-log/change-log.ts";
import { withDuty, type Duty } from "./duty.ts";
import { startRecurringJob, type Job } from "./job.ts";

export interface ChangeLogUpkeepOptions {
  readonly changeLog: Pick<ChangeLog, "logs" | "upkeep">;
  readonly duty: Duty;
  readonly alarm: Alarm;
  /** Told of what failed: other logs have their turn all the same, and the next round comes. */
  readonly onFailure: (error: unknown) => void;
}

/** A round that finds nothing to do costs a few look-ups a log. */
const pauseMs = 5_000;
const logsPerChunk = 100;

export function startChangeLogUpkeep(options: ChangeLogUpkeepOptions): Job {
  const { duty, alarm, onFailure } = options;
  const round = (isStopped: () => boolean) => keepUp(options, isStopped);
  return withDuty(startRecurringJob({ alarm, everyMs: pauseMs }, round, onFailure), duty);
}

/** The server that begins keeps at it, as long as there is any log. */
async function keepUp(
  { changeLog, duty, onFailure }: ChangeLogUpkeepOptions,
  isStopped: () => boolean,
): Promise<void> {
  // The logs may be many: one server looks at them, the others only at who does.
  if (await duty.isElsewhere()) return;
  const { logs, upkeep } = changeLog;
  const mayGoOn = async () => !isStopped() && (await duty.hold());
  let chunk = await logs({ logsMax: logsPerChunk });
  if (chunk.length === 0) await duty.release();
  while (chunk.length > 0) {
    for (const log of chunk) {
      if (!(await mayGoOn())) return;
      await keepUpOne(upkeep, log, mayGoOn).catch(onFailure);
      await nextTurn();
    }
    if (chunk.length < logsPerChunk) return;
    chunk = await logs({ afterTableId: chunk.at(-1)?.tableId, logsMax: logsPerChunk });
  }
}

async function keepUpOne(upkeep: LogUpkeep, log: Log, mayGoOn: () => Promise<boolean>): Promise<void> {
  await upkeep.rollOver(log);
  while ((await mayGoOn()) && (await upkeep.trimSome(log))) await nextTurn();
}
