import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { median } from "./median.ts";
import { installDynalite, launchDynalite } from "./subjects/dynalite.ts";
import { residentMb, type ServerProcess } from "./subjects/server-process.ts";
import { launchStator } from "./subjects/stator.ts";

/** How a server starts: medians over several launches. */
export interface Start {
  readonly launchMs: number;
  readonly idleMb: number | undefined;
}

export interface InProcessStart {
  readonly importMs: number;
  readonly firstStartMs: number;
  readonly startServerMs: number;
}

export interface Starts {
  readonly stator: Start;
  readonly dynalite: Start;
  readonly inProcess: InProcessStart;
}

const settleMs = 700;

/** Measures launch to first answer, idle memory, and `startServer()` inside a process. */
export async function measureStarts(launches: number): Promise<Starts> {
  installDynalite();
  const stator: Start[] = [];
  const dynalite: Start[] = [];
  for (let round = 0; round < launches; round++) {
    stator.push(await measureLaunch(launchStator));
    dynalite.push(await measureLaunch(launchDynalite));
    console.log(
      `  start: round ${round + 1} of ${launches}, stator ${Math.round(stator.at(-1)?.launchMs ?? 0)} ms`,
    );
  }
  return { stator: mediansOf(stator), dynalite: mediansOf(dynalite), inProcess: measureInProcess(launches) };
}

async function measureLaunch(launch: () => Promise<ServerProcess>): Promise<Start> {
  const server = await launch();
  await delay(settleMs);
  const idleMb = residentMb(server.process);
  await server.stop();
  return { launchMs: server.launchMs, idleMb };
}

function mediansOf(starts: readonly Start[]): Start {
  const memory = starts.flatMap(({ idleMb }) => idleMb ?? []);
  return {
    launchMs: median(starts.map(({ launchMs }) => launchMs)),
    idleMb: memory.length === 0 ? undefined : median(memory),
  };
}

/** Every launch is a fresh process, because only the first `startServer()` of one pays for loading. */
function measureInProcess(launches: number): InProcessStart {
  const script = join(import.meta.dirname, "subjects/start-in-process.js");
  const starts = Array.from(
    { length: launches },
    () => JSON.parse(execFileSync(process.execPath, [script], { encoding: "utf8" })) as InProcessStart,
  );
  return {
    importMs: median(starts.map(({ importMs }) => importMs)),
    firstStartMs: median(starts.map(({ firstStartMs }) => firstStartMs)),
    startServerMs: median(starts.map(({ startServerMs }) => startServerMs)),
  };
}
