import { fork, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import type { Report, Round, Task } from "../load/round.ts";

/** The other end of the load generator's process. */
export interface LoadGenerator {
  readonly process: ChildProcess;
  run(task: Task): Promise<Round>;
  stop(): void;
}

const scripts = { requests: "../load/generator.ts", statements: "../load/bare-generator.ts" };

/**
 * Starts the process that sends requests, so that the client never shares a thread with what it measures; or one that
 * sends a database the statements that a program without a server would.
 */
export function startLoadGenerator(what: keyof typeof scripts = "requests"): LoadGenerator {
  const child = fork(join(import.meta.dirname, scripts[what]), { execArgv: ["--import", "tsx"] });
  return {
    process: child,
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
