import { fork, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { get } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** A server under measurement, in a process of its own. */
export interface ServerProcess {
  readonly port: number;
  /** From the launch of the process to its first HTTP answer. */
  readonly launchMs: number;
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

export interface Launch {
  readonly script: string;
  readonly arguments: readonly string[];
  readonly execArgv?: readonly string[];
}

const launchMsMax = 15_000;

/** Launches `script` and waits until it answers HTTP on `port`. */
export async function launchServer(port: number, launch: Launch): Promise<ServerProcess> {
  const begun = performance.now();
  const child = fork(launch.script, launch.arguments, {
    execArgv: [...(launch.execArgv ?? [])],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let complaint = "";
  child.stderr?.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
  while (!(await answers(port))) {
    if (child.exitCode !== null || performance.now() - begun > launchMsMax) {
      child.kill("SIGKILL");
      throw new Error(`${launch.script} does not answer: ${complaint.slice(-2000)}`);
    }
    await delay(2);
  }
  return {
    port,
    launchMs: performance.now() - begun,
    process: child,
    stop: () => stop(child),
  };
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}

/** Resident memory of a process in MB; undefined where the system does not tell. */
export function residentMb(process: ChildProcess): number | undefined {
  const status = readProcess(process, "status");
  const kilobytes = /VmRSS:\s*(\d+)/.exec(status ?? "")?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
}

/** Processor time that a process has used, in seconds; undefined where the system does not tell. */
export function processorSeconds(process: ChildProcess): number | undefined {
  const fields = readProcess(process, "stat")
    ?.replace(/^.*\) /, "")
    .split(" ");
  if (fields === undefined) return undefined;
  const ticksPerSecond = 100;
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

function readProcess({ pid }: ChildProcess, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${String(pid)}/${file}`, "utf8");
  } catch {
    return undefined;
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: "127.0.0.1", port, agent: false }, (response) => {
      response.resume();
      response.once("end", () => {
        resolve(true);
      });
    });
    request.once("error", () => {
      resolve(false);
    });
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const patience = setTimeout(() => child.kill("SIGKILL"), 3000);
  await exited;
  clearTimeout(patience);
}
