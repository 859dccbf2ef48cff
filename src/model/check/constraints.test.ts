import assert from "node:assert/strict";
import test from "node:test";
import { describeRefusals, findingAt, refusalOf, type Row } from "../../../test/fixtures/refused-requests.ts";

const rcc = findingAt("returnConsumedCapacity", "x", "satisfy enum value set: [INDEXES, TOTAL, NONE]");
const ricm = findingAt("returnItemCollectionMetrics", "x", "satisfy enum value set: [SIZE, NONE]");
const newerReturnValues =
  "Failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]";
const emptyTableName =
  "1 validation error detected: Value at 'TableName' failed to satisfy constraint: " +
  "Member must have length greater than or equal to 1";
const nullTableName = "Value null at 'tableName' failed to satisfy constraint: Member must not be null";
const nullKey = "Value null at 'key' failed to satisfy constraint: Member must not be null";
const namePattern = "satisfy regular expression pattern: [a-zA-Z0-9_.-]+";
const mapKeyRules =
  "Map keys must satisfy constraint: [Member must have length less than or equal to 255, Member must have length " +
  "greater than or equal to 3, Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+]";
const batchWriteValueRules =
  "Map value must satisfy constraint: [Member must have length less than or equal to 25, " +
  "Member must have length greater than or equal to 1]";

const long = "a".repeat(256);
const bad = { ReturnConsumedCapacity: "x", ReturnItemCollectionMetrics: "x", ReturnValues: "x" };

const itemConstraints: readonly Row[] = [
  ["PutItem", { Item: {} }, `1 validation error detected: ${nullTableName}`],
  ["PutItem", { TableName: "", Item: {}, ReturnValues: "x" }, emptyTableName],
  ["UpdateItem", { TableName: "", Key: {}, ReturnValues: "x" }, emptyTableName],
  ["DeleteItem", { TableName: "", Key: {} }, emptyTableName],
  ["GetItem", { TableName: "", Key: {} }, emptyTableName],
  [
    "PutItem",
    { TableName: long, Item: {} },
    `1 validation error detected: ${findingAt("tableName", long, "have length less than or equal to 255")}`,
  ],
  [
    "PutItem",
    { TableName: "bad table!@#", Item: {} },
    `1 validation error detected: ${findingAt("tableName", "bad table!@#", namePattern)}`,
  ],
  [
    "GetItem",
    { TableName: "a;", Key: {} },
    `2 validation errors detected: ${findingAt("tableName", "a;", namePattern)}; ${findingAt("tableName", "a;", "have length greater than or equal to 3")}`,
  ],
  [
    "GetItem",
    { TableName: `arn:${"a".repeat(1021)}`, Key: {} },
    `1 validation error detected: ${findingAt("tableName", `arn:${"a".repeat(1021)}`, "have length less than or equal to 1024")}`,
  ],
  [
    "PutItem",
    { TableName: "abc", Item: {}, ReturnValues: "x" },
    `1 validation error detected: ${newerReturnValues}`,
  ],
  [
    "PutItem",
    { TableName: "abc", Item: {}, ...bad },
    `3 validation errors detected: ${rcc}; ${newerReturnValues}; ${ricm}`,
  ],
  [
    "DeleteItem",
    { TableName: "abc", Key: {}, ReturnConsumedCapacity: "x", ReturnValues: "x" },
    `2 validation errors detected: ${rcc}; ${newerReturnValues}`,
  ],
  ["UpdateItem", { TableName: "abc", Key: {}, ...bad }, `1 validation error detected: ${newerReturnValues}`],
  [
    "UpdateItem",
    { TableName: "", ReturnConsumedCapacity: "x", ReturnValues: "x" },
    `4 validation errors detected: ${rcc}; ${findingAt("tableName", "", "have length greater than or equal to 1")}; ${findingAt("returnValues", "x", "satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]")}; ${nullKey}`,
  ],
  [
    "UpdateItem",
    { TableName: "abc", ConditionalOperator: "XOR" },
    `2 validation errors detected: ${findingAt("conditionalOperator", "XOR", "satisfy enum value set: [OR, AND]")}; ${nullKey}`,
  ],
  [
    "PutItem",
    { TableName: "abc", Item: {}, ConditionalOperator: "XOR" },
    "1 validation error detected: Failed to satisfy constraint: Member must satisfy enum value set: [ALL, OR]",
  ],
  [
    "PutItem",
    { TableName: "abc", Item: {}, Expected: { a: { ComparisonOperator: "x" } } },
    `1 validation error detected: ${findingAt("expected.a.member.comparisonOperator", "x", "satisfy enum value set: [IN, NULL, BETWEEN, LT, NOT_CONTAINS, EQ, GT, NOT_NULL, NE, LE, BEGINS_WITH, GE, CONTAINS]")}`,
  ],
];

