import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { paginateScan, ScanCommand, type ScanCommandInput } from "@aws-sdk/client-dynamodb";
import { createIndexedTable, putItems, type Item } from "./indexed-tables.ts";
import { refusalOf, validation } from "./refusals.ts";
import { startTestServer, type TestServer } from "./server.ts";

let server: TestServer;
before(async () => {
  server = await startTestServer();
  await createIndexedTable(server.client, "pets", {
    hash: ["pk N"],
    range: ["sk S"],
    local: { ByName: { hash: ["pk N"], range: ["pet S"], projection: "KEYS_ONLY" } },
    global: {
      ByKind: { hash: ["kind S"], range: ["age N"], projection: ["pet"] },
      ByAge: { hash: ["age N"] },
    },
  });
  await putItems(server.client, "pets", pets);
});
after(() => server.close());

const kinds = ["cat", "dog", "eel", "fox", "gnu", "hen", "owl"];

/** Every fourth has no name, every fifth no kind. */
const pets: readonly Item[] = Array.from({ length: 70 }, (_, index) => ({
  pk: { N: String(index % 12) },
  sk: { S: `s${index}` },
  age: { N: String((index % 9) - 4) },
  ...(index % 4 === 3 ? {} : { pet: { S: `name ${index % 6}` } }),
  ...(index % 5 === 4 ? {} : { kind: { S: kinds[index % kinds.length] ?? "" } }),
  colour: { S: index % 2 === 0 ? "red" : "grey" },
}));

function membersOf(index: string): readonly Item[] {
  if (index === "ByAge") return pets;
  return pets.filter((pet) => pet[index === "ByName" ? "pet" : "kind"] !== undefined);
}

function scan(input: Partial<ScanCommandInput> = {}) {
  return server.client.send(new ScanCommand({ TableName: "pets", ...input }));
}

async function allPages(input: Partial<ScanCommandInput>): Promise<readonly Item[]> {
  const seen: Item[] = [];
  for await (const page of paginateScan({ client: server.client }, { TableName: "pets", ...input })) {
    seen.push(...(page.Items ?? []));
  }
  return seen;
}

function names(items: readonly Item[] | undefined): readonly (string | undefined)[] {
  return (items ?? []).map(({ sk }) => sk?.S);
}

function sorted(items: readonly Item[] | undefined): readonly (string | undefined)[] {
  return names(items).toSorted();
}

describe("Scan of an index", () => {
  for (const IndexName of ["ByName", "ByKind", "ByAge"]) {
    test(`${IndexName} reads the items that are in it, once`, async () => {
      const answer = await scan({ IndexName });
      assert.deepEqual(sorted(answer.Items), sorted(membersOf(IndexName)));
      assert.deepEqual([answer.Count, answer.LastEvaluatedKey], [membersOf(IndexName).length, undefined]);
    });

    for (const Limit of [1, 7]) {
      test(`${IndexName} in pages of ${Limit} is read in the same order`, async () => {
        assert.deepEqual(await allPages({ IndexName, Limit }), (await scan({ IndexName })).Items);
      });
    }

    for (const TotalSegments of [1, 2, 3, 10]) {
      test(`${TotalSegments} segments share ${IndexName}`, async () => {
        const segments = Array.from({ length: TotalSegments }, (_, Segment) => Segment);
        const parts = await Promise.all(
          segments.map((Segment) => allPages({ IndexName, Segment, TotalSegments, Limit: 3 })),
        );
        assert.deepEqual(sorted(parts.flat()), sorted(membersOf(IndexName)));
        assert.deepEqual(names(parts.flat()), names((await scan({ IndexName })).Items));
      });
    }
  }

  test("keeps the items of one key together, in order of the sort key", async () => {
    const seen = new Map<string, number[]>();
    let last: string | undefined;
    for (const { kind, age } of (await scan({ IndexName: "ByKind" })).Items ?? []) {
      const name = kind?.S ?? "";
      assert.ok(name === last || !seen.has(name));
      last = name;
      seen.set(name, [...(seen.get(name) ?? []), Number(age?.N)]);
    }
    assert.deepEqual([...seen.keys()].toSorted(), kinds);
    for (const ages of seen.values())
      assert.deepEqual(
        ages,
        ages.toSorted((left, right) => left - right),
      );
  });

  test("returns what the index projects", async () => {
    const [first] =
      (await scan({ IndexName: "ByKind", FilterExpression: "attribute_exists(pet)" })).Items ?? [];
    assert.deepEqual(Object.keys(first ?? {}).toSorted(), ["age", "kind", "pet", "pk", "sk"]);
    const [keys] = (await scan({ IndexName: "ByName", Limit: 1 })).Items ?? [];
    assert.deepEqual(Object.keys(keys ?? {}).toSorted(), ["pet", "pk", "sk"]);
  });

  test("fetches for a local index what it does not project", async () => {
    const whole = await scan({ IndexName: "ByName", Select: "ALL_ATTRIBUTES" });
    const bySk = new Map(pets.map((pet) => [pet["sk"]?.S, pet]));
    for (const item of whole.Items ?? []) assert.deepEqual(item, bySk.get(item["sk"]?.S));
    const part = await scan({ IndexName: "ByName", ProjectionExpression: "colour, pet", Limit: 1 });
    assert.deepEqual(Object.keys(part.Items?.[0] ?? {}).toSorted(), ["colour", "pet"]);
  });

  test("may filter by any key", async () => {
    const answer = await scan({
      IndexName: "ByKind",
      FilterExpression: "kind = :k AND age > :a AND pk < :p",
      ExpressionAttributeValues: { ":k": { S: "cat" }, ":a": { N: "-2" }, ":p": { N: "10" } },
    });
    const expected = membersOf("ByKind").filter(
      ({ kind, age, pk }) => kind?.S === "cat" && Number(age?.N) > -2 && Number(pk?.N) < 10,
    );
    assert.ok(expected.length > 0);
    assert.deepEqual(sorted(answer.Items), sorted(expected));
    assert.equal(answer.ScannedCount, membersOf("ByKind").length);
  });

  test("finds what the index does not project absent, unless it is fetched", async () => {
    const red = {
      FilterExpression: "colour = :c",
      ExpressionAttributeValues: { ":c": { S: "red" } },
    };
    for (const IndexName of ["ByKind", "ByName"]) {
      const answer = await scan({ IndexName, ...red });
      assert.deepEqual([answer.Count, answer.ScannedCount], [0, membersOf(IndexName).length]);
      const negated = await scan({ IndexName, ...red, FilterExpression: "NOT colour = :c" });
      assert.equal(negated.Count, membersOf(IndexName).length);
    }
    const fetched = await scan({ IndexName: "ByName", Select: "ALL_ATTRIBUTES", ...red });
    assert.deepEqual(
      sorted(fetched.Items),
      sorted(membersOf("ByName").filter(({ colour }) => colour?.S === "red")),
    );
  });

  test("counts, and tells whose capacity it used", async () => {
    const answer = await scan({ IndexName: "ByAge", Select: "COUNT", ReturnConsumedCapacity: "INDEXES" });
    assert.deepEqual([answer.Items, answer.Count], [undefined, 70]);
    assert.equal(answer.ConsumedCapacity?.Table?.CapacityUnits, 0);
    assert.ok((answer.ConsumedCapacity?.GlobalSecondaryIndexes?.["ByAge"]?.CapacityUnits ?? 0) > 0);
    const local = await scan({
      IndexName: "ByName",
      Select: "ALL_ATTRIBUTES",
      ConsistentRead: true,
      Limit: 5,
      ReturnConsumedCapacity: "INDEXES",
    });
    assert.deepEqual(local.ConsumedCapacity, {
      TableName: "pets",
      CapacityUnits: 6,
      Table: { CapacityUnits: 5 },
      LocalSecondaryIndexes: { ByName: { CapacityUnits: 1 } },
    });
  });
});

