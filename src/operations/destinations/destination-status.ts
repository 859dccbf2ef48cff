import { unreachable } from "../../base/assert.ts";
import type { KinesisDataStreamDestination } from "../../model/types.generated.ts";
import type { KinesisDestination } from "../../store/kinesis-destination.ts";

type DestinationStatus = NonNullable<KinesisDataStreamDestination["DestinationStatus"]>;

/** What a destination shows. The delivery moves it on, but for an update, which takes effect at once. */
export function destinationStatus(
  { state, changingUntil = 0 }: KinesisDestination,
  now: number,
): DestinationStatus {
  switch (state) {
    case "enabling":
      return "ENABLING";
    case "active":
      return now < changingUntil ? "UPDATING" : "ACTIVE";
    case "disabling":
      return "DISABLING";
    case "disabled":
      return "DISABLED";
    case "failed":
      return "ENABLE_FAILED";
    default:
      return unreachable(state);
  }
}