const readConstraints: readonly Row[] = [
  ["GetItem", {}, `2 validation errors detected: ${nullTableName}; ${nullKey}`],
  [
    "GetItem",
    { TableName: "abc", Key: {}, AttributesToGet: [] },
    "1 validation error detected: Value at 'AttributesToGet' failed to satisfy constraint: Member must have length greater than or equal to 1",
  ],
  [
    "Query",
    { TableName: "abc", Limit: 0.5 },
    "1 validation error detected: Value at 'Limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
  ],
  [
    "Query",
    { TableName: "abc", Select: "x" },
    `1 validation error detected: ${findingAt("select", "x", "satisfy enum value set: [SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES]")}`,
  ],
  [
    "Query",
    { TableName: "abc", Select: "x", ConditionalOperator: "XOR" },
    "Failed to satisfy constraint: Member must satisfy enum value set: [ALL, OR]",
  ],
  [
    "Scan",
    { TableName: "abc", Limit: 0 },
    `1 validation error detected: ${findingAt("limit", "0", "have value greater than or equal to 1")}`,
  ],
  [
    "Scan",
    { TableName: "abc", Segment: -1 },
    `1 validation error detected: ${findingAt("segment", "-1", "have value greater than or equal to 0")}`,
  ],
  [
    "Scan",
    { TableName: "abc", TotalSegments: 1_000_001 },
    `1 validation error detected: ${findingAt("totalSegments", "1000001", "have value less than or equal to 1000000")}`,
  ],
  [
    "BatchGetItem",
    { RequestItems: {} },
    "1 validation error detected: Value at 'RequestItems' failed to satisfy constraint: Member must have length greater than or equal to 1",
  ],
  [
    "BatchGetItem",
    { RequestItems: { abc: { Keys: [] } } },
    "1 validation error detected: Value at 'RequestItems.abc.member.Keys' failed to satisfy constraint: Member must have length greater than or equal to 1",
  ],
  [
    "BatchGetItem",
    { RequestItems: { abc: { Keys: Array(101).fill({}) } } },
    "1 validation error detected: Value at 'RequestItems.abc.member.Keys' failed to satisfy constraint: Member must have length less than or equal to 100",
  ],
  [
    "BatchGetItem",
    { RequestItems: { abc: {} } },
    "1 validation error detected: Value null at 'requestItems.abc.member.keys' failed to satisfy constraint: Member must not be null",
  ],
  [
    "BatchGetItem",
    { ReturnConsumedCapacity: "x", RequestItems: { "bad!name": { Keys: [{ pk: { S: "a" } }] } } },
    `2 validation errors detected: Value '{"bad!name":{"Keys":[{"pk":{"S":"a"}}]}}' at 'requestItems' failed to satisfy constraint: ${mapKeyRules}; ${rcc}`,
  ],
];

const writeRequest =
  "WriteRequest(putRequest=PutRequest(item={pk=AttributeValue(s=bw-0, n=null, b=null, iNT=null, dECIMAL=null, " +
  "dOUBLE=null, sS=null, nS=null, bS=null, iNTSET=null, dECIMALSET=null, dOUBLESET=null, m=null, l=null, nULL=null, " +
  "bOOL=null)}, workloadProfileName=null), deleteRequest=null)";
const put = { PutRequest: { Item: { pk: { S: "bw-0" } } } };

const batchConstraints: readonly Row[] = [
  ["BatchWriteItem", { RequestItems: {} }, "The requestItems parameter is required for BatchWriteItem"],
  [
    "BatchWriteItem",
    { RequestItems: {}, ReturnConsumedCapacity: "x" },
    `1 validation error detected: ${rcc}`,
  ],
  [
    "BatchWriteItem",
    { RequestItems: { abc: [] } },
    `1 validation error detected: Value '{abc=[]}' at 'requestItems' failed to satisfy constraint: ${batchWriteValueRules}`,
  ],
  [
    "BatchWriteItem",
    { RequestItems: { abc: Array(26).fill(put) } },
    `1 validation error detected: Value '{abc=[${Array(26).fill(writeRequest).join(", ")}]}' at 'requestItems' failed to satisfy constraint: ${batchWriteValueRules}`,
  ],
  [
    "BatchWriteItem",
    { RequestItems: { "a!b": [{ DeleteRequest: { Key: {} } }] } },
    `1 validation error detected: Value '{a!b=[WriteRequest(putRequest=null, deleteRequest=DeleteRequest(key={}))]}' at 'requestItems' failed to satisfy constraint: ${mapKeyRules}`,
  ],
  [
    "BatchWriteItem",
    { RequestItems: { "a!b": [] }, ReturnConsumedCapacity: "x", ReturnItemCollectionMetrics: "x" },
    `2 validation errors detected: ${rcc}; ${ricm}`,
  ],
  [
    "BatchWriteItem",
    { RequestItems: { abc: [{ PutRequest: {} }] } },
    "1 validation error detected: Value null at 'requestItems.abc.member.1.member.putRequest.item' failed to satisfy constraint: Member must not be null",
  ],
  [
    "TransactWriteItems",
    { TransactItems: [] },
    `1 validation error detected: ${findingAt("transactItems", "[]", "have length greater than or equal to 1")}`,
  ],
  [
    "TransactWriteItems",
    { TransactItems: [{}], ClientRequestToken: "x".repeat(37), ReturnConsumedCapacity: "x" },
    `2 validation errors detected: ${findingAt("clientRequestToken", "x".repeat(37), "have length less than or equal to 36")}; ${rcc}`,
  ],
  [
    "TransactGetItems",
    { TransactItems: [{ Get: { Key: {} } }] },
    "1 validation error detected: Value null at 'transactItems.1.member.get.tableName' failed to satisfy constraint: Member must not be null",
  ],
];

