import { operations } from "../../src/operations/registry.ts";

/** An operation's name and a request the server takes as it is. */
export interface ValidRequest {
  readonly operation: string;
  readonly members: object;
}

export const fuzzTable = "fuzz";
const arn = `arn:aws:dynamodb:us-east-1:000000000000:table/${fuzzTable}`;
const item = {
  id: { S: "a" },
  at: { N: "1" },
  text: { S: "some text" },
  number: { N: "12.5" },
  bytes: { B: "AAEC" },
  flag: { BOOL: true },
  nothing: { NULL: true },
  names: { SS: ["x", "y"] },
  numbers: { NS: ["1", "2"] },
  blobs: { BS: ["AA==", "AQ=="] },
  list: { L: [{ S: "x" }, { N: "2" }, { M: { deep: { L: [] } } }] },
  map: { M: { a: { S: "b" }, c: { M: { d: { N: "4" } } } } },
};
const Key = { id: { S: "a" }, at: { N: "1" } };
const names = { "#n": "number", "#m": "map" };
const TableName = fuzzTable;

export const createFuzzTable: ValidRequest = {
  operation: "CreateTable",
  members: {
    TableName,
    KeySchema: [
      { AttributeName: "id", KeyType: "HASH" },
      { AttributeName: "at", KeyType: "RANGE" },
    ],
    AttributeDefinitions: [
      { AttributeName: "id", AttributeType: "S" },
      { AttributeName: "at", AttributeType: "N" },
    ],
    BillingMode: "PROVISIONED",
    ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
    Tags: [{ Key: "k", Value: "v" }],
    TableClass: "STANDARD",
    DeletionProtectionEnabled: false,
  },
};

const handmade: readonly ValidRequest[] = [
  createFuzzTable,
  { operation: "DescribeTable", members: { TableName: arn } },
  {
    operation: "UpdateTable",
    members: {
      TableName,
      BillingMode: "PROVISIONED",
      ProvisionedThroughput: { ReadCapacityUnits: 6, WriteCapacityUnits: 6 },
    },
  },
  { operation: "DeleteTable", members: { TableName: "no-such-table" } },
  { operation: "ListTables", members: { Limit: 3, ExclusiveStartTableName: "aaa" } },
  { operation: "DescribeLimits", members: {} },
  { operation: "DescribeEndpoints", members: {} },
  { operation: "TagResource", members: { ResourceArn: arn, Tags: [{ Key: "a", Value: "b" }] } },
  { operation: "UntagResource", members: { ResourceArn: arn, TagKeys: ["a"] } },
  { operation: "ListTagsOfResource", members: { ResourceArn: arn } },
  {
    operation: "PutItem",
    members: {
      TableName,
      Item: item,
      ConditionExpression:
        "attribute_not_exists(id) OR (#n BETWEEN :low AND :high AND NOT contains(#m.a, :low))",
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: { ":low": { N: "1" }, ":high": { N: "99" } },
      ReturnValues: "ALL_OLD",
      ReturnConsumedCapacity: "INDEXES",
    },
  },
  {
    operation: "PutItem",
    members: {
      TableName,
      Item: item,
      Expected: { number: { Exists: false }, text: { ComparisonOperator: "NULL" } },
      ConditionalOperator: "OR",
    },
  },
  {
    operation: "UpdateItem",
    members: {
      TableName,
      Key,
      UpdateExpression:
        "SET #n = if_not_exists(#n, :zero) + :one, list = list_append(list, :list) REMOVE nothing ADD numbers :set",
      ConditionExpression: "size(text) < :one OR begins_with(text, :text) OR #n IN (:one, :zero)",
      ExpressionAttributeNames: { "#n": "number" },
      ExpressionAttributeValues: {
        ":zero": { N: "0" },
        ":one": { N: "1" },
        ":list": { L: [{ S: "z" }] },
        ":set": { NS: ["3"] },
        ":text": { S: "s" },
      },
      ReturnValues: "UPDATED_NEW",
    },
  },
  {
    operation: "UpdateItem",
    members: {
      TableName,
      Key,
      AttributeUpdates: {
        number: { Action: "ADD", Value: { N: "1" } },
        names: { Action: "DELETE", Value: { SS: ["x"] } },
        text: { Value: { S: "new" } },
      },
      Expected: { flag: { Value: { BOOL: true } } },
    },
  },
  {
    operation: "DeleteItem",
    members: {
      TableName,
      Key,
      ConditionExpression: "attribute_type(#n, :type)",
      ExpressionAttributeNames: { "#n": "number" },
      ExpressionAttributeValues: { ":type": { S: "N" } },
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    },
  },
  {
    operation: "GetItem",
    members: {
      TableName,
      Key,
      ProjectionExpression: "id, #m.c.d, list[2].deep[0], list[0]",
      ExpressionAttributeNames: { "#m": "map" },
      ConsistentRead: true,
    },
  },
  { operation: "GetItem", members: { TableName, Key, AttributesToGet: ["id", "text"] } },
  {
    operation: "Query",
    members: {
      TableName,
      KeyConditionExpression: "id = :id AND at BETWEEN :low AND :high",
      FilterExpression: "contains(#m.a, :id) OR attribute_exists(text)",
      ProjectionExpression: "text, #m",
      ExpressionAttributeNames: { "#m": "map" },
      ExpressionAttributeValues: { ":id": { S: "a" }, ":low": { N: "-5" }, ":high": { N: "5" } },
      Limit: 2,
      ScanIndexForward: false,
      ExclusiveStartKey: Key,
    },
  },
  {
    operation: "Query",
    members: {
      TableName,
      KeyConditions: {
        id: { ComparisonOperator: "EQ", AttributeValueList: [{ S: "a" }] },
        at: { ComparisonOperator: "GT", AttributeValueList: [{ N: "0" }] },
      },
      QueryFilter: { text: { ComparisonOperator: "CONTAINS", AttributeValueList: [{ S: "e" }] } },
      Select: "COUNT",
    },
  },
  {
    operation: "Scan",
    members: {
      TableName,
      FilterExpression: "NOT #n > :n",
      ExpressionAttributeNames: { "#n": "number" },
      ExpressionAttributeValues: { ":n": { N: "3" } },
      Segment: 0,
      TotalSegments: 2,
      Limit: 3,
    },
  },
  {
    operation: "Scan",
    members: {
      TableName,
      ScanFilter: {
        number: { ComparisonOperator: "BETWEEN", AttributeValueList: [{ N: "1" }, { N: "9" }] },
        text: { ComparisonOperator: "NOT_NULL" },
      },
      ConditionalOperator: "AND",
      AttributesToGet: ["text"],
    },
  },
  {
    operation: "BatchGetItem",
    members: {
      RequestItems: {
        [fuzzTable]: { Keys: [Key, { id: { S: "b" }, at: { N: "2" } }], ProjectionExpression: "id, text" },
      },
      ReturnConsumedCapacity: "TOTAL",
    },
  },
  {
    operation: "BatchWriteItem",
    members: {
      RequestItems: {
        [fuzzTable]: [
          { PutRequest: { Item: { ...item, id: { S: "b" } } } },
          { DeleteRequest: { Key: { id: { S: "c" }, at: { N: "2" } } } },
        ],
      },
    },
  },
];

/** At least one request of every operation there is; of those not made by hand, one that names the table. */
export const validRequests: readonly ValidRequest[] = [
  ...handmade,
  ...Object.keys(operations)
    .filter((operation) => !handmade.some((request) => request.operation === operation))
    .map((operation) => ({ operation, members: { TableName, ResourceArn: arn, Key } })),
];
