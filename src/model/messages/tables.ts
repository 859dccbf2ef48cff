/** What is wrong with tables: their names, key schemas and states. */
import { invalid, ServiceError } from "../errors.ts";
import { hashOrder } from "../hash-order.ts";

const prefix = "One or more parameter values were invalid: ";
const inUse = "Attempt to change a resource which is still in use: ";

// Finding a table ------------------------------------------------------------------------------------------------

/** Item operations do not say which table is missing. */
export function resourceNotFound(): ServiceError {
  return new ServiceError("ResourceNotFoundException", "Requested resource not found");
}

export function tableNotFound(name: string): ServiceError {
  return new ServiceError(
    "ResourceNotFoundException",
    `Requested resource not found: Table: ${name} not found`,
  );
}

/** Another account's table, and no policy that would open it. */
export function foreignAccount(): ServiceError {
  return new ServiceError("AccessDeniedException", "Access is denied");
}

/** These three carry the words of the newer layer on every operation. */
export function foreignRegion(arn: string): ServiceError {
  return invalid(`1 validation error detected: Invalid AWS region in '${arn}'`);
}

export function foreignPartition(arn: string): ServiceError {
  return invalid(`1 validation error detected: Invalid AWS partition in '${arn}'`);
}

export function notTableArn(arn: string): ServiceError {
  return invalid(`1 validation error detected: Invalid resource type in '${arn}'`);
}

export function malformedArn(arn: string): ServiceError {
  return invalid(
    `1 validation error detected: Value '${arn}' at 'tableName' failed to satisfy constraint: ` +
      "Valid ARN format is 'arn:<awsPartition>:<vendor>:<region>:<subscriber>:resourceType/resourceName', " +
      "where Resource name must have length less than or equal to 255, " +
      "Resource name must have length greater than or equal to 3, " +
      "Resource name must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
  );
}

// The state of a table -------------------------------------------------------------------------------------------

export function tableExists(name: string): ServiceError {
  return new ServiceError("ResourceInUseException", `Table already exists: ${name}`);
}

export function tableBeingCreated(name: string): ServiceError {
  return new ServiceError("ResourceInUseException", `${inUse}Table is being created: ${name}`);
}

export function tableBeingDeleted(name: string): ServiceError {
  return new ServiceError("ResourceInUseException", `${inUse}Table is being deleted: ${name}`);
}

/** The answer to UpdateTable; the other two say the same to other requests. */
export function tableBeingUpdated(name: string): ServiceError {
  return new ServiceError("ResourceInUseException", `${inUse}Table is being updated: ${name}`);
}

export function throughputBeingUpdated(name: string): ServiceError {
  return new ServiceError(
    "ResourceInUseException",
    `${inUse}Table IOPS are currently being updated. Table: ${name}`,
  );
}

export function notDeletableWhileUpdated(name: string): ServiceError {
  return new ServiceError(
    "ResourceInUseException",
    `${inUse}Table: ${name} is in the process of being updated.`,
  );
}

export function deletionProtected(): ServiceError {
  return invalid(
    "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.",
  );
}

// Key schemas ----------------------------------------------------------------------------------------------------

export function duplicateDefinition(name: string): ServiceError {
  return invalid(`Attribute Name is duplicated: ${name}`);
}

export function keyWithoutDefinition(): ServiceError {
  return invalid("Invalid KeySchema: Some index key attribute have no definition");
}

export function undefinedKeys(keys: readonly string[], definitions: readonly string[]): ServiceError {
  return invalid(
    `${prefix}Some index key attributes are not defined in AttributeDefinitions. ` +
      `Keys: [${hashOrder(keys, 16).join(", ")}], AttributeDefinitions: [${hashOrder(definitions).join(", ")}]`,
  );
}

export function unusedDefinitions(): ServiceError {
  return invalid(
    `${prefix}Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions`,
  );
}

export function sameKeyTwice(): ServiceError {
  return invalid("Both the Hash Key and the Range Key element in the KeySchema have the same name");
}

export function firstKeyNotHash(): ServiceError {
  return invalid("Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
}

export function secondKeyNotRange(): ServiceError {
  return invalid("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
}

// Members of CreateTable and UpdateTable ---------------------------------------------------------------------------

export function emptyIndexList(member: string): ServiceError {
  return invalid(`${prefix}List of ${member} is empty`);
}

export function encryptionMemberWhileDisabled(member: string): ServiceError {
  return invalid(`${prefix}${member} can not be specified if Enabled is false`);
}

export function keyIdNeedsKms(): ServiceError {
  return invalid(`${prefix}SSEType KMS is required if KMSMasterKeyId is specified`);
}

export function aes256NotSupported(): ServiceError {
  return invalid(`${prefix}SSEType AES256 is not supported`);
}

export function encryptedByDefault(): ServiceError {
  return invalid(`${prefix}Table is already encrypted by default`);
}

/** The service leaves MultiRegionConsistency out of the list when it was sent; the list names members no SDK knows. */
export function nothingToUpdate(withConsistency: boolean): ServiceError {
  return invalid(
    "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates, " +
      "SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, ReplicaTransitRoleArn, " +
      (withConsistency ? "" : "MultiRegionConsistency, ") +
      "DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is required",
  );
}

/** `change` as the service calls it: "DeletionProtection", "Server-Side Encryption", "TableClass". */
export function mustBeOnlyChange(change: string): ServiceError {
  return invalid(`${prefix}${change} modification must be the only operation in the request`);
}

export function warmThroughputMustBeOnlyChange(): ServiceError {
  return invalid(`${prefix}WarmThroughput must be the only operation in the request`);
}

export function replicasMustBeOnlyChange(): ServiceError {
  return invalid(`${prefix}Requests that modify replicas or witnesses must not also modify other fields`);
}

export function onDemandThroughputWithOthers(): ServiceError {
  return invalid(
    `${prefix}OnDemandThroughput can only be combined with BillingMode in an UpdateTable request`,
  );
}

export function tableClassChangedTooOften(): ServiceError {
  return new ServiceError(
    "LimitExceededException",
    "Subscriber limit exceeded: Updates to TableClass are limited to 2 times in 30 day(s).",
  );
}

// What this server does not do yet ---------------------------------------------------------------------------------

/** Never said by the service: a request for what is not built is refused, not half done. */
export function notSupportedYet(what: string): ServiceError {
  return invalid(`${prefix}${what} is not supported yet by Stator`);
}

export function operationNotSupportedYet(operation: string): ServiceError {
  return new ServiceError("UnknownOperationException", `${operation} is not supported yet by Stator`);
}
