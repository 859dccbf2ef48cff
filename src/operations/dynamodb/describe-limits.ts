import { defineOperation } from "../operation.ts";
import { accountUnitsMax, tableUnitsMax } from "../tables/quotas.ts";

/** Tells the account's quotas of provisioned throughput. */
export const describeLimits = defineOperation({
  name: "DescribeLimits",
  effect: "admin",
  wording: "older",
  resources: () => [],

  prepare: () => undefined,

  execute: () =>
    Promise.resolve({
      AccountMaxReadCapacityUnits: accountUnitsMax,
      AccountMaxWriteCapacityUnits: accountUnitsMax,
      TableMaxReadCapacityUnits: tableUnitsMax,
      TableMaxWriteCapacityUnits: tableUnitsMax,
    }),
});
