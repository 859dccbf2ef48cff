import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  BatchWriteItemCommand,
  paginateQuery,
  PutItemCommand,
  QueryCommand,
  type AttributeValue,
  type QueryCommandInput,
} from "@aws-sdk/client-dynamodb";
import { createItemTable } from "./item-tables.ts";
import { rawCall, rawRefusal, refusalOf, validation } from "./refusals.ts";
import { startTestServer, type TestServer } from "./server.ts";

let server: TestServer;
before(async () => {
  server = await startTestServer();
  await createItemTable(server.client, "readings", ["pk", "S"], ["sk", "N"]);
  await createItemTable(server.client, "notes", ["pk", "S"], ["sk", "S"]);
  await createItemTable(server.client, "blobs", ["pk", "S"], ["sk", "B"]);
  await createItemTable(server.client, "pets", ["pk", "S"]);
  await putAll("readings", [
    ...["-10", "-2.5", "0", "1", "2", "10", "1000000"].map((N) => ({
      pk: { S: "a" },
      sk: { N },
      even: { BOOL: Number(N) % 2 === 0 },
    })),
    { pk: { S: "b" }, sk: { N: "1" } },
  ]);
  // UTF-16 order would put the emoji before U+FFFD.
  await putAll(
    "notes",
    ["a", "ab", "abc", "b", "é", "\uFFFD", "😀"].map((S) => ({ pk: { S: "n" }, sk: { S } })),
  );
  await putAll(
    "blobs",
    [[0], [0, 0], [1], [127], [128], [255]].map((bytes) => ({
      pk: { S: "b" },
      sk: { B: Uint8Array.from(bytes) },
    })),
  );
  await putAll("pets", [{ pk: { S: "cat" }, a: { N: "1" } }]);
});
after(() => server.close());

type Item = Record<string, AttributeValue>;

async function putAll(table: string, items: readonly Item[]): Promise<void> {
  const requests = items.map((Item) => ({ PutRequest: { Item } }));
  await server.client.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }));
}

function query(input: Partial<QueryCommandInput>) {
  return server.client.send(new QueryCommand({ TableName: "readings", ...input }));
}

const allOfA = {
  KeyConditionExpression: "pk = :pk",
  ExpressionAttributeValues: { ":pk": { S: "a" } },
};

async function sortKeys(input: Partial<QueryCommandInput>): Promise<readonly (string | undefined)[]> {
  return (await query(input)).Items?.map((item) => item["sk"]?.N) ?? [];
}

describe("Query orders", () => {
  test("numbers by value, either way", async () => {
    const order = ["-10", "-2.5", "0", "1", "2", "10", "1000000"];
    assert.deepEqual(await sortKeys(allOfA), order);
    assert.deepEqual(await sortKeys({ ...allOfA, ScanIndexForward: true }), order);
    assert.deepEqual(await sortKeys({ ...allOfA, ScanIndexForward: false }), order.toReversed());
  });

  test("strings by their UTF-8 bytes", async () => {
    const answer = await query({
      TableName: "notes",
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": { S: "n" } },
    });
    assert.deepEqual(
      answer.Items?.map(({ sk }) => sk?.S),
      ["a", "ab", "abc", "b", "é", "\uFFFD", "😀"],
    );
  });

  test("binaries by unsigned bytes", async () => {
    const answer = await query({
      TableName: "blobs",
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": { S: "b" } },
    });
    assert.deepEqual(
      answer.Items?.map(({ sk }) => [...(sk?.B ?? [])]),
      [[0], [0, 0], [1], [127], [128], [255]],
    );
  });
});

