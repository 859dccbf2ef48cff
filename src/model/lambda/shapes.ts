/**
 * The requests of Lambda's operations that there are here, written by hand after its API reference: the members that
 * streams of tables know. Members of other event sources are refused by name: see `check-lambda-request.ts`.
 */
import type { Shape } from "../shape.ts";

/** Their names begin with `Lambda`, because shapes of all services are found by name. */
export const lambdaShapes = {
  LambdaCreateMapping: {
    type: "structure",
    members: {
      EventSourceArn: "LambdaText",
      FunctionName: "LambdaFunctionName",
      Enabled: "LambdaBoolean",
      BatchSize: "LambdaBatchSize",
      FilterCriteria: "LambdaFilterCriteria",
      MaximumBatchingWindowInSeconds: "LambdaBatchingWindow",
      ParallelizationFactor: "LambdaParallelizationFactor",
      StartingPosition: "LambdaStartingPosition",
      StartingPositionTimestamp: "LambdaTimestamp",
      DestinationConfig: "LambdaDestinationConfig",
      MaximumRecordAgeInSeconds: "LambdaRecordAge",
      BisectBatchOnFunctionError: "LambdaBoolean",
      MaximumRetryAttempts: "LambdaRetryAttempts",
      TumblingWindowInSeconds: "LambdaTumblingWindow",
      FunctionResponseTypes: "LambdaFunctionResponseTypes",
    },
    required: ["FunctionName"],
  },
  LambdaUpdateMapping: {
    type: "structure",
    members: {
      UUID: "LambdaText",
      FunctionName: "LambdaFunctionName",
      Enabled: "LambdaBoolean",
      BatchSize: "LambdaBatchSize",
      FilterCriteria: "LambdaFilterCriteria",
      MaximumBatchingWindowInSeconds: "LambdaBatchingWindow",
      ParallelizationFactor: "LambdaParallelizationFactor",
      DestinationConfig: "LambdaDestinationConfig",
      MaximumRecordAgeInSeconds: "LambdaRecordAge",
      BisectBatchOnFunctionError: "LambdaBoolean",
      MaximumRetryAttempts: "LambdaRetryAttempts",
      TumblingWindowInSeconds: "LambdaTumblingWindow",
      FunctionResponseTypes: "LambdaFunctionResponseTypes",
    },
    required: ["UUID"],
  },
  LambdaMappingReference: {
    type: "structure",
    members: { UUID: "LambdaText" },
    required: ["UUID"],
  },
  LambdaListMappings: {
    type: "structure",
    members: {
      EventSourceArn: "LambdaText",
      FunctionName: "LambdaFunctionName",
      Marker: "LambdaText",
      MaxItems: "LambdaMaxItems",
    },
  },
  LambdaInvoke: {
    type: "structure",
    members: {
      FunctionName: "LambdaInvokedFunctionName",
      Qualifier: "LambdaText",
      InvocationType: "LambdaInvocationType",
    },
    required: ["FunctionName"],
  },
  LambdaText: { type: "string" },
  LambdaBoolean: { type: "boolean" },
  LambdaTimestamp: { type: "timestamp" },
  LambdaFunctionName: { type: "string", min: 1, max: 140 },
  LambdaInvokedFunctionName: { type: "string", min: 1, max: 170 },
  LambdaBatchSize: { type: "integer", min: 1, max: 10_000 },
  LambdaBatchingWindow: { type: "integer", min: 0, max: 300 },
  LambdaParallelizationFactor: { type: "integer", min: 1, max: 10 },
  LambdaRecordAge: { type: "integer", min: -1, max: 604_800 },
  LambdaRetryAttempts: { type: "integer", min: -1, max: 10_000 },
  LambdaTumblingWindow: { type: "integer", min: 0, max: 900 },
  LambdaMaxItems: { type: "integer", min: 1, max: 10_000 },
  LambdaStartingPosition: { type: "string", enum: ["LATEST", "AT_TIMESTAMP", "TRIM_HORIZON"] },
  LambdaInvocationType: { type: "string", enum: ["Event", "RequestResponse", "DryRun"] },
  LambdaFunctionResponseTypes: { type: "list", member: "LambdaFunctionResponseType", min: 0, max: 1 },
  LambdaFunctionResponseType: { type: "string", enum: ["ReportBatchItemFailures"] },
  LambdaFilterCriteria: { type: "structure", members: { Filters: "LambdaFilters" } },
  LambdaFilters: { type: "list", member: "LambdaFilter" },
  LambdaFilter: { type: "structure", members: { Pattern: "LambdaPattern" } },
  LambdaPattern: { type: "string", min: 0, max: 4_096 },
  LambdaDestinationConfig: {
    type: "structure",
    members: { OnSuccess: "LambdaDestination", OnFailure: "LambdaDestination" },
  },
  LambdaDestination: { type: "structure", members: { Destination: "LambdaDestinationName" } },
  LambdaDestinationName: { type: "string", min: 0, max: 350 },
} as const satisfies Readonly<Record<string, Shape>>;
