import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, launchServer, type ServerProcess } from "./server-process.ts";

const peers = join(import.meta.dirname, "../peers");
const script = join(peers, "node_modules/dynalite/cli.js");

/** Installs dynalite for the benchmark alone, once. */
export function installDynalite(): void {
  if (existsSync(script)) return;
  console.log("installing dynalite into bench/peers");
  execFileSync(
    "npm",
    ["install", "--prefix", peers, "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"],
    {
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
}

/** Launches dynalite on an empty LevelDB folder, which it writes without flushing. The folder goes with it. */
export async function launchDynalite(): Promise<ServerProcess> {
  const folder = mkdtempSync(join(tmpdir(), "dynalite-bench-"));
  const port = await freePort();
  const server = await launchServer(port, {
    script,
    arguments: ["--port", String(port), "--path", folder, "--createTableMs", "0"],
  });
  return {
    ...server,
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
