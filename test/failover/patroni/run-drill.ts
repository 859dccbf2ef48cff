/** `npm run drill:patroni -- --rounds 5 --seed 1`: the failover drill under Patroni and etcd of Debian's packages. */
import { runCommand } from "../run-command.ts";
import { openPatroniCluster } from "./patroni-cluster.ts";

await runCommand({
  title: "Patroni drill",
  openCluster: openPatroniCluster,
  mishaps: [
    { failure: "postmaster killed", killsServer: false },
    { failure: "node killed", killsServer: false },
    { failure: "postmaster killed", killsServer: true },
    { failure: "node frozen", killsServer: false },
    { failure: "standby killed", killsServer: false },
  ],
  loadMs: 4_000,
});
