/** `npm run drill:tables -- --seconds 120 --seed 1`: changes of tables on two servers of one database, at once. */
import { parseArgs } from "node:util";
import { createRandom } from "../../../bench/load/random.ts";
import { Fleet } from "../../fleet.ts";
import { engineNamed, openStorage } from "../../storage.ts";
import { runRaces } from "./run-races.ts";

const { values: options } = parseArgs({
  options: {
    seconds: { type: "string", default: "120" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
    program: { type: "string", default: "built" },
    engine: { type: "string", default: "postgres" },
  },
});
const storage = await openStorage(engineNamed(options.engine));
const seed = Number(options.seed);
const program = options.program === "sources" ? "sources" : "built";
const servers = Math.min(2, storage.serversMax);

console.log(`tables drill: ${options.seconds} s, seed ${seed}, data in ${storage.place}`);
const fleet = await Fleet.launch({ program, storage, servers, random: createRandom(seed) });
let isRight = false;
try {
  const end = performance.now() + Number(options.seconds) * 1000;
  const counts = await runRaces({
    endpoints: fleet.running.map(({ endpoint }) => endpoint),
    seed,
    goesOn: () => performance.now() < end,
  });
  isRight = true;
  console.log("both servers agreed after every race:", Object.fromEntries(counts));
} catch (error) {
  console.error(fleet.explain(error));
  console.error(`the data is kept for a look: ${storage.place}`);
  process.exitCode = 1;
} finally {
  await fleet.close();
  await storage.close({ keepsData: !isRight });
}
