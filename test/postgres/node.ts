import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readdirSync, readFileSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
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
  const port = Number(settings["port"] ?? (await freePort()));
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

/** Ends a server as `kill -9` does, with the processes that it has started, and waits until they are gone. */
export async function killNode({ process: server }: PostgresNode, data: string): Promise<void> {
  const idFile = join(data, "postmaster.pid");
  const sharedMemory = readFileSync(idFile, "utf8").split("\n")[6]?.trim().split(/\s+/)[1];
  const gone = once(server, "exit");
  server.ref();
  // Stopped first, so that it starts no others while its own are listed.
  server.kill("SIGSTOP");
  const children = childrenOf(server.pid ?? 0);
  for (const child of children) signalIfThere(child, "SIGKILL");
  server.kill("SIGKILL");
  await gone;
  while (children.some(isAlive)) await delay(5);
  await rm(idFile);
  // What the server would have removed itself. The segment is small but a machine has few.
  if (sharedMemory !== undefined) spawnSync("ipcrm", ["-m", sharedMemory]);
}

/** Sends a signal to a server and then to the processes that it has started, which it would otherwise replace. */
export function signalAll(server: number, signal: NodeJS.Signals): void {
  const children = childrenOf(server);
  for (const id of [server, ...children]) signalIfThere(id, signal);
}

function signalIfThere(id: number, signal: NodeJS.Signals): void {
  try {
    process.kill(id, signal);
  } catch {
    // It has ended by itself.
  }
}

function childrenOf(parent: number): number[] {
  const pairs = existsSync("/proc/self/stat")
    ? readdirSync("/proc")
        .filter((name) => /^\d+$/.test(name))
        .map((name) => [Number(name), Number(statusOf(Number(name))[1])])
    : spawnSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" })
        .stdout.split("\n")
        .map((line) => line.trim().split(/\s+/).map(Number));
  return pairs.flatMap(([id, itsParent]) => (id !== undefined && itsParent === parent ? [id] : []));
}

/** State and parent of a process on Linux. Its name stands in brackets before and may hold anything. */
function statusOf(id: number): string[] {
  try {
    return readFileSync(`/proc/${String(id)}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
  } catch {
    return [];
  }
}

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
  } catch {
    return false;
  }
  // Dead, though nobody has asked how it died.
  return statusOf(id)[0] !== "Z";
}
