/**
 * Every operation of the service, by its wire name. The one list of them: targets and the compatibility page are made
 * from it.
 */
import { batchExecuteStatement } from "./dynamodb/batch-execute-statement.ts";
import { batchGetItem } from "./dynamodb/batch-get-item.ts";
import { batchWriteItem } from "./dynamodb/batch-write-item.ts";
import { createTable } from "./dynamodb/create-table.ts";
import { deleteItem } from "./dynamodb/delete-item.ts";
import { deleteTable } from "./dynamodb/delete-table.ts";
import { describeEndpoints } from "./dynamodb/describe-endpoints.ts";
import { describeKinesisStreamingDestination } from "./dynamodb/describe-kinesis-streaming-destination.ts";
import { describeLimits } from "./dynamodb/describe-limits.ts";
import { describeTable } from "./dynamodb/describe-table.ts";
import { disableKinesisStreamingDestination } from "./dynamodb/disable-kinesis-streaming-destination.ts";
import { enableKinesisStreamingDestination } from "./dynamodb/enable-kinesis-streaming-destination.ts";
import { describeTimeToLive } from "./dynamodb/describe-time-to-live.ts";
import { executeStatement } from "./dynamodb/execute-statement.ts";
import { executeTransaction } from "./dynamodb/execute-transaction.ts";
import { getItem } from "./dynamodb/get-item.ts";
import { listTables } from "./dynamodb/list-tables.ts";
import { listTagsOfResource } from "./dynamodb/list-tags-of-resource.ts";
import { putItem } from "./dynamodb/put-item.ts";
import { query } from "./dynamodb/query.ts";
import { scan } from "./dynamodb/scan.ts";
import { tagResource } from "./dynamodb/tag-resource.ts";
import { transactGetItems } from "./dynamodb/transact-get-items.ts";
import { transactWriteItems } from "./dynamodb/transact-write-items.ts";
import { untagResource } from "./dynamodb/untag-resource.ts";
import { updateItem } from "./dynamodb/update-item.ts";
import { updateKinesisStreamingDestination } from "./dynamodb/update-kinesis-streaming-destination.ts";
import { updateTable } from "./dynamodb/update-table.ts";
import { describeStream } from "./dynamodb-streams/describe-stream.ts";
import { getRecords } from "./dynamodb-streams/get-records.ts";
import { getShardIterator } from "./dynamodb-streams/get-shard-iterator.ts";
import { listStreams } from "./dynamodb-streams/list-streams.ts";
import { updateTimeToLive } from "./dynamodb/update-time-to-live.ts";
import { notYet } from "./not-yet.ts";
import type { Operation, OperationName } from "./operation.ts";

const dynamodb = {
  BatchExecuteStatement: batchExecuteStatement,
  BatchGetItem: batchGetItem,
  BatchWriteItem: batchWriteItem,
  CancelBulkOperation: notYet("CancelBulkOperation"),
  CreateBackup: notYet("CreateBackup"),
  CreateGlobalTable: notYet("CreateGlobalTable"),
  CreateTable: createTable,
  DeleteBackup: notYet("DeleteBackup"),
  DeleteItem: deleteItem,
  DeleteResourcePolicy: notYet("DeleteResourcePolicy"),
  DeleteTable: deleteTable,
  DescribeBackup: notYet("DescribeBackup"),
  DescribeBulkOperation: notYet("DescribeBulkOperation"),
  DescribeContinuousBackups: notYet("DescribeContinuousBackups"),
  DescribeContributorInsights: notYet("DescribeContributorInsights"),
  DescribeEndpoints: describeEndpoints,
  DescribeExport: notYet("DescribeExport"),
  DescribeGlobalTable: notYet("DescribeGlobalTable"),
  DescribeGlobalTableSettings: notYet("DescribeGlobalTableSettings"),
  DescribeImport: notYet("DescribeImport"),
  DescribeKinesisStreamingDestination: describeKinesisStreamingDestination,
  DescribeLimits: describeLimits,
  DescribeTable: describeTable,
  DescribeTableReplicaAutoScaling: notYet("DescribeTableReplicaAutoScaling"),
  DescribeTimeToLive: describeTimeToLive,
  DisableKinesisStreamingDestination: disableKinesisStreamingDestination,
  EnableKinesisStreamingDestination: enableKinesisStreamingDestination,
  ExecuteStatement: executeStatement,
  ExecuteTransaction: executeTransaction,
  ExportTableToPointInTime: notYet("ExportTableToPointInTime"),
  GetItem: getItem,
  GetResourcePolicy: notYet("GetResourcePolicy"),
  ImportTable: notYet("ImportTable"),
  ListBackups: notYet("ListBackups"),
  ListBulkOperations: notYet("ListBulkOperations"),
  ListContributorInsights: notYet("ListContributorInsights"),
  ListExports: notYet("ListExports"),
  ListGlobalTables: notYet("ListGlobalTables"),
  ListImports: notYet("ListImports"),
  ListTables: listTables,
  ListTagsOfResource: listTagsOfResource,
  PutItem: putItem,
  PutResourcePolicy: notYet("PutResourcePolicy"),
  Query: query,
  RestoreTableFromBackup: notYet("RestoreTableFromBackup"),
  RestoreTableToPointInTime: notYet("RestoreTableToPointInTime"),
  Scan: scan,
  StartBulkPutItems: notYet("StartBulkPutItems"),
  SearchVectors: notYet("SearchVectors"),
  TagResource: tagResource,
  TransactGetItems: transactGetItems,
  TransactWriteItems: transactWriteItems,
  UntagResource: untagResource,
  UpdateContinuousBackups: notYet("UpdateContinuousBackups"),
  UpdateContributorInsights: notYet("UpdateContributorInsights"),
  UpdateGlobalTable: notYet("UpdateGlobalTable"),
  UpdateGlobalTableSettings: notYet("UpdateGlobalTableSettings"),
  UpdateItem: updateItem,
  UpdateKinesisStreamingDestination: updateKinesisStreamingDestination,
  UpdateTable: updateTable,
  UpdateTableReplicaAutoScaling: notYet("UpdateTableReplicaAutoScaling"),
  UpdateTimeToLive: updateTimeToLive,
};

const dynamodbStreams = {
  DescribeStream: describeStream,
  GetRecords: getRecords,
  GetShardIterator: getShardIterator,
  ListStreams: listStreams,
};

export const operations = { ...dynamodb, ...dynamodbStreams } satisfies {
  readonly [Name in OperationName]: Operation<Name>;
};

export interface Service {
  readonly title: string;
  /** How requests name the service in `X-Amz-Target`. */
  readonly target: string;
  readonly operations: readonly Operation[];
}

export const services: readonly Service[] = [
  { title: "DynamoDB", target: "DynamoDB_20120810", operations: Object.values(dynamodb) },
  {
    title: "DynamoDB Streams",
    target: "DynamoDBStreams_20120810",
    operations: Object.values(dynamodbStreams),
  },
];

const byTarget = new Map<string, Operation>(
  services.flatMap(({ target, operations: members }) =>
    members.map((operation) => [`${target}.${operation.name}`, operation] as const),
  ),
);

/** The operation that a request's target names, such as `DynamoDB_20120810.GetItem`. */
export function operationOf(target: string): Operation | undefined {
  return byTarget.get(target);
}
