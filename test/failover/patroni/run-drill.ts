/** `npm run drill:patroni -- --rounds 5 --seed 1`: the failover drill under Patroni and etcd of Debian's packages. */
import { parseArgs } from "node:util";
import { runAndTell } from "../report.ts";
import { openPatroniCluster } from "./patroni-cluster.ts";

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
    program: { type: "string", default: "built" },
  },
});
const seed = Number(options.seed);

console.log(`Patroni drill: ${options.rounds} rounds, seed ${seed}`);
const cluster = await openPatroniCluster();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    void cluster.close().finally(() => process.exit(1));
  });
}
try {
  await runAndTell({
    cluster,
    seed,
    program: options.program === "sources" ? "sources" : "built",
    options: ["--engine", cluster.url],
    servers: 2,
    writers: 12,
    mishaps: [
      { failure: "postmaster killed", killsServer: false },
      { failure: "node killed", killsServer: false },
      { failure: "postmaster killed", killsServer: true },
      { failure: "node frozen", killsServer: false },
      { failure: "standby killed", killsServer: false },
    ],
    rounds: Number(options.rounds),
    loadMs: 4_000,
  });
} finally {
  await cluster.close();
}
