/** `npm run drill:streams -- --seconds 600 --seed 1`: kills servers while a stream is written and followed. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runDrill } from "./drill.ts";

const { values: options } = parseArgs({
  options: {
    seconds: { type: "string", default: "120" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
  },
});
const folder = mkdtempSync(join(tmpdir(), "stator-streams-"));
const seed = Number(options.seed);

console.log(`streams drill: ${options.seconds} s, seed ${seed}, data in ${folder}`);
try {
  const report = await runDrill({ folder, seconds: Number(options.seconds), seed, progress: console.log });
  rmSync(folder, { recursive: true, force: true });
  console.log("every change was told once and in the order of its item:", report);
} catch (error) {
  console.error(error);
  console.error(`the data folder is kept for a look: ${folder}`);
  process.exitCode = 1;
}
