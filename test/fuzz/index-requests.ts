import type { ValidRequest } from "./valid-request.ts";

const TableName = "fuzz";

/** Indexes of the table that requests are about: local and global, of one attribute and of several. */
export const fuzzIndexes = {
  LocalSecondaryIndexes: [
    {
      IndexName: "by-number",
      KeySchema: [
        { AttributeName: "id", KeyType: "HASH" },
        { AttributeName: "number", KeyType: "RANGE" },
      ],
      Projection: { ProjectionType: "KEYS_ONLY" },
    },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: "by-words",
      KeySchema: [
        { AttributeName: "words", KeyType: "HASH" },
        { AttributeName: "bytes", KeyType: "RANGE" },
      ],
      Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["map", "names"] },
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
    },
    {
      IndexName: "by-several",
      KeySchema: [
        { AttributeName: "words", KeyType: "HASH" },
        { AttributeName: "turn", KeyType: "HASH" },
        { AttributeName: "number", KeyType: "RANGE" },
        { AttributeName: "bytes", KeyType: "RANGE" },
      ],
      Projection: { ProjectionType: "ALL" },
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
    },
  ],
};

/** Requests that read and change indexes. */
export const indexRequests: readonly ValidRequest[] = [
  {
    operation: "Query",
    members: {
      TableName,
      IndexName: "by-number",
      KeyConditionExpression: "id = :id AND #number >= :low",
      FilterExpression: "attribute_exists(turn)",
      Select: "ALL_ATTRIBUTES",
      ConsistentRead: true,
      ScanIndexForward: false,
      Limit: 2,
      ExclusiveStartKey: { id: { S: "a" }, turn: { N: "1" }, number: { N: "99" } },
      ExpressionAttributeNames: { "#number": "number" },
      ExpressionAttributeValues: { ":id": { S: "a" }, ":low": { N: "1" } },
      ReturnConsumedCapacity: "INDEXES",
    },
  },
  {
    operation: "Query",
    members: {
      TableName,
      IndexName: "by-several",
      KeyConditionExpression:
        "words = :words AND turn = :turn AND #number = :number AND begins_with(#bytes, :bytes)",
      ExpressionAttributeNames: { "#number": "number", "#bytes": "bytes" },
      ExpressionAttributeValues: {
        ":words": { S: "some text" },
        ":turn": { N: "1" },
        ":number": { N: "12.5" },
        ":bytes": { B: "AA==" },
      },
    },
  },
  {
    operation: "Query",
    members: {
      TableName,
      IndexName: "by-words",
      KeyConditions: {
        words: { ComparisonOperator: "EQ", AttributeValueList: [{ S: "some text" }] },
        bytes: { ComparisonOperator: "BEGINS_WITH", AttributeValueList: [{ B: "AAE=" }] },
      },
      Select: "ALL_PROJECTED_ATTRIBUTES",
    },
  },
  {
    operation: "Scan",
    members: {
      TableName,
      IndexName: "by-words",
      Limit: 3,
      Segment: 1,
      TotalSegments: 2,
      ProjectionExpression: "words, #map",
      ExpressionAttributeNames: { "#map": "map" },
    },
  },
  {
    operation: "UpdateTable",
    members: {
      TableName,
      AttributeDefinitions: [{ AttributeName: "late", AttributeType: "S" }],
      GlobalSecondaryIndexUpdates: [
        {
          Create: {
            IndexName: "by-late",
            KeySchema: [{ AttributeName: "late", KeyType: "HASH" }],
            Projection: { ProjectionType: "ALL" },
            ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
          },
        },
      ],
    },
  },
  {
    operation: "UpdateTable",
    members: {
      TableName,
      GlobalSecondaryIndexUpdates: [
        {
          Update: {
            IndexName: "by-words",
            ProvisionedThroughput: { ReadCapacityUnits: 7, WriteCapacityUnits: 5 },
          },
        },
      ],
    },
  },
  {
    operation: "UpdateTable",
    members: { TableName, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: "by-late" } }] },
  },
];
