import { execFile } from "node:child_process";
import { join } from "node:path";
import type { Round } from "../load/round.ts";

/**
 * Measures the engine alone, in a process of its own: for each write one read of three keys and two puts, flushed, by
 * as many writers as there are connections.
 */
export function measureRawEngine(options: {
  readonly items: number;
  readonly connections: number;
  readonly measureMs: number;
}): Promise<Round> {
  const script = join(import.meta.dirname, "raw-engine-process.ts");
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      ["--import", "tsx", script, JSON.stringify(options)],
      (error, stdout, stderr) => {
        if (error === null) resolve(JSON.parse(stdout) as Round);
        else reject(new Error(`the raw engine failed: ${stderr}`));
      },
    );
  });
}
