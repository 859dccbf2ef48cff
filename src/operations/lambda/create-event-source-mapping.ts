import { newUuid } from "../../base/uuid.ts";
import {
  mappingTaken,
  noStartingPosition,
  noSuchFunction,
  timestampWithoutPosition,
  unsupportedStartingPosition,
} from "../../model/messages/event-source-mappings.ts";
import type { CreateEventSourceMappingInput } from "../../model/lambda/types.ts";
import type { EventSourceMapping, MappingCreation } from "../../store/event-source-mapping.ts";
import { findMapping } from "./existing-mapping.ts";
import { checkFunctionReference, checkOwnFunction } from "./function-reference.ts";
import { describeMapping } from "./mapping-description.ts";
import { checkDestinationFile, checkSettings, newSettings } from "./mapping-settings.ts";
import { defineLambdaOperation, type LambdaContext } from "./operation.ts";
import { withTags } from "./mapping-tags.ts";
import { checkOwnStream, checkSourceArn } from "./source-reference.ts";

/** Lets a function be called with the records of a stream. */
export const createEventSourceMapping = defineLambdaOperation({
  name: "CreateEventSourceMapping",
  effect: "admin",

  prepare(input) {
    const source = checkSourceArn(input.EventSourceArn);
    return {
      function: checkFunctionReference(input.FunctionName),
      source,
      startingPosition: checkStartingPosition(input, source.arn),
      change: checkSettings(input),
      enabled: input.Enabled ?? true,
      tags: withTags([], input.Tags ?? {}),
    };
  },

  async execute(command, context) {
    const { caller, clock, functions, settings } = context;
    checkDestinationFile(command.change, settings);
    const called = checkOwnFunction(command.function, caller);
    if (!functions.has(called.name)) throw noSuchFunction();
    await checkOwnStream(command.source, context);
    const now = clock.now();
    const creation = await create(context, {
      id: newUuid(),
      scope: { accountId: caller.accountId, region: caller.region },
      source: command.source.stream,
      startingPosition: command.startingPosition,
      settings: newSettings(command.change, called),
      enabled: command.enabled,
      transition: { state: "Creating", until: now + settings.tableDelayMs },
      modifiedAt: now,
      tags: command.tags,
    });
    if (creation.kind === "taken") {
      throw mappingTaken({ arn: command.source.arn, name: called.name, id: creation.id });
    }
    return describeMapping(creation.mapping, context, "Creating");
  },
});

function checkStartingPosition(
  { StartingPosition: position, StartingPositionTimestamp: timestamp }: CreateEventSourceMappingInput,
  arn: string,
): EventSourceMapping["startingPosition"] {
  if (position === undefined) throw noStartingPosition();
  if (position === "AT_TIMESTAMP") throw unsupportedStartingPosition(arn);
  if (timestamp !== undefined) throw timestampWithoutPosition();
  return position;
}

/** A mapping whose deletion has run its time is not in the way. */
async function create(
  context: LambdaContext,
  mapping: Omit<EventSourceMapping, "version">,
): Promise<MappingCreation> {
  const { eventSourceMappings } = context.store;
  const creation = await eventSourceMappings.create(mapping);
  if (creation.kind === "done" || (await findMapping(creation.id, context)) !== undefined) return creation;
  return eventSourceMappings.create(mapping);
}
