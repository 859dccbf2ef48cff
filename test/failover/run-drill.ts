/** `npm run drill:failover -- --rounds 8 --seed 1`: kills the primary of a replicated database under load. */
import { parseArgs } from "node:util";
import { openReplicatedCluster } from "./replicated-cluster.ts";
import { runAndTell } from "./report.ts";

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "8" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
    program: { type: "string", default: "built" },
  },
});
const seed = Number(options.seed);

console.log(`failover drill: ${options.rounds} rounds, seed ${seed}`);
const cluster = await openReplicatedCluster();
try {
  await runAndTell({
    cluster,
    seed,
    program: options.program === "sources" ? "sources" : "built",
    options: ["--engine", cluster.url],
    servers: 2,
    writers: 12,
    mishaps: [
      { failure: "node killed", killsServer: false },
      { failure: "node killed", killsServer: true },
      { failure: "node frozen", killsServer: false },
      { failure: "standby killed", killsServer: true },
    ],
    rounds: Number(options.rounds),
    loadMs: 2_000,
  });
} finally {
  await cluster.close();
}
