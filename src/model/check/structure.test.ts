import assert from "node:assert/strict";
import test from "node:test";
import { describeRefusals, type Row } from "../../../test/fixtures/refused-requests.ts";
import { checkRequest } from "../check-request.ts";

const attributeMap = "java.util.Map<java.lang.String, com.amazonaws.dynamodb.v20120810.AttributeValue>";
const castFailure =
  "class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast to class java.lang.Class " +
  "(sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl and java.lang.Class are in module java.base of loader 'bootstrap')";

const wrongTypes: readonly Row[] = [
  ["GetItem", null, ""],
  ["GetItem", "x", ""],
  ["DescribeLimits", 1, ""],
  ["GetItem", [], "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.GetItemInput"],
  ["GetItem", { TableName: 23 }, "NUMBER_VALUE cannot be converted to String"],
  ["GetItem", { TableName: 2.5 }, "DECIMAL_VALUE cannot be converted to String"],
  ["GetItem", { TableName: true }, "TRUE_VALUE cannot be converted to String"],
  ["GetItem", { TableName: false }, "FALSE_VALUE cannot be converted to String"],
  ["GetItem", { TableName: {} }, "Start of structure or map found where not expected"],
  ["GetItem", { TableName: [] }, "Unrecognized collection type class java.lang.String"],
  ["GetItem", { ConsistentRead: "maybe" }, "Unexpected token received from parser"],
  ["GetItem", { ConsistentRead: 1 }, "NUMBER_VALUE cannot be converted to Boolean"],
  ["GetItem", { ConsistentRead: [] }, "Unrecognized collection type class java.lang.Boolean"],
  ["Query", { Limit: "5" }, "STRING_VALUE cannot be converted to Integer"],
  ["Query", { Limit: true }, "TRUE_VALUE cannot be converted to Integer"],
  ["Query", { Limit: [] }, "Unrecognized collection type class java.lang.Integer"],
  [
    "CreateTable",
    { ProvisionedThroughput: { ReadCapacityUnits: "5" } },
    "STRING_VALUE cannot be converted to Long",
  ],
  ["CreateTable", { ProvisionedThroughput: 5 }, "Unexpected field type"],
  ["CreateTable", { KeySchema: "x" }, "Unexpected field type"],
  ["CreateTable", { KeySchema: {} }, "Start of structure or map found where not expected"],
  ["CreateTable", { KeySchema: ["x"] }, "Unexpected value type in payload"],
  [
    "CreateTable",
    { KeySchema: [[]] },
    "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.KeySchemaElement",
  ],
  ["GetItem", { Key: 1 }, "Unexpected field type"],
  ["GetItem", { Key: [] }, `Unrecognized collection type ${attributeMap}`],
  ["GetItem", { Key: { a: "x" } }, "Unexpected value type in payload"],
  [
    "GetItem",
    { Key: { a: [] } },
    "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.AttributeValue",
  ],
  ["GetItem", { Key: { a: { S: 1 } } }, "NUMBER_VALUE cannot be converted to String"],
  ["GetItem", { Key: { a: { M: [] } } }, `Unrecognized collection type ${attributeMap}`],
  ["GetItem", { Key: { a: { L: {} } } }, "Start of structure or map found where not expected"],
  ["GetItem", { Key: { a: { L: [1] } } }, "Unexpected value type in payload"],
  ["GetItem", { Key: { a: { SS: [1] } } }, "NUMBER_VALUE cannot be converted to String"],
  ["GetItem", { Key: { a: { B: 1 } } }, "only base-64-encoded strings are convertible to bytes"],
  ["GetItem", { Key: { a: { B: true } } }, "only base-64-encoded strings are convertible to bytes"],
  ["GetItem", { Key: { a: { B: {} } } }, "Start of structure or map found where not expected"],
  ["GetItem", { Key: { a: { B: [] } } }, "Unrecognized collection type class java.nio.ByteBuffer"],
  [
    "GetItem",
    { Key: { a: { B: "abcde" } } },
    "Base64 encoded length is expected a multiple of 4 bytes but found: 5",
  ],
  ["GetItem", { Key: { a: { B: "QR==" } } }, "Invalid last non-pad Base64 character dectected"],
  ["GetItem", { Key: { a: { BS: ["QUF="] } } }, "Invalid last non-pad Base64 character dectected"],
  ["GetItem", { Key: { a: { B: "Q!==" } } }, "Invalid base 64 character: '!'"],
  ["GetItem", { Key: { a: { B: "=Q==" } } }, "Invalid base 64 character: '='"],
  [
    "GetItem",
    { ExpressionAttributeNames: [] },
    "Unrecognized collection type java.util.Map<java.lang.String, java.lang.String>",
  ],
  ["BatchGetItem", { RequestItems: { abc: { Keys: [1] } } }, castFailure],
  ["BatchWriteItem", { RequestItems: { abc: 1 } }, castFailure],
  ["BatchWriteItem", { RequestItems: { abc: {} } }, "Start of structure or map found where not expected"],
  [
    "BatchWriteItem",
    { RequestItems: [] },
    "Unrecognized collection type java.util.Map<java.lang.String, java.util.List<com.amazonaws.dynamodb.v20120810.WriteRequest>>",
  ],
  ["UpdateTimeToLive", { TimeToLiveSpecification: 1 }, "Unexpected field type"],
  ["ListBackups", { TimeRangeLowerBound: "x" }, "STRING_VALUE cannot be converted to Date"],
];

