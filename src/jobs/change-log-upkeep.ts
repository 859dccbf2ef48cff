/** Closes shards of change logs that are old or large and erases what no reader needs, in the background. */
import type { Alarm } from "../base/alarm.ts";
import { nextTurn } from "../base/next-turn.ts";
import type { ChangeLog, Log, LogUpkeep } from "../store/change-log/change-log.ts";
import { startRecurringJob, type Job } from "./job.ts";

/** A round that finds nothing to do costs a few look-ups a log. */
const pauseMs = 5_000;
const logsPerChunk = 100;

/** `onFailure` is told of what failed: other logs have their turn all the same, and the next round comes. */
export function startChangeLogUpkeep(
  changeLog: Pick<ChangeLog, "logs" | "upkeep">,
  alarm: Alarm,
  onFailure: (error: unknown) => void,
): Job {
  const round = (isStopped: () => boolean) => keepUp(changeLog, isStopped, onFailure);
  return startRecurringJob({ alarm, everyMs: pauseMs }, round, onFailure);
}

async function keepUp(
  { logs, upkeep }: Pick<ChangeLog, "logs" | "upkeep">,
  isStopped: () => boolean,
  onFailure: (error: unknown) => void,
): Promise<void> {
  let chunk: readonly Log[] = [];
  do {
    chunk = await logs({ afterTableId: chunk.at(-1)?.tableId, logsMax: logsPerChunk });
    for (const log of chunk) {
      if (isStopped()) return;
      await keepUpOne(upkeep, log, isStopped).catch(onFailure);
      await nextTurn();
    }
  } while (chunk.length === logsPerChunk);
}

async function keepUpOne(upkeep: LogUpkeep, log: Log, isStopped: () => boolean): Promise<void> {
  await upkeep.rollOver(log);
  while (!isStopped() && (await upkeep.trimSome(log))) await nextTurn();
}
