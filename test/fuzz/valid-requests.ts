import { operations } from "../../src/operations/registry.ts";
import { fuzzIndexes, indexRequests } from "./index-requests.ts";
import { statementRequests } from "./statement-requests.ts";
import { transactionRequests } from "./transaction-requests.ts";
import type { ValidRequest } from "./valid-request.ts";

export const fuzzTable = "fuzz";
const arn = `arn:aws:dynamodb:us-east-1:000000000000:table/${fuzzTable}`;
const item = {
  id: { S: "a" },
  turn: { N: "1" },
  words: { S: "some text" },
  number: { N: "12.5" },
  bytes: { B: "AAEC" },
  flag: { BOOL: true },
  nothing: { NULL: true },
  names: { SS: ["x", "y"] },
  numbers: { NS: ["1", "2"] },
  blobs: { BS: ["AA==", "AQ=="] },
  things: { L: [{ S: "x" }, { N: "2" }, { M: { deep: { L: [] } } }] },
  map: { M: { a: { S: "b" }, c: { M: { d: { N: "4" } } } } },
};
const Key = { id: { S: "a" }, turn: { N: "1" } };
const names = { "#n": "number", "#m": "map" };
const TableName = fuzzTable;

/** Of a stream in another region, which is not looked for: fuzzing stays on this machine. */
const StreamArn = "arn:aws:kinesis:eu-west-1:000000000000:stream/fuzz";
const configuration = { ApproximateCreationDateTimePrecision: "MICROSECOND" };
const destination = { TableName, StreamArn };

const destinationRequests: readonly ValidRequest[] = [
  {
    operation: "EnableKinesisStreamingDestination",
    members: { ...destination, EnableKinesisStreamingConfiguration: configuration },
  },
  {
    operation: "UpdateKinesisStreamingDestination",
    members: { ...destination, UpdateKinesisStreamingConfiguration: configuration },
  },
  { operation: "DisableKinesisStreamingDestination", members: destination },
  { operation: "DescribeKinesisStreamingDestination", members: { TableName: arn } },
];

export const createFuzzTable: ValidRequest = {
  operation: "CreateTable",
  members: {
    TableName,
    KeySchema: [
      { AttributeName: "id", KeyType: "HASH" },
      { AttributeName: "turn", KeyType: "RANGE" },
    ],
    AttributeDefinitions: [
      { AttributeName: "id", AttributeType: "S" },
      { AttributeName: "turn", AttributeType: "N" },
      { AttributeName: "number", AttributeType: "N" },
      { AttributeName: "words", AttributeType: "S" },
      { AttributeName: "bytes", AttributeType: "B" },
    ],
    ...fuzzIndexes,
    BillingMode: "PROVISIONED",
    ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
    Tags: [{ Key: "k", Value: "v" }],
    TableClass: "STANDARD",
    DeletionProtectionEnabled: false,
  },
};