describe("Query reads", () => {
  const v = (N: string) => ({ ":pk": { S: "a" }, ":v": { N } });
  const between = (low: string, high: string) => ({ ":pk": { S: "a" }, ":l": { N: low }, ":h": { N: high } });
  const conditions: readonly (readonly [string, Item, readonly string[]])[] = [
    ["pk = :pk AND sk = :v", v("1.0"), ["1"]],
    ["sk < :v AND pk = :pk", v("0"), ["-10", "-2.5"]],
    ["pk = :pk AND sk <= :v", v("0"), ["-10", "-2.5", "0"]],
    ["(pk = :pk) AND (sk > :v)", v("2"), ["10", "1000000"]],
    ["pk = :pk AND :v <= sk", v("2"), ["2", "10", "1000000"]],
    ["pk = :pk AND sk BETWEEN :l AND :h", between("-2.5", "1"), ["-2.5", "0", "1"]],
    ["pk = :pk AND sk = :v", v("7"), []],
  ];
  for (const [KeyConditionExpression, ExpressionAttributeValues, expected] of conditions) {
    test(`${KeyConditionExpression} with ${JSON.stringify(ExpressionAttributeValues)}`, async () => {
      assert.deepEqual(await sortKeys({ KeyConditionExpression, ExpressionAttributeValues }), expected);
    });
  }

  test("a prefix of strings, and of bytes", async () => {
    const condition = { KeyConditionExpression: "pk = :pk AND begins_with(sk, :p)" };
    const notes = await query({
      TableName: "notes",
      ...condition,
      ExpressionAttributeValues: { ":pk": { S: "n" }, ":p": { S: "ab" } },
    });
    assert.deepEqual(
      notes.Items?.map(({ sk }) => sk?.S),
      ["ab", "abc"],
    );
    const blobs = await query({
      TableName: "blobs",
      ...condition,
      ExpressionAttributeValues: { ":pk": { S: "b" }, ":p": { B: Uint8Array.of(0) } },
    });
    assert.equal(blobs.Count, 2);
  });

  test("by the older KeyConditions and QueryFilter", async () => {
    const answer = await query({
      KeyConditions: {
        pk: { ComparisonOperator: "EQ", AttributeValueList: [{ S: "a" }] },
        sk: { ComparisonOperator: "GT", AttributeValueList: [{ N: "0" }] },
      },
      QueryFilter: { even: { ComparisonOperator: "EQ", AttributeValueList: [{ BOOL: true }] } },
    });
    assert.deepEqual(
      answer.Items?.map(({ sk }) => sk?.N),
      ["2", "10", "1000000"],
    );
    assert.equal(answer.ScannedCount, 4);
  });

  test("an item collection that is not there as empty", async () => {
    const answer = await query({
      ...allOfA,
      ExpressionAttributeValues: { ":pk": { S: "nobody" } },
      ReturnConsumedCapacity: "TOTAL",
    });
    assert.deepEqual(
      [answer.Items, answer.Count, answer.ScannedCount, answer.LastEvaluatedKey, answer.ConsumedCapacity],
      [[], 0, 0, undefined, { TableName: "readings", CapacityUnits: 0.5 }],
    );
  });

  test("what a filter leaves, and counts what it read", async () => {
    const answer = await query({
      ...allOfA,
      FilterExpression: "even = :t",
      ExpressionAttributeValues: { ":pk": { S: "a" }, ":t": { BOOL: true } },
    });
    assert.deepEqual([answer.Count, answer.ScannedCount], [5, 7]);
    assert.ok(answer.Items?.every(({ even }) => even?.BOOL === true));
  });

  test("only the named attributes, or only the count", async () => {
    const projected = await query({ ...allOfA, ProjectionExpression: "even", Limit: 1 });
    assert.deepEqual(projected.Items, [{ even: { BOOL: true } }]);
    const older = await query({
      KeyConditions: { pk: { ComparisonOperator: "EQ", AttributeValueList: [{ S: "a" }] } },
      AttributesToGet: ["sk"],
      Select: "SPECIFIC_ATTRIBUTES",
      Limit: 1,
    });
    assert.deepEqual(older.Items, [{ sk: { N: "-10" } }]);
    const { body } = await rawCall(server.endpoint, "Query", {
      TableName: "readings",
      ...allOfA,
      Select: "COUNT",
    });
    assert.deepEqual(body, { Count: 7, ScannedCount: 7 });
  });
});

