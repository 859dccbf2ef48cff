import type { Report, Round, Task } from "./round.ts";

/** Makes a process of this one that does what `startLoadGenerator` asks of it, and ends with who started it. */
export function carryOutTasks(run: (task: Task) => Promise<Round>): void {
  process.on("message", (task: Task) => {
    void reportOf(() => run(task)).then((report) => process.send?.(report));
  });
  process.on("disconnect", () => process.exit(0));
}

async function reportOf(run: () => Promise<Round>): Promise<Report> {
  try {
    return { round: await run() };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}
