/** What is wrong with the definition of a secondary index. */
import { invalid, ServiceError } from "../errors.ts";
import { hashOrder } from "../hash-order.ts";

const prefix = "One or more parameter values were invalid: ";

// Keys -----------------------------------------------------------------------------------------------------------

export function tableWithoutSortKey(): ServiceError {
  return invalid(
    `${prefix}Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex`,
  );
}

export function indexWithoutSortKey(index: string): ServiceError {
  return invalid(`${prefix}Index KeySchema does not have a range key for index: ${index}`);
}

export interface PartitionKeys {
  readonly ofIndex: string;
  readonly ofTable: string;
}

export function foreignPartitionKey(index: string, { ofIndex, ofTable }: PartitionKeys): ServiceError {
  return invalid(
    `${prefix}Index KeySchema does not have the same leading hash key as table KeySchema for index: ${index}. ` +
      `index hash key: ${ofIndex}, table hash key: ${ofTable}`,
  );
}

/** Of keys that may have more than two attributes; those that may not have another text. */
export function repeatedKeyAttribute(): ServiceError {
  return invalid("The KeySchema contains multiple key attributes with the same name");
}

export function partitionKeyBehindSortKey(): ServiceError {
  return invalid(`${prefix}All HASH key attributes must precede RANGE key attributes in the KeySchema`);
}

export function tooManyKeyAttributes(type: "HASH" | "RANGE"): ServiceError {
  return invalid(`${prefix}The KeySchema exceeds the maximum allowed number of ${type} key attributes`);
}

export function definitionsNotUsed(definitions: readonly string[], keys: readonly string[]): ServiceError {
  return invalid(
    `${prefix}Some AttributeDefinitions are not used. ` +
      `AttributeDefinitions: [${hashOrder(definitions).join(", ")}], keys used: [${hashOrder(keys, 16).join(", ")}]`,
  );
}

// Projections ----------------------------------------------------------------------------------------------------

export function unknownProjection(): ServiceError {
  return invalid(`${prefix}Unknown ProjectionType: null`);
}

export function superfluousNonKeyAttributes(type: "ALL" | "KEYS_ONLY"): ServiceError {
  return invalid(`${prefix}ProjectionType is ${type}, but NonKeyAttributes is specified`);
}

export function missingNonKeyAttributes(): ServiceError {
  return invalid(`${prefix}ProjectionType is INCLUDE, but NonKeyAttributes is not specified`);
}

export function repeatedNonKeyAttribute(name: string): ServiceError {
  return invalid(`${prefix}Duplicate element in NonKeyAttributes: ${name}`);
}

/** The service documents the limit, but its words are not known. */
export function tooManyNonKeyAttributes(limit: number): ServiceError {
  return invalid(`${prefix}Number of NonKeyAttributes exceeds the per-table limit of ${limit}`);
}

// Names and numbers ----------------------------------------------------------------------------------------------

export function duplicateIndexName(index: string): ServiceError {
  return invalid(`${prefix}Duplicate index name: ${index}`);
}

export function tooManyLocalIndexes(limit: number): ServiceError {
  return invalid(`${prefix}Number of LocalSecondaryIndexes exceeds per-table limit of ${limit}`);
}

/** CreateTable says this, UpdateTable the one below. */
export function tooManyGlobalIndexes(limit: number): ServiceError {
  return invalid(`${prefix}GlobalSecondaryIndex count exceeds the per-table limit of ${limit}`);
}

export function globalIndexLimit(limit: number): ServiceError {
  return new ServiceError(
    "LimitExceededException",
    `Subscriber limit exceeded: Number of global secondary indexes exceeds per-table limit of ${limit}`,
  );
}

// Throughput by billing mode: the two operations have different words for the same ----------------------------------

export function throughputOfOnDemandIndex(index: string): ServiceError {
  return invalid(
    `${prefix}ProvisionedThroughput should not be specified for index: ${index} when BillingMode is PAY_PER_REQUEST`,
  );
}

export function indexNeedsThroughput(index: string): ServiceError {
  return invalid(`${prefix}ProvisionedThroughput is not specified for index: ${index}`);
}

export function throughputOfAddedOnDemandIndex(index: string): ServiceError {
  return invalid(
    `${prefix}Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for index: ${index} ` +
      "when BillingMode is PAY_PER_REQUEST",
  );
}

export function addedIndexNeedsThroughput(index: string): ServiceError {
  return invalid(
    `${prefix}Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: ${index}`,
  );
}
