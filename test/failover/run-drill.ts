/** `npm run drill:failover -- --rounds 8 --seed 1`: kills the primary of a replicated database under load. */
import { openReplicatedCluster } from "./replicated-cluster.ts";
import { runCommand } from "./run-command.ts";

await runCommand({
  title: "failover drill",
  openCluster: openReplicatedCluster,
  mishaps: [
    { failure: "node killed", killsServer: false },
    { failure: "node killed", killsServer: true },
    { failure: "node frozen", killsServer: false },
    { failure: "standby killed", killsServer: true },
  ],
  loadMs: 2_000,
});
