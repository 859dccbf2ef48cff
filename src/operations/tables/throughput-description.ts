import type { ProvisionedThroughputDescription } from "../../model/types.generated.ts";
import type { Throughput } from "../../store/table.ts";
import { decreasesToday } from "./provisioned-throughput.ts";

/** What the service tells of the provisioned units of a table or an index. */
export function throughputDescription(throughput: Throughput, now: number): ProvisionedThroughputDescription {
  const { lastIncreaseAt, lastDecreaseAt, ReadCapacityUnits, WriteCapacityUnits } = throughput;
  return {
    LastIncreaseDateTime: lastIncreaseAt && lastIncreaseAt / 1000,
    LastDecreaseDateTime: lastDecreaseAt && lastDecreaseAt / 1000,
    NumberOfDecreasesToday: decreasesToday(throughput, now),
    ReadCapacityUnits,
    WriteCapacityUnits,
  };
}
