import { execFileSync, spawn } from "node:child_process";
import { chownSync } from "node:fs";
import { homedir } from "node:os";

/** Who runs the daemons. PostgreSQL refuses to run as root. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** A program in a process group of its own, so that whatever it starts there ends with it. */
export interface Daemon {
  readonly isGone: boolean;
  /** The last part of what it said since it was last told to forget that. */
  output(): string;
  forget(): void;
  /** Sends a signal to its group. */
  signal(signal: NodeJS.Signals): void;
  /** Ends its group as `kill -9` does and waits until it is gone. */
  kill(): Promise<void>;
}

const outputMax = 20_000;

/** The account of the one who runs the drill, or of Debian's PostgreSQL where that is root. */
export function unprivilegedAccount(): Account {
  const own = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  return own.uid === 0 ? { uid: idOf("-u"), gid: idOf("-g") } : own;
}

function idOf(kind: "-u" | "-g"): number {
  return Number(execFileSync("id", [kind, "postgres"], { encoding: "utf8" }));
}

/** Makes a folder the account's own. */
export function give(folder: string, { uid, gid }: Account): void {
  chownSync(folder, uid, gid);
}

export function startDaemon(
  [program, ...parameters]: readonly [string, ...string[]],
  { account, folder }: { account: Account; folder: string },
): Daemon {
  const child = spawn(program, parameters, {
    ...account,
    cwd: folder,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: "/usr/bin:/bin",
      LC_ALL: "C.UTF-8",
      HOME: account.uid === process.getuid?.() ? homedir() : folder,
    },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => (output = (output + chunk.toString()).slice(-outputMax)));
  }
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => {
      resolve();
    });
    child.once("error", (error) => {
      output += String(error);
      resolve();
    });
  });
  const isGone = () => child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
  return {
    get isGone() {
      return isGone();
    },
    output: () => output,
    forget: () => (output = ""),
    signal: (signal) => {
      if (child.pid !== undefined) signalGroup(child.pid, signal);
    },
    kill: async () => {
      if (child.pid !== undefined) signalGroup(child.pid, "SIGKILL");
      await ended;
    },
  };
}

function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch (error) {
    const isOver = error instanceof Error && "code" in error && error.code === "ESRCH";
    if (!isOver) throw error;
  }
}
