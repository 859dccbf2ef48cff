import { setTimeout as delay } from "node:timers/promises";
import { startCluster, type Cluster, type NodeName } from "../postgres/cluster.ts";
import type { FailingCluster, Failure } from "./cluster.ts";
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
      const [standby = primary] = standbysOf(primary);
      failed = failure === "standby killed" ? standby : primary;
      const before = primary;
      const failedAt =
        failed === primary
          ? await failPrimary(cluster, { primary, failure })
          : await killNode(cluster, standby);
      if (failed === primary) primary = await cluster.promote();
      const promotedAt = performance.now();
      await firstCommit(cluster.urlOf(primary));
      return { failedAt, promotedAt, writableAt: performance.now(), isSameNode: primary === before };
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

function standbysOf(primary: NodeName): readonly NodeName[] {
  return names.filter((name) => name !== primary);
}

/** Answers when it did. */
async function failPrimary(
  cluster: Cluster,
  { primary, failure }: { primary: NodeName; failure: Failure },
): Promise<number> {
  for (const name of standbysOf(primary)) cluster.freeze(name);
  await delay(lagMs);
  const failedAt = performance.now();
  if (failure === "node frozen") cluster.freeze(primary);
  else await cluster.kill(primary);
  for (const name of standbysOf(primary)) cluster.thaw(name);
  return failedAt;
}

async function killNode(cluster: Cluster, name: NodeName): Promise<number> {
  const failedAt = performance.now();
  await cluster.kill(name);
  return failedAt;
}
