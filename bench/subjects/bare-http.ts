import type { Answer } from "./answer.ts";
import { freePort, launchServer, type ServerProcess } from "./server-process.ts";
import { join } from "node:path";

/** Launches the ceiling: `node:http` that parses each body as JSON and sends the answer it was taught. */
export async function launchBareHttp(): Promise<ServerProcess> {
  const port = await freePort();
  return launchServer(port, {
    script: join(import.meta.dirname, "bare-http-server.ts"),
    arguments: [String(port)],
    execArgv: ["--import", "tsx"],
  });
}

/** Makes the bare server send `answer` from now on. */
export function teach(server: ServerProcess, answer: Answer): Promise<void> {
  return new Promise((resolve, reject) => {
    server.process.once("message", () => {
      resolve();
    });
    server.process.send(answer, (error) => {
      if (error !== null) reject(error);
    });
  });
}
