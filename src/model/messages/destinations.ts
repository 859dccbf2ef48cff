/** What is wrong with requests about the Kinesis destinations of tables, and why a destination failed. */
import { invalid, ServiceError } from "../errors.ts";

/** The service says "to enable" whatever was asked for. */
const state = "Table is not in a valid state to enable Kinesis Streaming Destination: ";

export function destinationNotEnablable(): ServiceError {
  return invalid(
    `${state}EnableKinesisStreamingDestination must be DISABLED or ENABLE_FAILED to perform ENABLE operation.`,
  );
}

/** The answer for streams that the table never had as a destination, too. */
export function destinationNotDisablable(): ServiceError {
  return invalid(`${state}KinesisStreamingDestination must be ACTIVE to perform DISABLE operation.`);
}

export function destinationNotUpdatable(tableName: string, streamArn: string): ServiceError {
  return invalid(
    `${state}Kinesis streaming is not in ACTIVE state. Updates are only allowed in ACTIVE state. ` +
      `TableName: ${tableName}, kdsArn: ${streamArn}`,
  );
}

export function noSuchDestination(tableName: string, streamArn: string): ServiceError {
  return invalid(
    `${state}No streaming destination with streamArn: ${streamArn} found for table with tableName: ${tableName}`,
  );
}

export function configuredDisable(): ServiceError {
  return invalid("Stream cannot be disabled using EnableKinesisStreamingConfiguration parameters");
}

export function emptyDestinationUpdate(): ServiceError {
  return invalid(
    "Streaming destination cannot be updated with given parameters: " +
      "UpdateKinesisStreamingConfiguration cannot be null or contain only null values",
  );
}

export interface PrecisionChange {
  readonly precision: string;
  readonly tableUuid: string;
  readonly streamArn: string;
}

export function samePrecision({ precision, tableUuid, streamArn }: PrecisionChange): ServiceError {
  return invalid(
    `Invalid Request: Precision is already set to the desired value of ${precision} ` +
      `for tableId: ${tableUuid}, kdsArn: ${streamArn}`,
  );
}

/** The service documents the limit; its text for it is not known. */
export function precisionChangedTooOften({
  tableUuid,
  streamArn,
}: Omit<PrecisionChange, "precision">): ServiceError {
  return new ServiceError(
    "LimitExceededException",
    "Invalid Request: Precision can be updated at most 3 times in 24 hours " +
      `for tableId: ${tableUuid}, kdsArn: ${streamArn}`,
  );
}

// Reasons of failed destinations, shown as DestinationStatusDescription ------------------------------------------

/** What the service says of a stream that does not exist, too. */
export const streamNotUsable = "User does not have a permission to use kinesis stream";

export const streamElsewhere =
  "The kinesis Arn used to enable kinesis replication belongs to a stream which is not in the current region";

export const streamNotActive =
  "The kinesis Arn used to enable kinesis replication belongs to a stream which is not in Active state";

/** Not the service's: there a stream is always within reach. */
export function streamOutOfReach(cause: string): string {
  return `The kinesis stream cannot be reached: ${cause}`;
}

/** Not the service's, whose text is not known. */
export function deliveryGivenUp(hours: number, cause: string): string {
  return `No record could be delivered to the kinesis stream for ${hours} hours: ${cause}`;
}
