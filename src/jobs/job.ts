import type { Alarm } from "../base/alarm.ts";

/** Work in the background that runs when somebody says that there may be some. */
export interface Job {
  /** Says that there may be work. */
  poke(): void;
  /** Ends after the step under way. */
  stop(): Promise<void>;
}

/**
 * Runs `round` after every poke, never twice at once; a poke meanwhile makes it run once more. `round` ends early when
 * it is told to stop. `onFailure` is told of a round that failed; the next poke tries again.
 */
export function startJob(
  round: (isStopped: () => boolean) => Promise<void>,
  onFailure: (error: unknown) => void,
): Job {
  let stopped = false;
  let poked = false;
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (poked && !stopped) {
      poked = false;
      await round(() => stopped);
    }
  }

  function poke(): void {
    poked = true;
    if (stopped) return;
    running ??= run()
      .catch((error: unknown) => {
        poked = false;
        onFailure(error);
      })
      .finally(() => {
        running = undefined;
        if (poked) poke();
      });
  }

  return {
    poke,
    async stop() {
      stopped = true;
      await running;
    },
  };
}

/** When a job runs by itself, beside its pokes. */
export interface Recurrence {
  readonly alarm: Alarm;
  readonly everyMs: number;
}

/** The same for work that is looked for now and then too: nobody may know of it, or another server may have left it. */
export function startRecurringJob(
  { alarm, everyMs }: Recurrence,
  round: (isStopped: () => boolean) => Promise<void>,
  onFailure: (error: unknown) => void,
): Job {
  const job = startJob(round, onFailure);
  let callOff = alarm(everyMs, look);

  function look(): void {
    callOff = alarm(everyMs, look);
    job.poke();
  }

  return {
    poke() {
      job.poke();
    },
    async stop() {
      callOff();
      await job.stop();
    },
  };
}
