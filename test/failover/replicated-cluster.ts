import { startCluster, type NodeName } from "../postgres/cluster.ts";
import type { FailingCluster } from "./cluster.ts";

/** Three nodes from the npm package. The drill does itself what Patroni does elsewhere, at once. */
export async function openReplicatedCluster(): Promise<FailingCluster> {
  const cluster = await startCluster();
  let primary: NodeName = "a";
  let failed: NodeName | undefined;
  return {
    url: cluster.url,
    close: () => cluster.close(),
    fail: async (failure) => {
      const failedAt = performance.now();
      failed = primary;
      if (failure === "node frozen") cluster.freeze(failed);
      else await cluster.kill(failed);
      primary = await cluster.promote();
      return { failedAt, promotedAt: performance.now(), isSameNode: false };
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
