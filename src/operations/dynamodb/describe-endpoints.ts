import { defineOperation } from "../operation.ts";

const cacheMinutes = 1440;

/** Tells clients that discover endpoints where the service is: as ever, at its regional host. */
export const describeEndpoints = defineOperation({
  name: "DescribeEndpoints",
  effect: "admin",
  wording: "older",
  resources: () => [],

  prepare: () => undefined,

  execute: (_, { caller }) =>
    Promise.resolve({
      Endpoints: [{ Address: `dynamodb.${caller.region}.amazonaws.com`, CachePeriodInMinutes: cacheMinutes }],
    }),
});
