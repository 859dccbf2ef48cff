/** `npm run drill:isolation -- --seconds 60 --seed 1`: histories of a server that is killed now and then, checked. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runDrill } from "./drill.ts";

const { values: options } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    seed: { type: "string", default: process.env["SEED"] ?? String(Math.floor(Math.random() * 2 ** 31)) },
    program: { type: "string", default: "built" },
  },
});
const folder = mkdtempSync(join(tmpdir(), "stator-isolation-"));
const seed = Number(options.seed);
const end = performance.now() + Number(options.seconds) * 1000;
const program = options.program === "sources" ? "sources" : "built";

console.log(`isolation drill: ${options.seconds} s, seed ${seed}, data in ${folder}`);
try {
  await runDrill({ program, folder, seed, goesOn: () => performance.now() < end, progress: console.log });
  rmSync(folder, { recursive: true, force: true });
  console.log("every history is strictly serializable");
} catch (error) {
  console.error(error);
  console.error(`the data folder is kept for a look: ${folder}`);
  process.exitCode = 1;
}
