import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Example } from "./blocks.ts";

/** The endpoint that documents write, and the one that examples are run against. */
export interface Endpoints {
  readonly written: string;
  readonly real: string;
}

/** Within the package, so that examples find it by its name, and ignored by git. */
const folder = join(import.meta.dirname, "../../dist/readme");
const timeoutMs = 60_000;

/** Runs an example and answers what its document should show. */
export function runExample(example: Example, endpoints: Endpoints): string {
  const printed =
    example.kind === "session" ? runSession(example.commands, endpoints) : runProgram(example, endpoints);
  return printed.replaceAll(endpoints.real, endpoints.written);
}

/** One shell for all commands, so that what one exports holds for the next. */
function runSession(commands: readonly string[], { written, real }: Endpoints): string {
  const mark = "\u0001";
  const lines = commands.map((command) => `printf '${mark}'\n${command.replaceAll(written, real)}`);
  const printed = run("bash", ["-c", ["exec 2>&1", "shopt -s expand_aliases", ...lines].join("\n")])
    .split(mark)
    .slice(1);
  return commands.map((command, index) => `$ ${command}\n${asShown(printed[index] ?? "")}`).join("");
}

type Program = Extract<Example, { readonly kind: "program" }>;

function runProgram({ program: { language, text }, files }: Program, { written, real }: Endpoints): string {
  const [command, ending] = language === "python" ? ["python3", "py"] : [process.execPath, "mjs"];
  const file = join(folder, `example.${ending}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, text.replaceAll(written, real));
  for (const beside of files) writeFileSync(join(folder, beside.name), beside.text);
  try {
    return asShown(run(command, [file]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * What a program prints, and what it complains of when it fails. Nothing of the user's own AWS configuration reaches
 * it.
 */
function run(program: string, words: readonly string[]): string {
  const variables = Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_"));
  const noFiles = { AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null" };
  const { status, stdout, stderr, error } = spawnSync(program, words, {
    env: { ...Object.fromEntries(variables), ...noFiles },
    encoding: "utf8",
    timeout: timeoutMs,
  });
  if (error !== undefined) throw error;
  return status === 0 ? stdout : stdout + stderr;
}

/** Without empty lines around it, and without the frame that some versions of the AWS CLI put around errors. */
function asShown(text: string): string {
  const trimmed = text.replace(/^(aws: \[ERROR\]: )?\s*/, "").trimEnd();
  return trimmed === "" ? "" : `${trimmed}\n`;
}
