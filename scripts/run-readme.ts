/**
 * Runs the examples of README.md against the built server and compares what they print with what the document shows.
 *
 * usage: npm run readme            fails where they differ
 *        npm run readme -- --write writes what they print into the document
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch, waitUntilHealthy } from "../test/server-process.ts";
import { examplesOf } from "./readme/blocks.ts";
import { runExample, type Endpoints } from "./readme/run-example.ts";

const path = join(import.meta.dirname, "../README.md");
const document = readFileSync(path, "utf8");
const folder = mkdtempSync(join(tmpdir(), "stator-readme-"));
const server = await launch("built", ["--data", folder]);
try {
  await waitUntilHealthy(server);
  runAll({ written: "http://127.0.0.1:8000", real: server.endpoint });
} finally {
  await server.kill();
  rmSync(folder, { recursive: true });
}

function runAll(endpoints: Endpoints): void {
  const printed = examplesOf(document).map((example) => ({ example, text: runExample(example, endpoints) }));
  if (process.argv.includes("--write")) {
    let written = document;
    // From the end, so that the places of earlier blocks hold.
    for (const { example, text } of printed.toReversed()) {
      written = written.slice(0, example.shown.from) + text + written.slice(example.shown.until);
    }
    writeFileSync(path, written);
    return;
  }
  const wrong = printed.filter(({ example, text }) => example.shown.text !== text);
  for (const { example, text } of wrong) {
    console.error(`README.md shows:\n${example.shown.text}\nbut it is:\n${text}`);
  }
  console.log(`examples of README.md: ${printed.length - wrong.length} passed, ${wrong.length} failed`);
  process.exitCode = printed.length > 0 && wrong.length === 0 ? 0 : 1;
}
