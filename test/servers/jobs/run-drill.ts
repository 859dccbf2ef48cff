/** `npm run drill:jobs -- --seconds 300 --seed 1`: kills servers in the middle of all jobs, on one database. */
import { parseArgs } from "node:util";
import { openStorage } from "../../storage.ts";
import { runDrill } from "./drill.ts";

const { values: options } = parseArgs({
  options: {
    seconds: { type: "string", default: "120" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
  },
});
const storage = await openStorage("postgres");
const seed = Number(options.seed);

console.log(`jobs drill: ${options.seconds} s, seed ${seed}, data in ${storage.place}`);
let isRight = false;
try {
  const report = await runDrill({ storage, seconds: Number(options.seconds), seed, progress: console.log });
  isRight = true;
  console.log("every work that was cut was ended by another server:", report);
} catch (error) {
  console.error(error);
  console.error(`the data is kept for a look: ${storage.place}`);
  process.exitCode = 1;
} finally {
  await storage.close({ keepsData: !isRight });
}
