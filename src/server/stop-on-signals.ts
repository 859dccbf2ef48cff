import type { ProcessLog } from "./process-log.ts";
import type { RunningServer } from "./start-server.ts";

const signals = { SIGINT: 2, SIGTERM: 15 } as const;
/** Shells add this to the number of the signal that ended a command. */
const signalCodeBase = 128;
/**
 * Under `npm start`, where npm's shell is bash, a key press reaches the server twice within milliseconds: from the
 * terminal and from npm. The echo is not a second wish.
 */
const echoMs = 300;

type Signal = keyof typeof signals;

/** The first SIGINT or SIGTERM closes the server and ends the process in order; a second one ends it at once. */
export function stopOnSignals({ server, log }: { server: RunningServer; log: ProcessLog }): void {
  let firstAt: number | undefined;

  function onSignal(signal: Signal): void {
    if (firstAt === undefined) {
      firstAt = performance.now();
      log.info("stopping", { signal });
      void stop();
    } else if (performance.now() - firstAt > echoMs) {
      process.exit(signalCodeBase + signals[signal]);
    }
  }

  async function stop(): Promise<void> {
    let code = 0;
    try {
      await server.close();
    } catch (error) {
      log.error("server could not be closed in order", { error });
      code = 1;
    }
    await log.flush();
    process.exit(code);
  }

  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
}
