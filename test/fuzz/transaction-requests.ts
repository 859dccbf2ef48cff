import type { ValidRequest } from "./valid-request.ts";

const TableName = "fuzz";
const keyOf = (id: string): object => ({ id: { S: id }, turn: { N: "1" } });

const writes = [
  {
    Put: {
      TableName,
      Item: { ...keyOf("t1"), words: { S: "w" }, number: { N: "1" }, bytes: { B: "AQ==" } },
      ConditionExpression: "attribute_not_exists(nobody)",
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    },
  },
  {
    Update: {
      TableName,
      Key: keyOf("t2"),
      UpdateExpression: "SET words = :words ADD #number :one REMOVE things",
      ExpressionAttributeNames: { "#number": "number" },
      ExpressionAttributeValues: { ":words": { S: "x" }, ":one": { N: "1" } },
    },
  },
  { Delete: { TableName, Key: keyOf("t3") } },
  {
    ConditionCheck: {
      TableName,
      Key: keyOf("t4"),
      ConditionExpression: "attribute_not_exists(id) OR size(words) > :one",
      ExpressionAttributeValues: { ":one": { N: "1" } },
    },
  },
];

/** Transactions that a server with the table takes, again and again. */
export const transactionRequests: readonly ValidRequest[] = [
  {
    operation: "TransactWriteItems",
    members: {
      TransactItems: writes,
      ReturnConsumedCapacity: "INDEXES",
      ReturnItemCollectionMetrics: "SIZE",
    },
  },
  {
    operation: "TransactWriteItems",
    members: { TransactItems: writes.slice(0, 2), ClientRequestToken: "fuzz-token" },
  },
  {
    operation: "TransactGetItems",
    members: {
      TransactItems: [
        { Get: { TableName, Key: keyOf("t1") } },
        {
          Get: {
            TableName,
            Key: keyOf("t2"),
            ProjectionExpression: "words, #number",
            ExpressionAttributeNames: { "#number": "number" },
          },
        },
      ],
      ReturnConsumedCapacity: "TOTAL",
    },
  },
];
