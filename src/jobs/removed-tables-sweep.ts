/** Erases what removed tables left behind, in the background, and takes up again after a restart. */
import { nextTurn } from "../base/next-turn.ts";
import type { RemovedTables } from "../store/store.ts";

const tablesPerRound = 100;

export interface Sweep {
  /** Says that there may be work. */
  poke(): void;
  /** Ends after the step under way. */
  stop(): Promise<void>;
}

/** `onFailure` is told of a round that failed; the next poke tries again. */
export function startRemovedTablesSweep(removed: RemovedTables, onFailure: (error: unknown) => void): Sweep {
  let stopped = false;
  let poked = false;
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (poked && !stopped) {
      poked = false;
      const ids = await removed.list(tablesPerRound);
      for (const id of ids) {
        while (!stopped && (await removed.eraseSome(id))) await nextTurn();
      }
      poked ||= ids.length === tablesPerRound;
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
