import { expiryNotDescribable } from "../../model/messages/expiry.ts";
import { describeTimeToLive as description } from "../expiry/time-to-live.ts";
import { defineOperation } from "../operation.ts";
import { existingTable } from "../table-reference.ts";
import { statusOf } from "../tables/table-status.ts";

/** Tells by which attribute the items of a table expire, if they do. */
export const describeTimeToLive = defineOperation({
  name: "DescribeTimeToLive",
  effect: "admin",
  wording: "older",
  resources: (input) => [input.TableName],

  prepare: (input) => ({ reference: input.TableName }),

  async execute({ reference }, context) {
    const { definition } = await existingTable(context, reference);
    const now = context.clock.now();
    const status = statusOf(definition, now);
    if (status !== "ACTIVE" && status !== "UPDATING") throw expiryNotDescribable(status);
    return { TimeToLiveDescription: description(definition.expiry, now) };
  },
});