describe("Scan of an index refuses", () => {
  const invalid = "One or more parameter values were invalid: ";
  const startKey = "The provided starting key is invalid";
  const mismatch = "The provided key element does not match the schema";
  const key = { pk: { N: "1" }, sk: { S: "s1" }, kind: { S: "cat" }, age: { N: "1" } };
  const start = (ExclusiveStartKey: Item) => ({ IndexName: "ByKind", ExclusiveStartKey });

  const refusals: readonly [title: string, Partial<ScanCommandInput>, message: string][] = [
    [
      "an index that is not there, before its start key",
      { IndexName: "ByMood", ConsistentRead: true, ExclusiveStartKey: {} },
      "The table does not have the specified index: ByMood",
    ],
    [
      "to read a global one strongly",
      { IndexName: "ByKind", ConsistentRead: true, Select: "ALL_ATTRIBUTES" },
      "Consistent reads are not supported on global secondary indexes",
    ],
    [
      "whole items of a global one that does not hold them",
      { IndexName: "ByKind", Select: "ALL_ATTRIBUTES" },
      `${invalid}Select type ALL_ATTRIBUTES is not supported for global secondary index ByKind because its projection type is not ALL`,
    ],
    [
      "attributes that a global one does not hold",
      { IndexName: "ByKind", AttributesToGet: ["pet", "colour"] },
      `${invalid}Global secondary index ByKind does not project [colour]`,
    ],
    [
      "a projection on a part of the table's key",
      { IndexName: "ByKind", ProjectionExpression: "sk.a" },
      "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: sk",
    ],
    [
      "a filter on a part of its key",
      { IndexName: "ByKind", FilterExpression: "attribute_exists(pk) OR attribute_exists(kind[0])" },
      "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: IndexKey: kind",
    ],
    ["no start key at all", start({}), startKey],
    ["the table's key as a start", start({ pk: key.pk, sk: key.sk }), startKey],
    [
      "a start key with another attribute",
      start({ pk: key.pk, sk: key.sk, kind: key.kind, x: key.age }),
      startKey,
    ],
    ["an index key of another type as a start", start({ ...key, age: { S: "1" } }), mismatch],
    ["a table key of another type as a start", start({ ...key, pk: { S: "1" } }), `${startKey}: ${mismatch}`],
    [
      "an empty key as a start",
      start({ ...key, kind: { S: "" } }),
      `${startKey}: One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: kind`,
    ],
  ];
  for (const [title, input, message] of refusals) {
    test(title, async () => {
      assert.deepEqual(await refusalOf(scan(input)), validation(message));
    });
  }

  test("a start key of another segment", async () => {
    const first = { IndexName: "ByKind", TotalSegments: 2, Limit: 1 };
    const { LastEvaluatedKey } = await scan({ ...first, Segment: 1 });
    assert.deepEqual(Object.keys(LastEvaluatedKey ?? {}).toSorted(), ["age", "kind", "pk", "sk"]);
    assert.deepEqual(
      await refusalOf(scan({ ...first, Segment: 0, ExclusiveStartKey: LastEvaluatedKey })),
      validation(
        `${startKey}: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. TotalSegments: 2 Segment: 0`,
      ),
    );
    await scan({ ...first, Segment: 1, ExclusiveStartKey: LastEvaluatedKey });
  });
});
