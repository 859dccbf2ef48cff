/** Why UpdateTable does not change an index, and what else an index under way holds up. */
import { invalid, ServiceError } from "../errors.ts";

const prefix = "One or more parameter values were invalid: ";

function inUse(text: string): ServiceError {
  return new ServiceError(
    "ResourceInUseException",
    `Attempt to change a resource which is still in use: ${text}`,
  );
}

/** An index by its name and its table's. */
export interface IndexName {
  readonly table: string;
  readonly index: string;
}

// The request ----------------------------------------------------------------------------------------------------

export function noIndexAction(): ServiceError {
  return invalid(
    `${prefix}One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, ` +
      "GlobalSecondaryIndexUpdate.Delete must not be null",
  );
}

export function severalIndexActions(): ServiceError {
  return invalid(
    `${prefix}Only one global secondary index action is allowed per GlobalSecondaryIndexUpdate object`,
  );
}

export function indexNamedTwice(index: string): ServiceError {
  return invalid(
    `${prefix}Only one global secondary index update per index is allowed simultaneously. Index: ${index}`,
  );
}

export function indexWithTableThroughput(): ServiceError {
  return invalid(`${prefix}You cannot create or delete index while updating table IOPS`);
}

export function indexWithStream(): ServiceError {
  return invalid(`${prefix}You cannot create or delete index while changing stream status`);
}

export function addedIndexWithWarmThroughput(): ServiceError {
  return invalid(`${prefix}Create global secondary index cannot be specified when updating WarmThroughput`);
}

// The index ------------------------------------------------------------------------------------------------------

export function indexNotFound({ table, index }: IndexName): ServiceError {
  return new ServiceError(
    "ResourceNotFoundException",
    `Requested resource not found: Index ${index} for table ${table}`,
  );
}

export function indexExists(): ServiceError {
  return invalid("Attempting to create an index which already exists");
}

export function notGlobalIndex(action: "update" | "delete", index: string): ServiceError {
  return invalid(`Cannot ${action} an index that is not a GlobalSecondaryIndex: ${index}`);
}

export function definitionsNotGiven(index: string): ServiceError {
  return invalid(`${prefix}AttributeDefinitions is not specified for index: ${index}`);
}

export interface SchemaElement {
  readonly name: string;
  readonly type: string;
  readonly keyType: string;
}

export function attributeRedefined(
  existing: readonly SchemaElement[],
  wanted: readonly SchemaElement[],
): ServiceError {
  return invalid(
    `${prefix}Attributes cannot be redefined. ` +
      "Please check that your attribute has the same type as previously defined. " +
      `Existing schema: ${schemaText(existing)} New schema: ${schemaText(wanted)}`,
  );
}

function schemaText(elements: readonly SchemaElement[]): string {
  const texts = elements.map(({ name, type, keyType }) => `SchemaElement: key{${name}:${type}:${keyType}}`);
  return `Schema:[${texts.join(", ")}]`;
}

/** Said of units beyond all bounds, whether or not there is such an index. */
export function indexUpdateBlocked(): ServiceError {
  return invalid(
    "This operation cannot be performed with given input values. " +
      "Please contact DynamoDB service team for more info: Action Blocked: IndexUpdate",
  );
}

export function onDemandIndexUpdate(index: string): ServiceError {
  return invalid(
    `${prefix}The only Updates for index: ${index} when TableThroughputMode is PAY_PER_REQUEST ` +
      "can be to OnDemandThroughput, WarmThroughput",
  );
}

/** Whoever makes a table provisioned says what becomes of all its indexes. */
export function indexesNeedThroughput(indexes: readonly string[]): ServiceError {
  return invalid(`${prefix}ProvisionedThroughput must be specified for index: ${indexes.join(",")}`);
}

export function onlineIndexLimit(): ServiceError {
  return new ServiceError(
    "LimitExceededException",
    "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table",
  );
}

// The state of the index, and of its table for its sake: blanks and full stops are the service's ---------------------

export function indexBeingCreated({ table, index }: IndexName): ServiceError {
  return inUse(`Index is being created.  Table: ${table} Index: ${index}`);
}

export function indexNotBackfilling({ table, index }: IndexName): ServiceError {
  return inUse(`Index is being created but is not backfilling yet.  Table: ${table} Index: ${index}`);
}

export function indexNotDeletableYet({ table, index }: IndexName): ServiceError {
  return inUse(
    "Index creation is in resource allocation phase. " +
      `Retry deletion during backfilling phase or when the index is active. Table: ${table} Index: ${index}`,
  );
}

export function indexBeingUpdated({ table, index }: IndexName): ServiceError {
  return inUse(`Index is being updated. Table: ${table} Index: ${index}`);
}

export function indexBeingDeleted({ table, index }: IndexName): ServiceError {
  return inUse(`Index is being deleted. Table: ${table} Index: ${index}`);
}

export function indexesWhileThroughputUpdated(table: string): ServiceError {
  return inUse(`Can't create or delete indexes while table IOPS are being updated. Table: ${table}`);
}

export function indexWhileTableClassUpdated(): ServiceError {
  return inUse("Can't create or delete an index when a table class update is in progress.");
}

/** What is going on with indexes when their table is asked for something that must wait. */
export interface IndexesUnderWay {
  readonly table: string;
  readonly what: "created" | "deleted";
  readonly indexes: readonly string[];
}

export function throughputWhileIndexes({ table, what, indexes }: IndexesUnderWay): ServiceError {
  return inUse(
    `Can't change table IOPS when an index is being ${what}. Table: ${table} Indexes: [${indexes.join(", ")}]`,
  );
}

export function onDemandLimitWhileIndexes({ what, indexes }: IndexesUnderWay): ServiceError {
  const change = what === "created" ? "creation" : "deletion";
  return inUse(
    `OnDemandThroughput cannot be updated while index ${change} is in progress for indexes: [${indexes.join(", ")}]`,
  );
}

export function notDeletableWhileIndexes(): ServiceError {
  return inUse("Cannot delete table while indexes are being created, updated, or deleted.");
}
