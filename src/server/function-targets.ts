import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { EnvironmentError } from "../base/environment-error.ts";
import type { FunctionTarget } from "../base/functions.ts";

const namePattern = /^[a-zA-Z0-9_-]{1,64}$/;

/** Where each function is, by its name: from what users say, a module's path or a URL. Throws where that is wrong. */
export function functionTargets(functions: Readonly<Record<string, string>>): Map<string, FunctionTarget> {
  const targets = new Map<string, FunctionTarget>();
  for (const [name, text] of Object.entries(functions)) {
    const target = targetIn(text);
    if (!namePattern.test(name) || target === undefined) {
      throw new Error(`there can be no function ${name}=${text}: see the option functions`);
    }
    if (target.kind === "module" && !existsSync(target.path)) {
      throw new EnvironmentError(`the function ${name} has no module: ${target.path} is no file`);
    }
    targets.set(name, target);
  }
  return targets;
}

function targetIn(text: string): FunctionTarget | undefined {
  const protocol = URL.canParse(text) ? new URL(text).protocol : undefined;
  if (protocol === "http:" || protocol === "https:") return { kind: "url", url: text };
  if (protocol === "file:") return { kind: "module", path: fileURLToPath(text) };
  return text === "" ? undefined : { kind: "module", path: resolve(text) };
}

/** The functions in texts like `NAME=./module.mjs`, one a text; undefined where one is none. */
export function parseFunctions(texts: readonly string[]): Readonly<Record<string, string>> | undefined {
  const functions: (readonly [string, string])[] = [];
  for (const text of texts) {
    const [, name = "", target = ""] = /^([^=]*)=(.*)$/.exec(text) ?? [];
    if (!namePattern.test(name) || targetIn(target) === undefined) return undefined;
    functions.push([name, target]);
  }
  return Object.fromEntries(functions);
}
