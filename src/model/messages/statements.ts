/** What is wrong with running PartiQL statements; what is wrong with their texts is in `partiql.ts`. */
import { invalid, ServiceError } from "../errors.ts";
import type { CancellationReason } from "../types.generated.ts";

/** Unlike the text of Query, it does not name the index. */
export function noStatementIndex(): ServiceError {
  return invalid("The table does not have the specified index");
}

/** Unlike Query, a statement is told so in these words. */
export function strongStatementOnGlobalIndex(): ServiceError {
  return invalid("Strongly consistent read is not supported on Global Secondary Indexes");
}

/** The text speaks of tables, but it is the index that is refused. */
export function manyAttributeKey(): ServiceError {
  return invalid(
    "PartiQL statements cannot be executed on tables with multi-attribute HASH keys or multi-attribute RANGE keys.",
  );
}

export function statementOnIndex(): ServiceError {
  return invalid("This operation is not supported on an index");
}

/** Other writes are told that they are on an index once their table is found, this one at once. */
export function insertIntoIndex(): ServiceError {
  return invalid("FROM clause may only contain a single table name");
}

export function orderWithoutCondition(): ServiceError {
  return invalid("Must have WHERE clause in the statement when using ORDER BY clause.");
}

export function orderByOtherAttribute(name: string): ServiceError {
  return invalid(`Attribute ${name} in ORDER BY clause must be part of the primary key`);
}

export function orderWithoutPartitionKey(): ServiceError {
  return invalid(
    "Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause.",
  );
}

export function orderAcrossPartitionKeys(): ServiceError {
  return invalid(
    "Must have hash key in ORDER BY clause when more than one hash key condition specified in WHERE clause.",
  );
}

export function incompleteKey(): ServiceError {
  return invalid("Where clause does not contain a mandatory equality on all key attributes");
}

export function twoKeyValues(name: string): ServiceError {
  return invalid(
    `Multiple conditions on same key ${name}. Only single item Update/Insert/Delete are supported`,
  );
}

/** Of an item that an update has made so. */
export function statementTooDeep(): ServiceError {
  return invalid("Nesting Levels have exceeded supported limits");
}

export function duplicateItem(): ServiceError {
  return new ServiceError("DuplicateItemException", "Duplicate primary key exists in table");
}

export function existsOutsideTransaction(): ServiceError {
  return invalid("EXISTS can only be used in ExecuteTransaction write requests.");
}

export function unreadableToken(): ServiceError {
  return invalid("Invalid NextToken");
}

export function foreignToken(): ServiceError {
  return invalid("NextToken does not match request");
}

export function batchReadWithoutKey(): ServiceError {
  return invalid(
    "Select statements within BatchExecuteStatement must specify the primary key in the where clause.",
  );
}

export function mixedBatch(): ServiceError {
  return invalid("Read and write requests together in the same batch is not supported.");
}

export function transactionReadWithoutKey(): ServiceError {
  return invalid(
    "Select statements within ExecuteTransaction must specify the primary key in the where clause.",
  );
}

export function transactionReadOnIndex(): ServiceError {
  return invalid("Reads on indices are not supported within transactions.");
}

export function existsWithoutCondition(): ServiceError {
  return invalid("EXISTS() must contain a single item read with additional condition");
}

export function returningInTransaction(): ServiceError {
  return invalid("RETURNING clause is not supported in ExecuteTransaction.");
}

export function mixedTransaction(): ServiceError {
  return invalid(
    "ExecuteTransaction API does not support both read and write operations in the same request.",
  );
}

/** Tells which statement of a transaction is at fault. */
export function inTransactStatement(position: number, fault: ServiceError): ServiceError {
  return invalid(`Validation failed in TransactStatements[${position}]: ${fault.message}`);
}

/** Of an INSERT whose item is there. */
export const duplicateReason: CancellationReason = {
  Code: "DuplicateItem",
  Message: "Duplicate primary key exists in table",
};

/** Of a statement whose table is not there. */
export const missingTableReason: CancellationReason = {
  Code: "ResourceNotFound",
  Message: "Requested resource not found",
};
