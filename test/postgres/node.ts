import { spawn, type ChildProcess } from "node:child_process";
import { readFile } from "node:fs/promises";
import { openSync, closeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "../server-process.ts";
import type { Binaries } from "./binaries.ts";

/** One running PostgreSQL server. */
export interface PostgresNode {
  readonly port: number;
  readonly process: ChildProcess;
}

export const databaseUser = "stator";
const startMsMax = 30_000;

/** Makes the data folder of a new server. */
export async function createData(binaries: Binaries, data: string): Promise<void> {
  const options = ["--auth=trust", "--no-locale", "--encoding=UTF8", "--no-sync", "--no-instructions"];
  await succeed(binaries, ["-D", data, "-U", databaseUser, ...options]);
}

async function succeed({ initdb, user, temporary }: Binaries, parameters: readonly string[]): Promise<void> {
  const child = spawn(initdb, parameters, {
    ...user,
    cwd: temporary,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const status = await new Promise((resolve, reject) => {
    child.once("close", resolve).once("error", reject);
  });
  if (status !== 0) throw new Error(`initdb failed: ${errors}`);
}

/** Starts the server of a data folder and waits until it lets clients in. It writes its log to `<data>.log`. */
export async function startNode(
  binaries: Binaries,
  data: string,
  settings: Readonly<Record<string, string | number>>,
): Promise<PostgresNode> {
  const port = await freePort();
  const all = {
    ...{ port, listen_addresses: "127.0.0.1", unix_socket_directories: "" },
    ...{ max_connections: 200, shared_buffers: "64MB", dynamic_shared_memory_type: "posix" },
    ...settings,
  };
  const log = openSync(`${data}.log`, "a");
  const child = spawn(
    binaries.postgres,
    ["-D", data, ...Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${String(value)}`])],
    { ...binaries.user, cwd: data, stdio: ["ignore", log, log], detached: true },
  );
  closeSync(log);
  child.unref();
  await waitUntilReady(child, data);
  return { port, process: child };
}

/** The server writes its state into the eighth line of this file, for `pg_ctl`. */
async function waitUntilReady(child: ChildProcess, data: string): Promise<void> {
  const end = performance.now() + startMsMax;
  while (performance.now() < end && child.exitCode === null && child.signalCode === null) {
    const file = await readFile(join(data, "postmaster.pid"), "utf8").catch(() => "");
    const [id, ...lines] = file.split("\n");
    if (Number(id) === child.pid && lines[6]?.trim() === "ready") return;
    await delay(10);
  }
  child.kill("SIGKILL");
  throw new Error(`PostgreSQL did not start: ${(await readFile(`${data}.log`, "utf8")).slice(-2_000)}`);
}
