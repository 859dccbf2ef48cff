import { newUuid } from "../../base/uuid.ts";
import { tableNotFound } from "../../model/messages/tables.ts";
import { newReaderId } from "../../store/kinesis-destinations.ts";
import { enableDestination } from "../destinations/destination-changes.ts";
import { destinationTable } from "../destinations/destination-table.ts";
import { defineOperation } from "../operation.ts";

/**
 * Begins to deliver the changes of a table to a Kinesis stream. Whether the stream can be delivered to shows
 * afterwards, as the service has it.
 */
export const enableKinesisStreamingDestination = defineOperation({
  name: "EnableKinesisStreamingDestination",
  effect: "admin",
  wording: "older",
  resources: (input) => [input.TableName],

  prepare: ({ TableName: reference, StreamArn: streamArn, EnableKinesisStreamingConfiguration }) => ({
    reference,
    streamArn,
    configuration: EnableKinesisStreamingConfiguration ?? {},
  }),

  async execute({ reference, streamArn, configuration }, context) {
    const { store, caller, clock, settings } = context;
    const { name } = (await destinationTable(context, reference)).definition;
    const moment = { now: clock.now(), delayMs: settings.tableDelayMs };
    const precision = configuration.ApproximateCreationDateTimePrecision;
    const asked = { streamArn, precision, readerId: newReaderId(newUuid()) };
    const table = await store.tables.update(caller, name, ({ definition }) =>
      enableDestination(definition, asked, moment),
    );
    if (table === undefined) throw tableNotFound(name);
    return {
      TableName: name,
      StreamArn: streamArn,
      DestinationStatus: "ENABLING",
      EnableKinesisStreamingConfiguration: configuration,
    };
  },
});
