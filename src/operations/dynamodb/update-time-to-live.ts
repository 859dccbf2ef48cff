import { expiryWhileTableCreated } from "../../model/messages/expiry.ts";
import { tableNotFound } from "../../model/messages/tables.ts";
import { changeTimeToLive } from "../expiry/time-to-live.ts";
import { defineOperation } from "../operation.ts";
import { existingTable } from "../table-reference.ts";
import { statusOf } from "../tables/table-status.ts";

/** Lets the items of a table expire at the time in one of their attributes, or no longer. */
export const updateTimeToLive = defineOperation({
  name: "UpdateTimeToLive",
  effect: "admin",
  wording: "older",
  resources: (input) => [input.TableName],

  prepare: (input) => ({ reference: input.TableName, specification: input.TimeToLiveSpecification }),

  async execute({ reference, specification }, context) {
    const { store, caller, clock, settings } = context;
    const { name } = (await existingTable(context, reference)).definition;
    const moment = { now: clock.now(), delayMs: settings.tableDelayMs };
    // The service takes the request even while the table is being deleted.
    const table = await store.tables.update(caller, name, ({ definition }) => {
      if (statusOf(definition, moment.now) === "CREATING") throw expiryWhileTableCreated(name);
      return { ...definition, expiry: changeTimeToLive(definition.expiry, specification, moment) };
    });
    if (table === undefined) throw tableNotFound(name);
    return { TimeToLiveSpecification: specification };
  },
});
