import { readFileSync } from "node:fs";

/** The version that the package states of itself. It is found by name, wherever in the package the build puts this. */
export function packageVersion(): string {
  const text = readFileSync(new URL(import.meta.resolve("stator/package.json")), "utf8");
  const { version } = JSON.parse(text) as { version: string }; // Our own file.
  return version;
}