describe("Query in pages", () => {
  test("Limit counts the items read, before the filter", async () => {
    const first = await query({
      ...allOfA,
      FilterExpression: "even = :t",
      ExpressionAttributeValues: { ":pk": { S: "a" }, ":t": { BOOL: true } },
      Limit: 2,
    });
    assert.deepEqual([first.Count, first.ScannedCount], [1, 2]);
    assert.deepEqual(first.LastEvaluatedKey, { pk: { S: "a" }, sk: { N: "-2.5" } });
  });

  for (const ScanIndexForward of [true, false]) {
    for (const Limit of [1, 2, 3, 7, 8]) {
      test(`pages of ${Limit} join to the whole, ${ScanIndexForward ? "forward" : "backward"}`, async () => {
        const seen: (string | undefined)[] = [];
        const input = { TableName: "readings", ...allOfA, Limit, ScanIndexForward };
        for await (const page of paginateQuery({ client: server.client }, input)) {
          assert.ok((page.Count ?? 0) <= Limit);
          seen.push(...(page.Items ?? []).map(({ sk }) => sk?.N));
        }
        assert.deepEqual(seen, await sortKeys({ ...allOfA, ScanIndexForward }));
      });
    }
  }

  test("a page may start behind a key that is not there, within a range", async () => {
    const start = (N: string) => ({ ExclusiveStartKey: { pk: { S: "a" }, sk: { N } } });
    assert.deepEqual(await sortKeys({ ...allOfA, ...start("1.5") }), ["2", "10", "1000000"]);
    assert.deepEqual(await sortKeys({ ...allOfA, ...start("1.5"), ScanIndexForward: false }), [
      "1",
      "0",
      "-2.5",
      "-10",
    ]);
    const range = {
      KeyConditionExpression: "pk = :pk AND sk BETWEEN :l AND :h",
      ExpressionAttributeValues: { ":pk": { S: "a" }, ":l": { N: "-3" }, ":h": { N: "5" } },
    };
    assert.deepEqual(await sortKeys({ ...range, ...start("0") }), ["1", "2"]);
  });

  test("a page ends before the item that would take it over 1 MB, and is charged for what it read", async () => {
    const item = (N: string) => ({ pk: { S: "large" }, sk: { N }, a: { S: "x".repeat(300_000) } });
    for (const N of ["1", "2", "3", "4", "5"]) {
      await server.client.send(new PutItemCommand({ TableName: "readings", Item: item(N) }));
    }
    const large = { ...allOfA, ExpressionAttributeValues: { ":pk": { S: "large" } } };
    const page = await query({ ...large, ProjectionExpression: "pk", ReturnConsumedCapacity: "INDEXES" });
    assert.equal(page.Count, 3);
    assert.deepEqual(page.LastEvaluatedKey, { pk: { S: "large" }, sk: { N: "3" } });
    // Three items of 300,012 bytes, rounded up together to 4 KB, at half a unit each.
    const CapacityUnits = Math.ceil((3 * 300_012) / 4096) / 2;
    assert.deepEqual(page.ConsumedCapacity, {
      TableName: "readings",
      CapacityUnits,
      Table: { CapacityUnits },
    });
    const strong = await query({
      ...large,
      ConsistentRead: true,
      Select: "COUNT",
      ReturnConsumedCapacity: "TOTAL",
    });
    assert.equal(strong.ConsumedCapacity?.CapacityUnits, 2 * CapacityUnits);
  });

  test("one item at most lies under a key without sort key, so that there is no next page", async () => {
    const answer = await query({
      TableName: "pets",
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": { S: "cat" } },
      Limit: 1,
    });
    assert.deepEqual([answer.Count, answer.LastEvaluatedKey], [1, undefined]);
  });
});

