// Ends the PostgreSQL servers whose data lie in a folder, and removes it, when whoever started this closes its standard
// input: on purpose or because it is no more, however it ended. Plain JavaScript, which starts fastest.
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const [folder] = process.argv.slice(2);
const endMsMax = 8_000;

for await (const chunk of process.stdin) void chunk;
await Promise.all(readdirSync(folder).map((name) => endServer(join(folder, name, "postmaster.pid"))));
rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });

/** SIGQUIT ends a server and all its connections at once. The file with its id goes last. */
async function endServer(idFile) {
  signalServer(idFile, "SIGQUIT");
  const end = performance.now() + endMsMax;
  while (idIn(idFile) !== undefined && performance.now() < end) await delay(5);
  signalServer(idFile, "SIGKILL");
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
