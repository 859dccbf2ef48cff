import { mappingTaken, noSuchFunction, noSuchMapping } from "../../model/messages/event-source-mappings.ts";
import type { EventSourceMapping, MappingTransition } from "../../store/event-source-mapping.ts";
import { streamArn } from "../table-arn.ts";
import { checkMappingId, checkSettled, existingMapping } from "./existing-mapping.ts";
import { checkFunctionReference, checkOwnFunction } from "./function-reference.ts";
import { describeMapping } from "./mapping-description.ts";
import { checkDestinationFile, checkSettings } from "./mapping-settings.ts";
import { defineLambdaOperation } from "./operation.ts";

/** Changes settings of a mapping, and keeps those that the request does not name. */
export const updateEventSourceMapping = defineLambdaOperation({
  name: "UpdateEventSourceMapping",
  effect: "admin",

  prepare: (input) => ({
    id: checkMappingId(input.UUID),
    function: input.FunctionName === undefined ? undefined : checkFunctionReference(input.FunctionName),
    change: checkSettings(input),
    enables: input.Enabled,
  }),

  async execute({ id, function: reference, change, enables }, context) {
    const { store, caller, clock, functions, settings } = context;
    checkDestinationFile(change, settings);
    const called = reference === undefined ? undefined : checkOwnFunction(reference, caller);
    const { source } = await existingMapping(id, context);
    if (called !== undefined && !functions.has(called.name)) throw noSuchFunction();
    const now = clock.now();
    const changed = await store.eventSourceMappings.update(caller, id, (before) => {
      checkSettled(before, now, "update");
      const function_ = called ?? before.settings.function;
      return {
        ...before,
        settings: { ...before.settings, ...change, function: function_ },
        enabled: enables ?? before.enabled,
        transition: { state: transitionOf(before, enables), until: now + settings.tableDelayMs },
        modifiedAt: now,
      };
    });
    if (changed === undefined) throw noSuchMapping();
    if (changed.kind === "taken") {
      const arn = streamArn(caller, source.tableName, source.label);
      throw mappingTaken({ arn, name: called?.name ?? "", id: changed.id });
    }
    return describeMapping(changed.mapping, context, changed.mapping.transition?.state);
  },
});

function transitionOf(
  { enabled }: EventSourceMapping,
  enables: boolean | undefined,
): MappingTransition["state"] {
  if (enables === undefined || enables === enabled) return "Updating";
  return enables ? "Enabling" : "Disabling";
}