describeRefusals("SerializationException", wrongTypes);

test("what is sound is given back as it is, not copied", () => {
  const request = { TableName: "abc", Key: { a: { M: { b: { L: [{ S: "x" }, { NULL: true }] } } } } };
  assert.equal(checkRequest("GetItem", "current", request), request);
});

test("what can be understood is put into its type, and nothing else is in the result", () => {
  const request = {
    TableName: "arn:aws:dynamodb:us-east-1:000000000000:table/abc",
    Limit: 2.9,
    ConsistentRead: "Yes",
    ScanIndexForward: "0",
    IndexName: null,
    Colour: "blue",
    KeyConditions: { a: { ComparisonOperator: "EQ", AttributeValueList: [{ S: "x", N: null, Z: 1 }] } },
  };
  assert.deepEqual(JSON.parse(JSON.stringify(checkRequest("Query", "current", request))), {
    TableName: "arn:aws:dynamodb:us-east-1:000000000000:table/abc",
    Limit: 2,
    ConsistentRead: true,
    ScanIndexForward: false,
    KeyConditions: { a: { ComparisonOperator: "EQ", AttributeValueList: [{ S: "x" }] } },
  });
  assert.equal(request.Limit, 2.9, "the client's own object is left alone");
});

test("a null value of an attribute is an empty value, a null among scalars is nothing", () => {
  const request = JSON.parse(
    '{"TableName":"abc","Item":{"a":null,"l":{"L":[null]},"s":{"SS":["x",null]}}}',
  ) as unknown;
  assert.equal(
    JSON.stringify(checkRequest("PutItem", "enveloped", request)),
    '{"TableName":"abc","Item":{"a":{},"l":{"L":[{}]},"s":{"SS":["x"]}}}',
  );
});

test("attributes may be called like members of every object", () => {
  const text =
    '{"TableName":"abc","Item":{"__proto__":{"S":"x","Z":1},"constructor":{"S":"y"},"toString":null}}';
  const input = checkRequest("PutItem", "enveloped", JSON.parse(text));
  assert.equal(JSON.stringify(input.Item), '{"__proto__":{"S":"x"},"constructor":{"S":"y"},"toString":{}}');
  assert.equal(({} as { readonly S?: unknown }).S, undefined);
});

test("members called like members of every object are unknown", () => {
  const request = JSON.parse(
    '{"TableName":"abc","Key":{},"__proto__":{"a":1},"constructor":{"b":2}}',
  ) as unknown;
  assert.deepEqual(Object.keys(checkRequest("GetItem", "current", request)), ["TableName", "Key"]);
});
