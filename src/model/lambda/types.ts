/** What Lambda's operations are asked and answer, as far as they are here. The shapes beside say the same as data. */

export interface MappingSettingsInput {
  readonly Enabled?: boolean;
  readonly BatchSize?: number;
  readonly FilterCriteria?: FilterCriteria;
  readonly MaximumBatchingWindowInSeconds?: number;
  readonly ParallelizationFactor?: number;
  readonly DestinationConfig?: DestinationConfig;
  readonly MaximumRecordAgeInSeconds?: number;
  readonly BisectBatchOnFunctionError?: boolean;
  readonly MaximumRetryAttempts?: number;
  readonly TumblingWindowInSeconds?: number;
  readonly FunctionResponseTypes?: readonly string[];
}

export interface CreateEventSourceMappingInput extends MappingSettingsInput {
  readonly EventSourceArn?: string;
  readonly FunctionName: string;
  readonly StartingPosition?: "LATEST" | "AT_TIMESTAMP" | "TRIM_HORIZON";
  readonly StartingPositionTimestamp?: number;
  readonly Tags?: Tags;
}

export interface UpdateEventSourceMappingInput extends MappingSettingsInput {
  readonly UUID: string;
  readonly FunctionName?: string;
}

export interface EventSourceMappingReference {
  readonly UUID: string;
}

export interface ListEventSourceMappingsInput {
  readonly EventSourceArn?: string;
  readonly FunctionName?: string;
  readonly Marker?: string;
  readonly MaxItems?: number;
}

export interface ListEventSourceMappingsOutput {
  readonly EventSourceMappings: readonly EventSourceMappingConfiguration[];
  readonly NextMarker?: string | undefined;
}

export interface Tags {
  readonly [key: string]: string;
}

export interface ListTagsInput {
  /** An ARN. */
  readonly Resource: string;
}

export interface TagResourceInput extends ListTagsInput {
  readonly Tags: Tags;
}

export interface UntagResourceInput extends ListTagsInput {
  readonly TagKeys: readonly string[];
}

export interface InvokeInput {
  readonly FunctionName: string;
  readonly Qualifier?: string;
  readonly InvocationType?: "Event" | "RequestResponse" | "DryRun";
}

export interface InvokeOutput {
  readonly ExecutedVersion?: string;
  readonly FunctionError?: "Unhandled";
  /** JSON. */
  readonly Payload: string;
}

export interface EventSourceMappingConfiguration {
  readonly UUID: string;
  readonly StartingPosition: string;
  readonly BatchSize: number;
  readonly MaximumBatchingWindowInSeconds: number;
  readonly ParallelizationFactor: number;
  readonly EventSourceArn: string;
  readonly FilterCriteria?: FilterCriteria | undefined;
  readonly FunctionArn: string;
  /** Seconds since the epoch. */
  readonly LastModified: number;
  readonly LastProcessingResult: string;
  readonly State: string;
  readonly StateTransitionReason: string;
  readonly DestinationConfig: DestinationConfig;
  readonly MaximumRecordAgeInSeconds: number;
  readonly BisectBatchOnFunctionError: boolean;
  readonly MaximumRetryAttempts: number;
  readonly TumblingWindowInSeconds: number;
  readonly FunctionResponseTypes: readonly string[];
  readonly EventSourceMappingArn: string;
}

export interface FilterCriteria {
  readonly Filters?: readonly Filter[];
}

export interface Filter {
  readonly Pattern?: string;
}

export interface DestinationConfig {
  readonly OnSuccess?: Destination;
  readonly OnFailure?: Destination;
}

export interface Destination {
  readonly Destination?: string | undefined;
}

/** Every operation of Lambda that there is here, by its wire name. */
export interface LambdaOperations {
  readonly CreateEventSourceMapping: {
    readonly input: CreateEventSourceMappingInput;
    readonly output: EventSourceMappingConfiguration;
  };
  readonly DeleteEventSourceMapping: {
    readonly input: EventSourceMappingReference;
    readonly output: EventSourceMappingConfiguration;
  };
  readonly GetEventSourceMapping: {
    readonly input: EventSourceMappingReference;
    readonly output: EventSourceMappingConfiguration;
  };
  readonly Invoke: { readonly input: InvokeInput; readonly output: InvokeOutput };
  readonly ListEventSourceMappings: {
    readonly input: ListEventSourceMappingsInput;
    readonly output: ListEventSourceMappingsOutput;
  };
  readonly ListTags: { readonly input: ListTagsInput; readonly output: { readonly Tags: Tags } };
  readonly TagResource: { readonly input: TagResourceInput; readonly output: object };
  readonly UntagResource: { readonly input: UntagResourceInput; readonly output: object };
  readonly UpdateEventSourceMapping: {
    readonly input: UpdateEventSourceMappingInput;
    readonly output: EventSourceMappingConfiguration;
  };
}

export type LambdaOperationName = keyof LambdaOperations;
