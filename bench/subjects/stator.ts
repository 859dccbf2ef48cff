import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, launchServer, type ServerProcess } from "./server-process.ts";

/** The built server, as users run it. */
export const statorScript = join(import.meta.dirname, "../../dist/server/main.js");

/** Launches Stator on an empty folder on disk, flushing every write. The folder goes with it. */
export async function launchStator(options: readonly string[] = []): Promise<ServerProcess> {
  const folder = mkdtempSync(join(tmpdir(), "stator-bench-"));
  const server = await launchStatorWith(["--data", folder, "--durability", "strict", ...options]);
  return {
    ...server,
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Launches Stator with these options, of which one says where its data are. */
export async function launchStatorWith(options: readonly string[]): Promise<ServerProcess> {
  if (!existsSync(statorScript)) throw new Error("there is no build: run `npm run build` first");
  const port = await freePort();
  return launchServer(port, { script: statorScript, arguments: ["--port", String(port), ...options] });
}
