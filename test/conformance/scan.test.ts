import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  BatchWriteItemCommand,
  paginateScan,
  ScanCommand,
  type AttributeValue,
  type ScanCommandInput,
} from "@aws-sdk/client-dynamodb";
import { createItemTable } from "./item-tables.ts";
import { rawCall, refusalOf, validation } from "./refusals.ts";
import { startTestServer, type TestServer } from "./server.ts";

const itemCount = 75;

let server: TestServer;
before(async () => {
  server = await startTestServer();
  await createItemTable(server.client, "pets", ["pk", "N"], ["sk", "S"]);
  await createItemTable(server.client, "empty", ["pk", "S"]);
  const items = Array.from({ length: itemCount }, (_, index) => ({
    pk: { N: String(index % 30) },
    sk: { S: `s${index}` },
    n: { N: String(index) },
  }));
  for (let from = 0; from < itemCount; from += 25) {
    const requests = items.slice(from, from + 25).map((Item) => ({ PutRequest: { Item } }));
    await server.client.send(new BatchWriteItemCommand({ RequestItems: { pets: requests } }));
  }
});
after(() => server.close());

function scan(input: Partial<ScanCommandInput> = {}) {
  return server.client.send(new ScanCommand({ TableName: "pets", ...input }));
}

function numbersOf(items: readonly Record<string, AttributeValue>[] | undefined): readonly number[] {
  return (items ?? []).map(({ n }) => Number(n?.N));
}

function ascending(numbers: readonly number[]): readonly number[] {
  return numbers.toSorted((left, right) => left - right);
}

const everyNumber = Array.from({ length: itemCount }, (_, index) => index);

async function allPages(input: Partial<ScanCommandInput>): Promise<readonly number[]> {
  const seen: number[] = [];
  for await (const page of paginateScan({ client: server.client }, { TableName: "pets", ...input })) {
    seen.push(...numbersOf(page.Items));
  }
  return seen;
}

describe("Scan", () => {
  test("reads every item once", async () => {
    const answer = await scan();
    assert.deepEqual(ascending(numbersOf(answer.Items)), everyNumber);
    assert.deepEqual([answer.Count, answer.ScannedCount, answer.LastEvaluatedKey], [75, 75, undefined]);
  });

  for (const Limit of [1, 7, 74, 75, 76]) {
    test(`in pages of ${Limit} reads every item once, in the same order`, async () => {
      assert.deepEqual(await allPages({ Limit }), numbersOf((await scan()).Items));
    });
  }

  test("keeps the items of one collection together, in order of their sort key", async () => {
    const seen = new Map<string, string[]>();
    let last: string | undefined;
    for (const { pk, sk } of (await scan()).Items ?? []) {
      const name = pk?.N ?? "";
      assert.ok(name === last || !seen.has(name));
      last = name;
      seen.set(name, [...(seen.get(name) ?? []), sk?.S ?? ""]);
    }
    assert.equal(seen.size, 30);
    for (const keys of seen.values()) assert.deepEqual(keys, keys.toSorted());
  });

  for (const TotalSegments of [1, 2, 3, 10, 1_000_000]) {
    test(`${TotalSegments} segments share the items`, async () => {
      const segments =
        TotalSegments <= 10
          ? Array.from({ length: TotalSegments }, (_, Segment) => Segment)
          : [0, 500_000, TotalSegments - 1];
      const parts = await Promise.all(
        segments.map((Segment) => allPages({ Segment, TotalSegments, Limit: 4 })),
      );
      const union = parts.flat();
      assert.equal(new Set(union).size, union.length);
      if (TotalSegments <= 10) assert.deepEqual(ascending(union), everyNumber);
    });
  }

  test("filters after counting, with keys allowed in the filter", async () => {
    const answer = await scan({
      FilterExpression: "pk = :pk AND n > :n",
      ExpressionAttributeValues: { ":pk": { N: "3.0" }, ":n": { N: "10" } },
      ProjectionExpression: "n",
    });
    assert.deepEqual(ascending(numbersOf(answer.Items)), [33, 63]);
    assert.ok(answer.Items?.every((item) => Object.keys(item).length === 1));
    assert.deepEqual([answer.Count, answer.ScannedCount], [2, 75]);
  });

  test("takes the older ScanFilter and AttributesToGet", async () => {
    const answer = await scan({
      ScanFilter: {
        n: { ComparisonOperator: "BETWEEN", AttributeValueList: [{ N: "5" }, { N: "7" }] },
        nowhere: { ComparisonOperator: "NOT_NULL" },
      },
      ConditionalOperator: "OR",
      AttributesToGet: ["n"],
    });
    assert.deepEqual(ascending(numbersOf(answer.Items)), [5, 6, 7]);
  });

  test("counts without returning", async () => {
    const { body } = await rawCall(server.endpoint, "Scan", { TableName: "pets", Select: "COUNT" });
    assert.deepEqual(body, { Count: 75, ScannedCount: 75 });
  });

  test("capacity counts what was read, together", async () => {
    const answer = await scan({ ReturnConsumedCapacity: "INDEXES", ConsistentRead: true });
    assert.deepEqual(answer.ConsumedCapacity, {
      TableName: "pets",
      CapacityUnits: 1,
      Table: { CapacityUnits: 1 },
    });
    const empty = await scan({ TableName: "empty", ReturnConsumedCapacity: "TOTAL" });
    assert.deepEqual(empty.ConsumedCapacity, { TableName: "empty", CapacityUnits: 0.5 });
    assert.deepEqual([empty.Items, empty.Count, empty.ScannedCount], [[], 0, 0]);
  });
});

