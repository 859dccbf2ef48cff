/**
 * `npm run drill:isolation -- --seconds 60 --seed 1`: histories of a server that is killed now and then, checked;
 * `--engine postgres`: of two servers on one database.
 */
import { parseArgs } from "node:util";
import { engineNamed, openStorage } from "../storage.ts";
import { runDrill } from "./drill.ts";

const { values: options } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    seed: { type: "string", default: process.env["SEED"] ?? String(Math.floor(Math.random() * 2 ** 31)) },
    program: { type: "string", default: "built" },
    engine: { type: "string", default: "lmdb" },
  },
});
const storage = await openStorage(engineNamed(options.engine));
const seed = Number(options.seed);
const end = performance.now() + Number(options.seconds) * 1000;
const program = options.program === "sources" ? "sources" : "built";

console.log(`isolation drill: ${options.seconds} s, seed ${seed}, data in ${storage.place}`);
let isRight = false;
try {
  await runDrill({ program, storage, seed, goesOn: () => performance.now() < end, progress: console.log });
  isRight = true;
  console.log("every history is strictly serializable");
} catch (error) {
  console.error(error);
  console.error(`the data is kept for a look: ${storage.place}`);
  process.exitCode = 1;
} finally {
  await storage.close({ keepsData: !isRight });
}
