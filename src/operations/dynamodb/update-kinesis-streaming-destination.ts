import { emptyDestinationUpdate } from "../../model/messages/destinations.ts";
import { tableNotFound } from "../../model/messages/tables.ts";
import { updateDestination } from "../destinations/destination-changes.ts";
import { destinationTable } from "../destinations/destination-table.ts";
import { defineOperation } from "../operation.ts";

/** Changes how precisely records of a Kinesis destination tell their time. */
export const updateKinesisStreamingDestination = defineOperation({
  name: "UpdateKinesisStreamingDestination",
  effect: "admin",
  wording: "older",
  resources: (input) => [input.TableName],

  prepare({ TableName: reference, StreamArn: streamArn, UpdateKinesisStreamingConfiguration }) {
    const precision = UpdateKinesisStreamingConfiguration?.ApproximateCreationDateTimePrecision;
    if (precision === undefined) throw emptyDestinationUpdate();
    return { reference, streamArn, precision };
  },

  async execute({ reference, streamArn, precision }, context) {
    const { store, caller, clock, settings } = context;
    const { name } = (await destinationTable(context, reference)).definition;
    const moment = { now: clock.now(), delayMs: settings.tableDelayMs };
    const table = await store.tables.update(caller, name, ({ definition }) =>
      updateDestination(definition, { streamArn, precision }, moment),
    );
    if (table === undefined) throw tableNotFound(name);
    return {
      TableName: name,
      StreamArn: streamArn,
      DestinationStatus: "UPDATING",
      UpdateKinesisStreamingConfiguration: { ApproximateCreationDateTimePrecision: precision },
    };
  },
});
