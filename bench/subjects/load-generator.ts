import { fork } from "node:child_process";
import { join } from "node:path";
import type { Report, Round, Task } from "../load/round.ts";

/** The other end of the load generator's process. */
export interface LoadGenerator {
  run(task: Task): Promise<Round>;
  stop(): void;
}

/** Starts the process that sends requests, so that the client never shares a thread with what it measures. */
export function startLoadGenerator(): LoadGenerator {
  const child = fork(join(import.meta.dirname, "../load/generator.ts"), { execArgv: ["--import", "tsx"] });
  return {
    run: (task) =>
      new Promise((resolve, reject) => {
        child.once("message", (report: Report) => {
          if ("round" in report) resolve(report.round);
          else reject(new Error(report.failure));
        });
        child.send(task);
      }),
    stop: () => {
      child.disconnect();
    },
  };
}
