/**
 * `npm run drill:crash -- --rounds 300 --seed 1`: kills the built server again and again and looks for lost writes;
 * `--engine postgres`: with its data in a database.
 */
import { parseArgs } from "node:util";
import { engineNamed, openStorage } from "../storage.ts";
import { runDrill } from "./drill.ts";

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "300" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
    program: { type: "string", default: "built" },
    engine: { type: "string", default: "lmdb" },
  },
});
const storage = await openStorage(engineNamed(options.engine));
const seed = Number(options.seed);
const program = options.program === "sources" ? "sources" : "built";

console.log(`crash drill: ${options.rounds} rounds, seed ${seed}, data in ${storage.place}`);
let isRight = false;
try {
  await runDrill({ program, storage, rounds: Number(options.rounds), seed, progress: console.log });
  isRight = true;
  console.log("every acknowledged write is there, and no other");
} catch (error) {
  console.error(error);
  console.error(`the data is kept for a look: ${storage.place}`);
  process.exitCode = 1;
} finally {
  await storage.close({ keepsData: !isRight });
}