describe("Scan refuses", () => {
  const refusals: readonly (readonly [string, Partial<ScanCommandInput>, string])[] = [
    [
      "both styles",
      {
        AttributesToGet: ["a"],
        ScanFilter: {},
        ConditionalOperator: "AND",
        FilterExpression: "",
        ProjectionExpression: "",
      },
      "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {AttributesToGet, ScanFilter, ConditionalOperator} Expression parameters: {ProjectionExpression, FilterExpression}",
    ],
    [
      "values without filter",
      { ProjectionExpression: "a", ExpressionAttributeValues: { ":v": { S: "x" } } },
      "ExpressionAttributeValues can only be specified when using expressions: FilterExpression is null",
    ],
    [
      "an empty filter",
      { FilterExpression: "" },
      "Invalid FilterExpression: The expression can not be empty;",
    ],
    [
      "a repeated string in a set, in the older words",
      { FilterExpression: "a = :v", ExpressionAttributeValues: { ":v": { SS: ["b", "a", "b"] } } },
      "ExpressionAttributeValues contains invalid value: One or more parameter values were invalid: Input collection [b, a, b] contains duplicates. for key :v",
    ],
    [
      "a segment that is none",
      { Segment: 5, TotalSegments: 5 },
      "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 5 is not less than TotalSegments: 5",
    ],
    [
      "a segment of nothing",
      { Segment: 0 },
      "The TotalSegments parameter is required but was not present in the request when Segment parameter is present",
    ],
    [
      "segments of which none is asked for",
      { TotalSegments: 2 },
      "The Segment parameter is required but was not present in the request when parameter TotalSegments is present",
    ],
    [
      "Limit 0",
      { Limit: 0 },
      "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
    [
      "a negative segment",
      { Segment: -1, TotalSegments: 1 },
      "1 validation error detected: Value '-1' at 'segment' failed to satisfy constraint: Member must have value greater than or equal to 0",
    ],
    [
      "a start key of another shape",
      { ExclusiveStartKey: { pk: { N: "1" } } },
      "The provided starting key is invalid: The provided key element does not match the schema",
    ],
    [
      "a start key with an empty set",
      { ExclusiveStartKey: { pk: { SS: [] } } },
      "The provided starting key is invalid: One or more parameter values were invalid: An string set  may not be empty",
    ],
    [
      "a bad number in a start key",
      { ExclusiveStartKey: { pk: { N: "abc" } } },
      "The parameter cannot be converted to a numeric value: abc",
    ],
    [
      "specific attributes that are not named",
      { Select: "SPECIFIC_ATTRIBUTES" },
      "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES",
    ],
    [
      "older attributes beside all attributes",
      { Select: "ALL_ATTRIBUTES", AttributesToGet: ["a"] },
      "Cannot specify the AttributesToGet when choosing to get ALL_ATTRIBUTES",
    ],
    [
      "an index that is not there",
      { IndexName: "by-day" },
      "The table does not have the specified index: by-day",
    ],
  ];
  for (const [title, input, message] of refusals) {
    test(title, async () => {
      assert.deepEqual(await refusalOf(scan(input)), validation(message));
    });
  }

  test("a start key of another segment", async () => {
    const answers = await Promise.all([0, 1].map((Segment) => scan({ Segment, TotalSegments: 2, Limit: 1 })));
    const [first, second] = answers.map(({ LastEvaluatedKey }) => LastEvaluatedKey);
    assert.deepEqual(
      await refusalOf(scan({ Segment: 0, TotalSegments: 2, ExclusiveStartKey: second })),
      validation(
        "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. TotalSegments: 2 Segment: 0",
      ),
    );
    await scan({ Segment: 0, TotalSegments: 2, ExclusiveStartKey: first });
  });

  test("a table that is not there", async () => {
    assert.deepEqual(await refusalOf(scan({ TableName: "nowhere" })), {
      name: "ResourceNotFoundException",
      message: "Requested resource not found",
    });
  });
});