describe("Query refuses", () => {
  const a = { S: "a" };
  const one = { N: "1" };
  const invalid = "Invalid KeyConditionExpression: ";
  const text = "One or more parameter values were invalid: ";
  const key = (KeyConditionExpression: string, values: Item): Partial<QueryCommandInput> => ({
    KeyConditionExpression,
    ExpressionAttributeValues: values,
  });

  const refusals: readonly (readonly [string, Partial<QueryCommandInput>, string])[] = [
    [
      "no key condition",
      {},
      "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.",
    ],
    [
      "both styles",
      { ...allOfA, AttributesToGet: ["a"], QueryFilter: {}, FilterExpression: "" },
      "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {AttributesToGet, QueryFilter} Expression parameters: {FilterExpression, KeyConditionExpression}",
    ],
    [
      "an undefined value, before it looks for the table",
      { TableName: "nowhere", ...key("pk = :x", { ":pk": a }) },
      `${invalid}An expression attribute value used in expression is not defined; attribute value: :x`,
    ],
    [
      "an unused value",
      key("pk = :pk", { ":pk": a, ":b": a }),
      "Value provided in ExpressionAttributeValues unused in expressions: keys: {:b}",
    ],
    [
      "OR between keys",
      key("pk = :pk OR sk = :v", { ":pk": a, ":v": one }),
      "Invalid operator used in KeyConditionExpression: OR",
    ],
    [
      "a prefix of a number",
      key("pk = :pk AND begins_with(sk, :v)", { ":pk": a, ":v": one }),
      `${invalid}Incorrect operand type for operator or function; operator or function: begins_with, operand type: N`,
    ],
    [
      "an order of booleans",
      key("pk = :pk AND :v >= sk", { ":pk": a, ":v": { BOOL: true } }),
      `${invalid}Incorrect operand type for operator or function; operator or function: >=, operand type: BOOL`,
    ],
    [
      "a key of another type",
      key("pk = :pk", { ":pk": one }),
      `${text}Condition parameter type does not match schema type`,
    ],
    [
      "a prefix that is text of a number key",
      key("pk = :pk AND begins_with(sk, :v)", { ":pk": a, ":v": a }),
      `${text}Condition parameter type does not match schema type`,
    ],
    [
      "two conditions on one key",
      key("pk = :pk AND sk > :v AND sk < :w", { ":pk": a, ":v": one, ":w": one }),
      `${invalid}KeyConditionExpressions must only contain one condition per key`,
    ],
    [
      "three attributes",
      key("pk = :pk AND sk = :v AND c = :v", { ":pk": a, ":v": one }),
      "The number of query conditions (3) exceeds the number of key attributes defined in the schema (2)",
    ],
    [
      "a nested path",
      key("pk.a = :pk", { ":pk": a }),
      `${invalid}KeyConditionExpressions cannot have conditions on nested attributes`,
    ],
    ["no partition key", key("sk = :v", { ":v": one }), "Query condition missed key schema element: pk"],
    ["a range of partition keys", key("pk > :pk", { ":pk": a }), "Query key condition not supported"],
    [
      "an empty partition key",
      key("pk = :pk", { ":pk": { S: "" } }),
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk",
    ],
    [
      "a bad number in a value",
      key("pk = :pk AND sk = :v", { ":pk": a, ":v": { N: "abc" } }),
      "The parameter cannot be converted to a numeric value: abc",
    ],
    [
      "a filter on a key",
      { ...key("pk = :pk", { ":pk": a, ":v": one }), FilterExpression: "even = :v AND sk > :v" },
      "Filter Expression can only contain non-primary key attributes: Primary key attribute: sk",
    ],
    [
      "an older filter on a key",
      {
        KeyConditions: { pk: { ComparisonOperator: "EQ", AttributeValueList: [a] } },
        QueryFilter: { sk: { ComparisonOperator: "EQ", AttributeValueList: [one] } },
      },
      "QueryFilter can only contain non-primary key attributes: Primary key attribute: sk",
    ],
    [
      "an index that is not there",
      { ...allOfA, IndexName: "by-day" },
      "The table does not have the specified index: by-day",
    ],
    [
      "specific attributes that are not named",
      { ...allOfA, Select: "SPECIFIC_ATTRIBUTES" },
      "1 validation error detected: Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES",
    ],
    [
      "a projection beside all attributes",
      { ...allOfA, Select: "ALL_ATTRIBUTES", ProjectionExpression: "a" },
      "Cannot specify the ProjectionExpression when choosing to get ALL_ATTRIBUTES",
    ],
    [
      "a projection of a count",
      { ...allOfA, Select: "COUNT", ProjectionExpression: "a" },
      "Cannot specify the ProjectionExpression when choosing to get only the Count",
    ],
    [
      "a projection beside projected attributes, before the lack of an index",
      { ...allOfA, Select: "ALL_PROJECTED_ATTRIBUTES", ProjectionExpression: "a" },
      "Cannot specify the ProjectionExpression when choosing to get ALL_PROJECTED_ATTRIBUTES",
    ],
    [
      "projected attributes without an index",
      { ...allOfA, Select: "ALL_PROJECTED_ATTRIBUTES" },
      "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName",
    ],
    [
      "Limit 0",
      { ...allOfA, Limit: 0 },
      "1 validation error detected: Value at 'Limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
    [
      "a start key of another shape",
      { ...allOfA, ExclusiveStartKey: { pk: a } },
      "The provided starting key is invalid",
    ],
    [
      "a start key of another type",
      { ...allOfA, ExclusiveStartKey: { pk: a, sk: a } },
      "The provided starting key is invalid",
    ],
    [
      "a bad number in a start key",
      { ...allOfA, ExclusiveStartKey: { pk: a, sk: { N: "abc" } } },
      "The parameter cannot be converted to a numeric value: abc",
    ],
    [
      "a repeated string in a start key",
      { ...allOfA, ExclusiveStartKey: { pk: { SS: ["b", "a", "b"] }, sk: one } },
      `${text}Input collection ["a", "b", "b"] contains duplicates.`,
    ],
    [
      "a start key of another collection",
      { ...allOfA, ExclusiveStartKey: { pk: { S: "b" }, sk: one } },
      "The provided starting key is outside query boundaries based on provided conditions",
    ],
    [
      "a start key outside of the range",
      {
        ...key("pk = :pk AND sk > :v", { ":pk": a, ":v": one }),
        ExclusiveStartKey: { pk: a, sk: { N: "0" } },
      },
      "The provided starting key does not match the range key predicate",
    ],
    [
      "a start key where one item is all there can be",
      {
        TableName: "pets",
        ...key("pk = :pk", { ":pk": a }),
        ExclusiveStartKey: { pk: { S: "KPQ4X3JE19" } },
      },
      "The provided exclusive start key is invalid: ExclusiveStartKey: {pk=AttributeValue: {S:KPQ4X3JE19}}",
    ],
  ];
  for (const [title, input, message] of refusals) {
    test(title, async () => {
      assert.deepEqual(await refusalOf(query(input)), validation(message));
    });
  }

  test("a bad ConditionalOperator before a bad Select, bare", async () => {
    const condition = { ComparisonOperator: "EQ", AttributeValueList: [{ S: "x" }] };
    assert.deepEqual(
      await rawRefusal(server.endpoint, "Query", {
        TableName: "readings",
        KeyConditions: { pk: condition },
        QueryFilter: { b: condition, c: condition },
        ConditionalOperator: "XOR",
        Select: "BOGUS",
      }),
      validation("Failed to satisfy constraint: Member must satisfy enum value set: [ALL, OR]"),
    );
  });

  test("a table that is not there", async () => {
    assert.deepEqual(await refusalOf(query({ ...allOfA, TableName: "nowhere", IndexName: "nowhere" })), {
      name: "ResourceNotFoundException",
      message: "Requested resource not found",
    });
  });
});
