/** What global indexes are able to do, in the mode of their table. */
import type { GlobalSecondaryIndex } from "../../model/types.generated.ts";
import type { Billing, IndexDefinition, Throughput } from "../../store/table.ts";
import { checkOnDemandQuota, checkOnDemandThroughput, keptLimits } from "./on-demand-throughput.ts";
import { checkThroughputQuota } from "./provisioned-throughput.ts";
import { checkWarmQuota, initialWarmThroughput } from "./warm-throughput.ts";

/** The members that both operations take for an index. */
export type CapacityRequest = Pick<
  GlobalSecondaryIndex,
  "IndexName" | "ProvisionedThroughput" | "OnDemandThroughput" | "WarmThroughput"
>;

/** Checks the ranges; that the members fit the mode is checked before, by either operation with words of its own. */
export function newCapacity(
  { IndexName: indexName, ProvisionedThroughput, OnDemandThroughput, WarmThroughput }: CapacityRequest,
  billing: Billing,
): Pick<IndexDefinition, "throughput" | "onDemandThroughput" | "warmThroughput"> {
  if (OnDemandThroughput !== undefined) checkOnDemandThroughput(OnDemandThroughput, false, indexName);
  const { ReadCapacityUnits = 0, WriteCapacityUnits = 0 } = ProvisionedThroughput ?? {};
  const throughput: Throughput = { ReadCapacityUnits, WriteCapacityUnits, decreasesToday: 0 };
  return {
    throughput,
    onDemandThroughput: OnDemandThroughput && keptLimits(OnDemandThroughput),
    warmThroughput:
      WarmThroughput && initialWarmThroughput({ billing, throughput, indexName }, WarmThroughput),
  };
}

/** What an account's quotas allow for one index. */
export function checkIndexQuota(
  { IndexName: name, ProvisionedThroughput, OnDemandThroughput, WarmThroughput }: CapacityRequest,
  region: string,
): void {
  if (ProvisionedThroughput !== undefined) checkThroughputQuota(ProvisionedThroughput, region, name);
  if (OnDemandThroughput !== undefined) checkOnDemandQuota(OnDemandThroughput, region, name);
  if (WarmThroughput !== undefined) checkWarmQuota(WarmThroughput, region, name);
}

/** The provisioned units of an index; none while its table is on demand. */
export function throughputOf({ throughput }: IndexDefinition): Throughput {
  return throughput ?? { ReadCapacityUnits: 0, WriteCapacityUnits: 0, decreasesToday: 0 };
}
