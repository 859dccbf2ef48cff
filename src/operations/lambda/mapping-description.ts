/** Mappings as they are answered. */
import type { EventSourceMappingConfiguration } from "../../model/lambda/types.ts";
import {
  mappingStateOf,
  type EventSourceMapping,
  type MappingState,
} from "../../store/event-source-mapping.ts";
import type { Store } from "../../store/store.ts";
import { partitionOf, streamArn } from "../table-arn.ts";
import { functionArn } from "./function-reference.ts";
import type { LambdaContext } from "./operation.ts";

/** Before the first batch. */
const nothingProcessed = "No records processed";
/** A mapping outlives its stream, which is read for a day after its table was removed or it was disabled. */
const streamGone = "PROBLEM: Stream not found";
/** Every change of a state here is a user's; what goes wrong shows in the last result. */
const transitionReason = "User action";

/** The answer about a mapping; `state` is what it shows, where that is not what its time says. */
export async function describeMapping(
  mapping: EventSourceMapping,
  { store, clock }: LambdaContext,
  state: MappingState = mappingStateOf(mapping, clock.now()),
): Promise<EventSourceMappingConfiguration> {
  const { id, scope, source, settings } = mapping;
  const { filters } = settings;
  return {
    UUID: id,
    StartingPosition: mapping.startingPosition,
    BatchSize: settings.recordsMax,
    MaximumBatchingWindowInSeconds: settings.batchingWindowSeconds,
    ParallelizationFactor: settings.parallelizationFactor,
    EventSourceArn: streamArn(scope, source.tableName, source.label),
    FilterCriteria: filters.length === 0 ? undefined : { Filters: filters.map((Pattern) => ({ Pattern })) },
    FunctionArn: functionArn(scope, settings.function),
    LastModified: mapping.modifiedAt / 1000,
    LastProcessingResult: await lastResult(mapping, store),
    State: state,
    StateTransitionReason: transitionReason,
    DestinationConfig: { OnFailure: { Destination: settings.onFailure } },
    MaximumRecordAgeInSeconds: settings.recordAgeSecondsMax ?? -1,
    BisectBatchOnFunctionError: settings.bisectsBatches,
    MaximumRetryAttempts: settings.retriesMax ?? -1,
    TumblingWindowInSeconds: settings.tumblingWindowSeconds,
    FunctionResponseTypes: settings.reportsItemFailures ? ["ReportBatchItemFailures"] : [],
    EventSourceMappingArn: `arn:${partitionOf(scope.region)}:lambda:${scope.region}:${scope.accountId}:event-source-mapping:${id}`,
  };
}

async function lastResult(mapping: EventSourceMapping, store: Store): Promise<string> {
  const { scope, source } = mapping;
  const stream = await store.changeLog.streams.find(scope, source.tableName, source.label);
  if (stream === undefined) return streamGone;
  return (await store.eventSourceMappings.result(mapping)) ?? nothingProcessed;
}
