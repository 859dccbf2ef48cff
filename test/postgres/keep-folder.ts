import { spawn } from "node:child_process";
import { chown, mkdtemp, statfs } from "node:fs/promises";
import { Socket } from "node:net";
import { join } from "node:path";
import type { Binaries } from "./binaries.ts";

/** A folder for the data of PostgreSQL servers. */
export interface KeptFolder {
  readonly path: string;
  /** Ends the servers whose data lie in folders of this folder, and removes it. */
  close(): Promise<void>;
}

const memory = "/dev/shm";
const memoryBytesMin = 4 * 2 ** 30;

/** Where data lie: `memory` is quick and, where there is little of it, still the disk. */
export type Place = "memory" | "disk";

/** Makes a folder. It goes, and what runs in it too, when this process ends, even by `kill -9`. */
export async function keepFolder(
  { temporary, user }: Binaries,
  place: Place = "memory",
): Promise<KeptFolder> {
  const parent = place === "disk" ? temporary : await folderOfData(temporary);
  const path = await mkdtemp(join(parent, "stator-test-postgres-"));
  if (user.uid !== undefined && user.gid !== undefined) await chown(path, user.uid, user.gid);
  // A group of its own keeps it from signals that a terminal sends to all: it must outlive what it watches.
  const keeper = spawn(process.execPath, [join(import.meta.dirname, "keeper.js"), path], {
    cwd: temporary,
    stdio: ["pipe", "ignore", "inherit"],
    detached: true,
  });
  const ended = new Promise<void>((resolve) =>
    keeper.once("exit", () => {
      resolve();
    }),
  );
  keeper.unref();
  if (keeper.stdin instanceof Socket) keeper.stdin.unref();
  return {
    path,
    close: async () => {
      keeper.ref();
      keeper.stdin.end();
      await ended;
    },
  };
}

/** Memory where there is plenty: making a server's thousand files takes a tenth of the time that it takes on disk. */
async function folderOfData(temporary: string): Promise<string> {
  const free = await statfs(memory).catch(() => undefined);
  return free !== undefined && free.bavail * free.bsize >= memoryBytesMin ? memory : temporary;
}
