import type { KinesisDataStreamDestination } from "../../model/types.generated.ts";
import type { KinesisDestination } from "../../store/kinesis-destination.ts";
import { destinationStatus } from "../destinations/destination-status.ts";
import { destinationTable } from "../destinations/destination-table.ts";
import { defineOperation } from "../operation.ts";

/** Tells the Kinesis streams that a table's changes are, or were, delivered to. */
export const describeKinesisStreamingDestination = defineOperation({
  name: "DescribeKinesisStreamingDestination",
  effect: "admin",
  wording: "older",
  resources: (input) => [input.TableName],

  prepare: (input) => ({ reference: input.TableName }),

  async execute({ reference }, context) {
    const { definition } = await destinationTable(context, reference);
    const now = context.clock.now();
    const destinations = definition.kinesisDestinations ?? [];
    return {
      TableName: definition.name,
      KinesisDataStreamDestinations: destinations.map((destination) => describe(destination, now)),
    };
  },
});

/** A precision that nobody asked for is not shown, although it is MILLISECOND. */
function describe(destination: KinesisDestination, now: number): KinesisDataStreamDestination {
  return {
    StreamArn: destination.streamArn,
    DestinationStatus: destinationStatus(destination, now),
    DestinationStatusDescription: destination.reason,
    ApproximateCreationDateTimePrecision: destination.precision,
  };
}
