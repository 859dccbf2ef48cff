/** `npm run drill:crash -- --rounds 300 --seed 1`: kills the built server again and again and looks for lost writes. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runDrill } from "./drill.ts";

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "300" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
    program: { type: "string", default: "built" },
  },
});
const folder = mkdtempSync(join(tmpdir(), "stator-drill-"));
const seed = Number(options.seed);
const program = options.program === "sources" ? "sources" : "built";

console.log(`crash drill: ${options.rounds} rounds, seed ${seed}, data in ${folder}`);
try {
  await runDrill({ program, folder, rounds: Number(options.rounds), seed, progress: console.log });
  rmSync(folder, { recursive: true, force: true });
  console.log("every acknowledged write is there, and no other");
} catch (error) {
  console.error(error);
  console.error(`the data folder is kept for a look: ${folder}`);
  process.exitCode = 1;
}