const keySchema = [1, 2, 3].map((index) => ({ AttributeName: `k${index}`, KeyType: "HASH" }));
const index = { KeySchema: [{ AttributeName: "a", KeyType: "HASH" }], Projection: { ProjectionType: "ALL" } };

const table = {
  TableName: "abc",
  AttributeDefinitions: [{ AttributeName: "a", AttributeType: "S" }],
  KeySchema: [{ AttributeName: "a", KeyType: "HASH" }],
};

const controlConstraints: readonly Row[] = [
  ["CreateTable", {}, "The parameter 'TableName' is required but was not present in the request"],
  [
    "CreateTable",
    { ...table, TableName: "ab" },
    `1 validation error detected: ${findingAt("tableName", "ab", "have length greater than or equal to 3")}`,
  ],
  [
    "CreateTable",
    { ...table, KeySchema: keySchema },
    `1 validation error detected: ${findingAt("keySchema", "[KeySchemaElement(attributeName=k1, keyType=HASH), KeySchemaElement(attributeName=k2, keyType=HASH), KeySchemaElement(attributeName=k3, keyType=HASH)]", "have length less than or equal to 2")}`,
  ],
  [
    "CreateTable",
    {
      ...table,
      KeySchema: [
        { AttributeName: "a", KeyType: "HASH" },
        { AttributeName: "b", KeyType: "SORT" },
      ],
    },
    `1 validation error detected: ${findingAt("keySchema.2.member.keyType", "SORT", "satisfy enum value set: [HASH, RANGE]")}`,
  ],
  [
    "CreateTable",
    {
      ...table,
      LocalSecondaryIndexes: [{ ...index, IndexName: "l1" }],
      GlobalSecondaryIndexes: [{ ...index, IndexName: "g1" }],
    },
    `2 validation errors detected: ${findingAt("globalSecondaryIndexes.1.member.indexName", "g1", "have length greater than or equal to 3")}; ${findingAt("localSecondaryIndexes.1.member.indexName", "l1", "have length greater than or equal to 3")}`,
  ],
  [
    "CreateTable",
    { ...table, SSESpecification: { SSEType: "x" } },
    `1 validation error detected: ${findingAt("sSESpecification.sSEType", "x", "satisfy enum value set: [AES256, KMS]")}`,
  ],
  [
    "ListTables",
    { ExclusiveStartTableName: "" },
    `1 validation error detected: ${findingAt("exclusiveStartTableName", "", "have length greater than or equal to 3")}`,
  ],
  [
    "CreateTable",
    { TableName: "abc" },
    "2 validation errors detected: Value null at 'attributeDefinitions' failed to satisfy constraint: Member must not be null; Value null at 'keySchema' failed to satisfy constraint: Member must not be null",
  ],
  ["TagResource", {}, "Invalid TableArn"],
  [
    "UpdateKinesisStreamingDestination",
    {
      TableName: "abc",
      StreamArn: "a".repeat(37),
      UpdateKinesisStreamingConfiguration: { ApproximateCreationDateTimePrecision: "SECOND" },
    },
    `1 validation error detected: ${findingAt("updateKinesisStreamingConfiguration.approximateCreationDateTimePrecision", "SECOND", "satisfy enum value set: [MILLISECOND, MICROSECOND]")}`,
  ],
  [
    "ExecuteStatement",
    { Statement: "SELECT", Parameters: [] },
    `1 validation error detected: ${findingAt("parameters", "[]", "have length greater than or equal to 1")}`,
  ],
];

describeRefusals("ValidationException", itemConstraints);
describeRefusals("ValidationException", readConstraints);
describeRefusals("ValidationException", batchConstraints);
describeRefusals("ValidationException", controlConstraints);

test("no more than ten findings are told", () => {
  const { message } = refusalOf("BatchGetItem", {
    RequestItems: Object.fromEntries(Array.from({ length: 12 }, (_, number) => [`table${number}`, {}])),
  });
  assert.match(message, /^10 validation errors detected: /);
  assert.equal(message.split("; ").length, 10);
});
