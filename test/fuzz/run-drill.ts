/**
 * `npm run drill:fuzz -- --seconds 120 --seed 1`: mutated requests against the built server; `--from N --rounds 1`
 * repeats one; `--engine lmdb` keeps data on disk, `--engine postgres` in a database.
 */
import { parseArgs } from "node:util";
import { launch, residentMb, waitUntilHealthy } from "../server-process.ts";
import { engineNamed, openStorage } from "../storage.ts";
import { emptyServer, fuzz, heapMb, heapReporting } from "./fuzz.ts";

const { values: options } = parseArgs({
  options: {
    seconds: { type: "string", default: "120" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
    from: { type: "string", default: "0" },
    rounds: { type: "string", default: "Infinity" },
    program: { type: "string", default: "built" },
    // Mapped files count as resident memory, so only the heap tells about leaks on disk.
    engine: { type: "string", default: "memory" },
  },
});
const seed = Number(options.seed);
const until = Number(options.from) + Number(options.rounds);
const end = performance.now() + Number(options.seconds) * 1000;
const stretchMs = 15_000;
/** Live memory may differ by this much from one stretch to another without being a leak. */
const growthMbMax = 12;

const program = options.program === "sources" ? "sources" : "built";
const storage = options.engine === "memory" ? undefined : await openStorage(engineNamed(options.engine));
const server = await launch(program, storage?.arguments("fuzzed") ?? ["--in-memory"], heapReporting);
console.log(`fuzz drill: ${options.seconds} s, seed ${seed}`);
try {
  await waitUntilHealthy(server);
  const heaps: number[] = [];
  let from = Number(options.from);
  while (performance.now() < end && from < until) {
    const stretchEnd = Math.min(end, performance.now() + stretchMs);
    const { rounds, statuses } = await fuzz(server, {
      seed,
      from,
      goesOn: (round) => round < until && performance.now() < stretchEnd,
    });
    from += rounds;
    await emptyServer(server);
    heaps.push(await heapMb(server));
    const resident = Math.round(residentMb(server) ?? 0);
    const answers = [...statuses].toSorted().map(([status, count]) => `${count} × ${status}`);
    console.log(
      `round ${from}: heap ${heaps.at(-1)?.toFixed(1) ?? ""} MB, resident ${resident} MB, ${answers.join(", ")}`,
    );
  }
  // The first stretch loads code and fills caches.
  const [, second = 0] = heaps;
  const growth = (heaps.at(-1) ?? 0) - second;
  if (heaps.length > 2 && growth > growthMbMax) throw new Error(`the heap grew by ${growth.toFixed(1)} MB`);
  console.log("no 500, no crash, memory flat");
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await server.kill();
  await storage?.close();
}
