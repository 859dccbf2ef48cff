/**
 * Where the service behaves differently from its published model. Each line says what was seen; the tests beside
 * `check-request.ts` hold the texts.
 */
import { noTableArn, parameterRequired, requestItemsRequired } from "./messages/constraints.ts";
import type { ServiceError } from "./errors.ts";
import type { Shape } from "./shape.ts";

/** Shapes that the service checks by other bounds than its model states, or that its model lacks. */
export const shapeOverrides: Readonly<Record<string, Shape>> = {
  // Too long a name of an attribute is refused where items and expressions are checked, with another text.
  AttributeName: { type: "string" },
  // The model allows one element or more; the service refuses a third one here, but not on global indexes.
  TableKeySchema: { type: "list", member: "KeySchemaElement", min: 1, max: 2 },
  // Tags are checked by rules of their own, with other texts: see `operations/tables/tags.ts`.
  Tag: { type: "structure", members: { Value: "TagValueString", Key: "TagKeyString" } },
  TagKeyString: { type: "string" },
  TagValueString: { type: "string" },
  // The model allows no ARN below 37 characters; the service was seen to look for one of 10 among the destinations.
  KinesisStreamArn: { type: "string", max: 1024 },
  // The empty map has a text of its own: see `emptyRefusals`.
  BatchWriteItemRequestMap: { type: "map", key: "TableArn", value: "WriteRequests", max: 25 },
  // The model gives no upper bound of these; the documentation of the operations does.
  RecordsLimit: { type: "integer", min: 1, max: 1000 },
  StreamsLimit: { type: "integer", min: 1, max: 100 },
};

/** Members whose shape is not the one that the model names. */
export const memberShapes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  KinesisStreamingDestinationInput: { StreamArn: "KinesisStreamArn" },
  UpdateKinesisStreamingDestinationInput: { StreamArn: "KinesisStreamArn" },
  CreateTableInput: { KeySchema: "TableKeySchema" },
  LocalSecondaryIndex: { KeySchema: "TableKeySchema" },
  GetRecordsInput: { Limit: "RecordsLimit" },
  DescribeStreamInput: { Limit: "StreamsLimit" },
  ListStreamsInput: { Limit: "StreamsLimit" },
};

/** Members that the service requires although its model does not say so. */
export const moreRequired: Readonly<Record<string, readonly string[]>> = {
  CreateTableInput: ["AttributeDefinitions", "KeySchema"],
};

const itemWriteOrder = [
  "Expected",
  "ReturnConsumedCapacity",
  "TableName",
  "Item",
  "ReturnValues",
  "ConditionalOperator",
  "ReturnValuesOnConditionCheckFailure",
  "ReturnItemCollectionMetrics",
  "AttributeUpdates",
  "Key",
];

/** Members in the order in which they are reported, where it is not the generated one. Others follow. */
export const memberOrders: Readonly<Record<string, readonly string[]>> = {
  PutItemInput: itemWriteOrder,
  UpdateItemInput: itemWriteOrder,
  DeleteItemInput: itemWriteOrder,
  BatchGetItemInput: ["RequestItems", "ReturnConsumedCapacity"],
  TransactWriteItemsInput: ["TransactItems", "ClientRequestToken"],
};

/** Enumerations in the order in which the service lists them. */
export const enumOrders: Readonly<Record<string, readonly string[]>> = {
  ReturnConsumedCapacity: ["INDEXES", "TOTAL", "NONE"],
  ReturnItemCollectionMetrics: ["SIZE", "NONE"],
  ReturnValue: ["ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW"],
  Select: ["SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES"],
  ConditionalOperator: ["OR", "AND"],
  ComparisonOperator: [
    ...["IN", "NULL", "BETWEEN", "LT", "NOT_CONTAINS", "EQ", "GT"],
    ...["NOT_NULL", "NE", "LE", "BEGINS_WITH", "GE", "CONTAINS"],
  ],
  ScalarAttributeType: ["B", "N", "S"],
  KeyType: ["HASH", "RANGE"],
  BillingMode: ["PROVISIONED", "PAY_PER_REQUEST"],
  ProjectionType: ["ALL", "INCLUDE", "KEYS_ONLY"],
  ApproximateCreationDateTimePrecision: ["MILLISECOND", "MICROSECOND"],
};

/** What the newer front layer lists for the enumerations it checks itself: UPDATE_NEW and ALL are its own slips. */
export const newerEnums: Readonly<Record<string, readonly string[]>> = {
  ReturnValue: ["ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATE_NEW", "NONE"],
  ConditionalOperator: ["ALL", "OR"],
};

/** Members that the newer front layer checks before the others: what is wrong with them is told alone. */
export const toldAlone: Readonly<Record<string, readonly string[]>> = {
  UpdateItem: ["ReturnValues", "ConditionalOperator"],
  Query: ["ConditionalOperator"],
};

/** Members about which nothing is told while anything else is wrong. */
export const toldLast: Readonly<Record<string, string>> = { BatchWriteItemInput: "RequestItems" };

/** Absent members that the service refuses before it looks at its model's constraints. */
export const absentRefusals: Readonly<Record<string, Readonly<Record<string, () => ServiceError>>>> = {
  CreateTable: { TableName: () => parameterRequired("TableName") },
  DeleteTable: { TableName: () => parameterRequired("TableName") },
  DescribeTable: { TableName: () => parameterRequired("TableName") },
  UpdateTable: { TableName: () => parameterRequired("TableName") },
  ListTagsOfResource: { ResourceArn: noTableArn },
  TagResource: { ResourceArn: noTableArn },
  UntagResource: { ResourceArn: noTableArn },
};

/** Empty maps that the service refuses after its model's constraints. */
export const emptyRefusals: Readonly<Record<string, Readonly<Record<string, () => ServiceError>>>> = {
  BatchWriteItem: { RequestItems: () => requestItemsRequired("BatchWriteItem") },
};

/** Maps whose echo is JSON; all others are shown as Java shows them. */
export const jsonEchoes: ReadonlySet<string> = new Set(["BatchGetRequestMap"]);

/** The members of the Java classes in the order in which they are shown; some are in no model. */
export const echoMembers: Readonly<Record<string, readonly string[]>> = {
  AttributeValue: [
    ...["S", "N", "B", "INT", "DECIMAL", "DOUBLE", "SS", "NS", "BS", "INTSET", "DECIMALSET", "DOUBLESET"],
    ...["M", "L", "NULL", "BOOL"],
  ],
  WriteRequest: ["PutRequest", "DeleteRequest"],
  PutRequest: ["Item", "WorkloadProfileName"],
  DeleteRequest: ["Key"],
  KeySchemaElement: ["AttributeName", "KeyType"],
  TransactWriteItem: ["ConditionCheck", "Put", "Delete", "Update"],
};
