/**
 * `npm run drill:streams -- --seconds 600 --seed 1`: kills servers while a stream is written and followed;
 * `--engine postgres`: two of them on one database.
 */
import { parseArgs } from "node:util";
import { engineNamed, openStorage } from "../storage.ts";
import { runDrill } from "./drill.ts";

const { values: options } = parseArgs({
  options: {
    seconds: { type: "string", default: "120" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
    engine: { type: "string", default: "lmdb" },
  },
});
const storage = await openStorage(engineNamed(options.engine));
const seed = Number(options.seed);

console.log(`streams drill: ${options.seconds} s, seed ${seed}, data in ${storage.place}`);
let isRight = false;
try {
  const report = await runDrill({ storage, seconds: Number(options.seconds), seed, progress: console.log });
  isRight = true;
  console.log("every change was told once and in the order of its item:", report);
} catch (error) {
  console.error(error);
  console.error(`the data is kept for a look: ${storage.place}`);
  process.exitCode = 1;
} finally {
  await storage.close({ keepsData: !isRight });
}