/** Requests that a server with the table takes, in this order. */
export const handmade: readonly ValidRequest[] = [
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
    operation: "UpdateTimeToLive",
    members: { TableName, TimeToLiveSpecification: { AttributeName: "number", Enabled: true } },
  },
  { operation: "DescribeTimeToLive", members: { TableName: arn } },
  ...destinationRequests,
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
      Expected: { number: { Exists: false }, words: { ComparisonOperator: "NULL" } },
      ConditionalOperator: "OR",
    },
  },
  {
    operation: "UpdateItem",
    members: {
      TableName,
      Key,
      UpdateExpression:
        "SET #n = if_not_exists(#n, :zero) + :one, things = list_append(things, :list) REMOVE nothing ADD numbers :set",
      ConditionExpression: "size(words) < :one OR begins_with(words, :text) OR #n IN (:one, :zero)",
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
        words: { Value: { S: "new" } },
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
      ProjectionExpression: "id, #m.c.d, things[2].deep[0], things[0]",
      ExpressionAttributeNames: { "#m": "map" },
      ConsistentRead: true,
    },
  },
  { operation: "GetItem", members: { TableName, Key, AttributesToGet: ["id", "words"] } },
  {
    operation: "Query",
    members: {
      TableName,
      KeyConditionExpression: "id = :id AND turn BETWEEN :low AND :high",
      FilterExpression: "contains(#m.a, :id) OR attribute_exists(words)",
      ProjectionExpression: "words, #m",
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
        turn: { ComparisonOperator: "GT", AttributeValueList: [{ N: "0" }] },
      },
      QueryFilter: { words: { ComparisonOperator: "CONTAINS", AttributeValueList: [{ S: "e" }] } },
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
        words: { ComparisonOperator: "NOT_NULL" },
      },
      ConditionalOperator: "AND",
      AttributesToGet: ["words"],
    },
  },
  {
    operation: "BatchGetItem",
    members: {
      RequestItems: {
        [fuzzTable]: { Keys: [Key, { id: { S: "b" }, turn: { N: "2" } }], ProjectionExpression: "id, words" },
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
          { DeleteRequest: { Key: { id: { S: "c" }, turn: { N: "2" } } } },
        ],
      },
    },
  },
  {
    operation: "TransactWriteItems",
    members: {
      TransactItems: [
        {
          Put: {
            TableName,
            Item: { ...item, id: { S: "d" } },
            ConditionExpression: "attribute_not_exists(d)",
          },
        },
        {
          Update: {
            TableName: arn,
            Key: { id: { S: "e" }, turn: { N: "1" } },
            UpdateExpression: "SET #n = if_not_exists(#n, :one), words = :text",
            ExpressionAttributeNames: { "#n": "number" },
            ExpressionAttributeValues: { ":one": { N: "1" }, ":text": { S: "x" } },
          },
        },
        { Delete: { TableName, Key: { id: { S: "c" }, turn: { N: "2" } } } },
        {
          ConditionCheck: {
            TableName,
            Key: { id: { S: "absent" }, turn: { N: "2" } },
            ConditionExpression: "attribute_not_exists(id)",
            ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          },
        },
      ],
      ClientRequestToken: "token",
      ReturnConsumedCapacity: "INDEXES",
      ReturnItemCollectionMetrics: "SIZE",
    },
  },
  {
    operation: "TransactGetItems",
    members: {
      TransactItems: [
        {
          Get: {
            TableName,
            Key,
            ProjectionExpression: "#m.a, things[0]",
            ExpressionAttributeNames: { "#m": "map" },
          },
        },
        { Get: { TableName: arn, Key: { id: { S: "b" }, turn: { N: "1" } } } },
      ],
      ReturnConsumedCapacity: "TOTAL",
    },
  },
  {
    operation: "ExecuteStatement",
    members: {
      Statement: `SELECT id, things[0], "map".a FROM ${fuzzTable} WHERE id IN ['a', ?] AND turn >= -1 AND NOT flag = ? ORDER BY id DESC`,
      Parameters: [{ S: "b" }, { BOOL: false }],
      Limit: 3,
      ConsistentRead: true,
      ReturnConsumedCapacity: "INDEXES",
    },
  },
  {
    operation: "BatchExecuteStatement",
    members: {
      Statements: [
        {
          Statement: `UPDATE ${fuzzTable} SET words = 'it''s', things = list_append(things, [1, {'k': <<'s'>>}]) REMOVE "map".c WHERE id = 'd' AND turn = 1 RETURNING ALL NEW *`,
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        },
        { Statement: `DELETE FROM "${arn}" WHERE id = ? AND turn = ?`, Parameters: [{ S: "z" }, { N: "1" }] },
      ],
      ReturnConsumedCapacity: "TOTAL",
    },
  },
  {
    operation: "ExecuteTransaction",
    members: {
      TransactStatements: [
        { Statement: `INSERT INTO ${fuzzTable} VALUE {'id': 'q', 'turn': 1, 'm': {'a': [null, true]}}` },
        { Statement: `EXISTS(SELECT * FROM ${fuzzTable} WHERE id = 'd' AND turn = 1 AND nope IS MISSING)` },
      ],
      ClientRequestToken: "token",
      ReturnConsumedCapacity: "INDEXES",
    },
  },
  ...indexRequests,
  ...transactionRequests,
  ...statementRequests,
];

/** One request of every operation that was not given one by hand: it names the table. */
export const plainRequests: readonly ValidRequest[] = [
  ...Object.keys(operations)
    .filter((operation) => !handmade.some((request) => request.operation === operation))
    .map((operation) => ({ operation, members: { TableName, ResourceArn: arn, Key } })),
];
