/** What is wrong with streams: what tables are asked to do with theirs, and how streams are read. */
import { invalid, ServiceError } from "../errors.ts";

const prefix = "One or more parameter values were invalid: ";

function inUse(text: string): ServiceError {
  return new ServiceError(
    "ResourceInUseException",
    `Attempt to change a resource which is still in use: ${text}`,
  );
}

// The stream of a table ------------------------------------------------------------------------------------------

export function streamWithoutView(): ServiceError {
  return invalid(`${prefix}Table is being created with a stream enabled, UpdateViewType is required`);
}

export function viewWithoutStream(): ServiceError {
  return invalid(
    `${prefix}Table is being created with a stream disabled, UpdateViewType should not be specified`,
  );
}

export function streamNeedsView(): ServiceError {
  return invalid(`${prefix}If stream is being enabled then UpdateViewType is required`);
}

export function disabledStreamWithView(): ServiceError {
  return invalid(`${prefix}If stream is being disabled, then UpdateViewType must not be specified`);
}

/** Said whether or not the request names the view the stream has: a stream keeps its view. */
export function streamEnabledAlready(table: string): ServiceError {
  return invalid(`Table already has an enabled stream: TableName: ${table}`);
}

export function noStreamToDisable(table: string): ServiceError {
  return invalid(`Table has no stream to disable: TableName: ${table}`);
}

export function streamWithThroughput(): ServiceError {
  return invalid(`${prefix}You cannot modify stream status while updating table IOPS`);
}

// What waits while a stream is being enabled or disabled, and the other way round ----------------------------------

/** A stream that is being enabled or disabled. */
export interface StreamUnderWay {
  readonly table: string;
  readonly label: string;
  readonly operation: "ENABLE" | "DISABLE";
}

export function streamBeingChanged(stream: StreamUnderWay): ServiceError {
  return inUse(`A stream status change is currently in progress. ${named(stream)}`);
}

export function throughputWhileStream(stream: StreamUnderWay): ServiceError {
  return inUse(`Can't change table IOPS when stream status is being updated. ${named(stream)}`);
}

export function tableClassWhileStream(stream: StreamUnderWay): ServiceError {
  return inUse(`Can't update table class when stream status is being updated. ${named(stream)}`);
}

export function indexesWhileStream(stream: StreamUnderWay): ServiceError {
  return inUse(`Can't create or delete indexes when stream status is being updated. ${named(stream)}`);
}

export function onDemandLimitWhileStream(): ServiceError {
  return inUse("OnDemandThroughput cannot be updated while stream status update is in progress");
}

export function notDeletableWhileStream(): ServiceError {
  return inUse("Cannot delete table while stream is being enabled/disabled.");
}

function named({ table, label, operation }: StreamUnderWay): string {
  return `Table: ${table} Stream: ${label} Operation: ${operation}`;
}

export function streamWhileThroughputUpdated(table: string): ServiceError {
  return inUse(`Can't enable or disable stream while table IOPS are being updated. Table: ${table}`);
}

export function streamWhileTableClassUpdated(): ServiceError {
  return inUse("Can't enable or disable stream when a table class update is in progress.");
}

export function streamWhileIndexes(
  table: string,
  what: "created" | "deleted",
  indexes: readonly string[],
): ServiceError {
  return inUse(
    `Can't change stream status when an index is being ${what}. Table: ${table} Indexes: [${indexes.join(", ")}]`,
  );
}

// Reading a stream -----------------------------------------------------------------------------------------------

/** What has the length of a stream's ARN but is none. */
export function invalidStreamArn(): ServiceError {
  return invalid("Invalid StreamArn");
}

export function streamNotFound(arn: string): ServiceError {
  return new ServiceError(
    "ResourceNotFoundException",
    `Requested resource not found: Stream: ${arn} not found`,
  );
}

export function shardNotFound(): ServiceError {
  return new ServiceError("ResourceNotFoundException", "Requested resource not found: Shard does not exist");
}

export function sequenceNumberMissing(type: string): ServiceError {
  return invalid(`SequenceNumber is required for ShardIteratorType ${type}`);
}

export function sequenceNumberSuperfluous(type: string): ServiceError {
  return invalid(`SequenceNumber must not be specified for ShardIteratorType ${type}`);
}

/** No sequence number at all, or none that the shard can hold. */
export function invalidSequenceNumber(sequenceNumber: string): ServiceError {
  return invalid(`Invalid SequenceNumber: ${sequenceNumber}`);
}

export function invalidShardIterator(): ServiceError {
  return invalid("Invalid ShardIterator");
}

export function expiredIterator(): ServiceError {
  return new ServiceError(
    "ExpiredIteratorException",
    "The provided iterator exceeds the maximum age allowed.",
  );
}

export function trimmedData(): ServiceError {
  return new ServiceError(
    "TrimmedDataAccessException",
    "The data you are trying to access has been trimmed.",
  );
}

/** In the words of the model's constraints, which do not say that a filter needs both of its members. */
export function incompleteShardFilter(member: "type" | "shardId"): ServiceError {
  return invalid(
    `1 validation error detected: Value null at 'shardFilter.${member}' failed to satisfy constraint: Member must not be null`,
  );
}
