import { readFileSync } from "node:fs";

/** The version that the package's own description states; sources and build lie equally deep in the package. */
export function packageVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  const { version } = JSON.parse(text) as { version: string }; // Our own file.
  return version;
}
