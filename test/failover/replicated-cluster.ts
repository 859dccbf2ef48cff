import { setTimeout as delay } from "node:timers/promises";
import { startCluster, type NodeName } from "../postgres/cluster.ts";
import type { FailingCluster } from "./cluster.ts";
import { firstCommit } from "./probe.ts";

const names: readonly NodeName[] = ["a", "b", "c"];
/** For so long standbys stand still before the primary is killed, so that commits wait for them and get no answer. */
const lagMs = 150;

/** Three nodes from the npm package. The drill does itself what Patroni does elsewhere, at once. */
export async function openReplicatedCluster(): Promise<FailingCluster> {
  const cluster = await startCluster();
  let primary: NodeName = "a";
  let failed: NodeName | undefined;
  return {
    url: cluster.url,
    close: () => cluster.close(),
    fail: async (failure) => {
      failed = primary;
      const standbys = names.filter((name) => name !== failed);
      for (const name of standbys) cluster.freeze(name);
      await delay(lagMs);
      const failedAt = performance.now();
      if (failure === "node frozen") cluster.freeze(failed);
      else await cluster.kill(failed);
      for (const name of standbys) cluster.thaw(name);
      primary = await cluster.promote();
      const promotedAt = performance.now();
      await firstCommit(cluster.urlOf(primary));
      return { failedAt, promotedAt, writableAt: performance.now(), isSameNode: false };
    },
    repair: async () => {
      if (failed !== undefined) {
        await cluster.kill(failed);
        await cluster.rejoin(failed);
      }
      failed = undefined;
      return { isRewound: false };
    },
  };
}
