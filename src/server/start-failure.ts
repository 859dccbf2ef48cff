import { EnvironmentError } from "../base/environment-error.ts";
import type { Configuration } from "./command-line.ts";

/** Says in one line why the server cannot start; undefined for what can only be a bug. */
export function explainStartFailure(
  error: unknown,
  { host, port, dataFolder }: Pick<Configuration, "host" | "port" | "dataFolder">,
): string | undefined {
  if (error instanceof EnvironmentError) return error.message;
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  const address = `${host}:${port}`;
  switch (error.code) {
    case "EADDRINUSE":
      return `${address} is in use by another program: stop that one or give another --port`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `${host} is not an address of this machine`;
    case "EACCES":
    case "EPERM":
      return "syscall" in error && error.syscall === "listen"
        ? `listening on ${address} is not allowed`
        : `the data folder ${dataFolder ?? ""} cannot be read and written`;
    case "ENOTDIR":
    case "EEXIST":
      return `the data folder ${dataFolder ?? ""} is not a folder`;
    case "EROFS":
    case "ENOSPC":
      return `the data folder ${dataFolder ?? ""} cannot be written: ${error.message}`;
    default:
      return undefined;
  }
}
