import { spawn, type ChildProcess } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { get } from "node:http";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** Where the server's program comes from: the build, the sources without one, or a script of a drill's own. */
export type Program = "built" | "sources" | { readonly script: string };

/** Where an SDK client is to send its next request. It asks before each. */
export type AnyEndpoint = () => Promise<{ readonly url: URL }>;

/** A server in a process of its own, so that it can be killed or watched from outside. */
export interface ServerProcess {
  readonly port: number;
  readonly endpoint: string;
  readonly child: ChildProcess;
  /** What it wrote to standard error and output, the last part. */
  output(): string;
  /** Ends it as `kill -9` does and waits until it is gone. */
  kill(): Promise<void>;
}

const root = join(import.meta.dirname, "..");
const programs = {
  built: [join(root, "dist/server/main.js")],
  sources: ["--import", "tsx", join(root, "src/server/main.ts")],
};
const outputMax = 20_000;
/** Below what systems hand out to those who ask for any port, so that nobody takes it before the server does. */
const ports = { from: 15_000, until: 32_000 };

/** Launches the server and does not wait for it. `options` are the server's, `flags` those of Node. */
export async function launch(
  program: Program,
  options: readonly string[],
  flags: readonly string[] = [],
): Promise<ServerProcess> {
  const port = await freePort();
  const command = typeof program === "string" ? programs[program] : ["--import", "tsx", program.script];
  const child = spawn(process.execPath, [...flags, ...command, "--port", String(port), ...options], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => (output = (output + chunk.toString()).slice(-outputMax)));
  }
  const exited = new Promise((resolve) => child.once("exit", resolve));
  return {
    port,
    endpoint: `http://127.0.0.1:${String(port)}`,
    child,
    output: () => output,
    kill: async () => {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

/** Waits until the server answers its health check. */
export async function waitUntilHealthy(server: ServerProcess, patienceMs = 30_000): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!(await isHealthy(server.endpoint))) {
    if (isGone(server) || performance.now() > end) {
      throw new Error(`the server does not answer; it said:\n${server.output()}`);
    }
    await delay(3);
  }
}

export function isGone({ child }: ServerProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Resident memory in MB; undefined where the system does not tell. */
export function residentMb({ child }: ServerProcess): number | undefined {
  try {
    const status = readFileSync(`/proc/${String(child.pid)}/status`, "utf8");
    const kilobytes = /VmRSS:\s*(\d+)/.exec(status)?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined;
  }
}

function isHealthy(endpoint: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(endpoint, { agent: false }, (response) => {
      response.resume();
      response.once("end", () => {
        resolve(response.statusCode === 200);
      });
    });
    request.once("error", () => {
      resolve(false);
    });
  });
}

/** A port of this machine on which nobody listens. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(ports.from, ports.until);
    const probe = createServer().listen(port, "127.0.0.1");
    const isFree = await once(probe, "listening").then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    probe.close();
    await once(probe, "close");
    return port;
  }
}
