import { configuredDisable } from "../../model/messages/destinations.ts";
import { tableNotFound } from "../../model/messages/tables.ts";
import { disableDestination } from "../destinations/destination-changes.ts";
import { destinationTable } from "../destinations/destination-table.ts";
import { defineOperation } from "../operation.ts";

/** Ends the delivery of a table's changes to a Kinesis stream: what was written before is still delivered. */
export const disableKinesisStreamingDestination = defineOperation({
  name: "DisableKinesisStreamingDestination",
  effect: "admin",
  wording: "older",
  resources: (input) => [input.TableName],

  prepare({
    TableName: reference,
    StreamArn: streamArn,
    EnableKinesisStreamingConfiguration: configuration,
  }) {
    if (configuration?.ApproximateCreationDateTimePrecision !== undefined) throw configuredDisable();
    return { reference, streamArn };
  },

  async execute({ reference, streamArn }, context) {
    const { store, caller, clock, settings } = context;
    const { name } = (await destinationTable(context, reference)).definition;
    const moment = { now: clock.now(), delayMs: settings.tableDelayMs };
    const table = await store.tables.update(caller, name, ({ definition }) =>
      disableDestination(definition, streamArn, moment),
    );
    if (table === undefined) throw tableNotFound(name);
    return { TableName: name, StreamArn: streamArn, DestinationStatus: "DISABLING" };
  },
});
