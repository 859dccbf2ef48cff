import { readFileSync } from "node:fs";
import { join } from "node:path";
import { signalAll } from "../../postgres/node.ts";

/** Sends a signal to the PostgreSQL that runs in a folder, where one does, with all that belongs to it. */
export function signalPostgres(dataFolder: string, signal: NodeJS.Signals): void {
  const postmaster = postmasterOf(dataFolder);
  if (postmaster !== undefined) signalAll(postmaster, signal);
}

/** The id of its first process, where one runs. */
export function postmasterOf(dataFolder: string): number | undefined {
  const pid = Number(textOf(join(dataFolder, "postmaster.pid"))?.split("\n")[0]);
  // A file that a killed process left may name one that has come since.
  return textOf(`/proc/${pid}/cmdline`)?.includes(dataFolder) === true ? pid : undefined;
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
