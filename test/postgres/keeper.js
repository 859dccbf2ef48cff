// Ends the PostgreSQL servers whose data lie in a folder, and removes it, when whoever started this closes its standard
// input: on purpose or because it is no more, however it ended. Plain JavaScript, which starts fastest.
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const [folder] = process.argv.slice(2);
const endMsMax = 8_000;

for await (const chunk of process.stdin) void chunk;
await Promise.all(readdirSync(folder).map((name) => endServer(join(folder, name, "postmaster.pid"))));
rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });

/** SIGQUIT ends a server and all its connections at once. The file with its id goes last. */
async function endServer(idFile) {
  thaw(idIn(idFile));
  signalServer(idFile, "SIGQUIT");
  const end = performance.now() + endMsMax;
  while (idIn(idFile) !== undefined && performance.now() < end) await delay(5);
  signalServer(idFile, "SIGKILL");
}

/** A test may have frozen a server with all its processes, and ended before it thawed them: they would never end. */
function thaw(id) {
  if (id === undefined || !existsSync("/proc/self/stat")) return;
  const children = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && parentOf(name) === id);
  for (const frozen of [id, ...children]) {
    try {
      process.kill(Number(frozen), "SIGCONT");
    } catch {
      // It has ended by itself.
    }
  }
}

/** The name of a process stands in brackets before its state and its parent, and may hold anything. */
function parentOf(id) {
  try {
    return Number(
      readFileSync(`/proc/${id}/stat`, "utf8")
        .replace(/^.*\) /s, "")
        .split(" ")[1],
    );
  } catch {
    return undefined;
  }
}

function signalServer(idFile, signal) {
  const id = idIn(idFile);
  if (id === undefined) return;
  try {
    process.kill(id, signal);
  } catch {
    rmSync(idFile, { force: true });
  }
}

function idIn(file) {
  try {
    return Number(readFileSync(file, "utf8").split("\n", 1)[0]) || undefined;
  } catch {
    return undefined;
  }
}
