import { checkMappingId, existingMapping } from "./existing-mapping.ts";
import { describeMapping } from "./mapping-description.ts";
import { defineLambdaOperation } from "./operation.ts";

/** Tells how a mapping is set, its state and what became of its last batch. */
export const getEventSourceMapping = defineLambdaOperation({
  name: "GetEventSourceMapping",
  effect: "read",

  prepare: ({ UUID }) => checkMappingId(UUID),

  execute: async (id, context) => describeMapping(await existingMapping(id, context), context),
});
