import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { QueryCommand, type AttributeValue, type QueryCommandInput } from "@aws-sdk/client-dynamodb";
import { createIndexedTable, putItems, type Item } from "./indexed-tables.ts";
import { rawCall, refusalOf, validation } from "./refusals.ts";
import { startTestServer, type TestServer } from "./server.ts";

let server: TestServer;
before(async () => {
  server = await startTestServer();
  await createIndexedTable(server.client, "songs", {
    hash: ["artist S"],
    range: ["track N"],
    local: {
      ByYear: { hash: ["artist S"], range: ["year N"], projection: "KEYS_ONLY" },
      ByTitle: { hash: ["artist S"], range: ["title S"], projection: ["label"] },
    },
    global: {
      ByGenre: { hash: ["genre S"], range: ["year N"], projection: ["title"] },
      ByLabel: { hash: ["label S"], projection: "KEYS_ONLY" },
      ByWeight: { hash: ["weight N"], range: ["code B"] },
    },
  });
  await putItems(server.client, "songs", songs);
});
after(() => server.close());

function song(artist: string, track: number, attributes: Item = {}): Item {
  return { artist: { S: artist }, track: { N: String(track) }, ...attributes };
}

const soul = { S: "soul" };
const philips = { S: "Philips" };
const weight = { N: "-2.50" };
const code = (...bytes: number[]) => ({ B: Uint8Array.from(bytes) });

const songs: readonly Item[] = [
  song("Nina", 1, {
    genre: soul,
    year: { N: "1965" },
    title: { S: "b" },
    label: philips,
    solo: { BOOL: true },
  }),
  song("Nina", 2, { genre: soul, year: { N: "-5" }, title: { S: "a" }, weight, code: code(0) }),
  song("Nina", 3, { genre: soul, title: { S: "c" }, label: philips, weight, code: code(0, 0) }),
  song("Nina", 4, { year: { N: "1958" }, weight, code: code(1), live: { S: "Carnegie Hall" } }),
  song("Otis", 1, { genre: soul, year: { N: "1965" }, title: { S: "d" }, weight: { N: "7" }, code: code(1) }),
  song("Otis", 2, {
    genre: { S: "blues" },
    year: { N: "1966" },
    label: { S: "Volt" },
    weight,
    code: code(0, 255),
  }),
  song("Otis", 3),
];

function query(input: Partial<QueryCommandInput>) {
  return server.client.send(new QueryCommand({ TableName: "songs", ...input }));
}

function where(IndexName: string, KeyConditionExpression: string, values: Item): Partial<QueryCommandInput> {
  return { IndexName, KeyConditionExpression, ExpressionAttributeValues: values };
}

const soulSongs = where("ByGenre", "genre = :g", { ":g": soul });
const ofNina = (indexName: string) => where(indexName, "artist = :a", { ":a": { S: "Nina" } });

/** As in "Nina 1". */
function namesOf(items: readonly Item[] | undefined): readonly string[] {
  return (items ?? []).map(({ artist, track }) => `${artist?.S ?? ""} ${track?.N ?? ""}`);
}

describe("Query of an index reads", () => {
  const cases: readonly [title: string, Partial<QueryCommandInput>, readonly string[]][] = [
    ["numbers in their order", ofNina("ByYear"), ["Nina 2", "Nina 4", "Nina 1"]],
    ["backwards", { ...ofNina("ByYear"), ScanIndexForward: false }, ["Nina 1", "Nina 4", "Nina 2"]],
    ["strings in their order", ofNina("ByTitle"), ["Nina 2", "Nina 1", "Nina 3"]],
    [
      "binaries in their order, zero bytes and all",
      where("ByWeight", "weight = :w", { ":w": { N: "-2.5" } }),
      ["Nina 2", "Nina 3", "Otis 2", "Nina 4"],
    ],
    [
      "a prefix of binaries",
      where("ByWeight", "weight = :w AND begins_with(code, :c)", { ":w": weight, ":c": code(0) }),
      ["Nina 2", "Nina 3", "Otis 2"],
    ],
    [
      "one binary, of which others are continuations",
      where("ByWeight", "weight = :w AND code = :c", { ":w": weight, ":c": code(0) }),
      ["Nina 2"],
    ],
    [
      "what lies behind a binary",
      where("ByWeight", "weight = :w AND code > :c", { ":w": weight, ":c": code(0) }),
      ["Nina 3", "Otis 2", "Nina 4"],
    ],
    [
      "what lies before a binary",
      where("ByWeight", "weight = :w AND code <= :c", { ":w": weight, ":c": code(0, 0) }),
      ["Nina 2", "Nina 3"],
    ],
    [
      "a range of numbers",
      where("ByYear", "artist = :a AND #y BETWEEN :l AND :h", {
        ":a": { S: "Nina" },
        ":l": { N: "-5" },
        ":h": { N: "1958" },
      }),
      ["Nina 2", "Nina 4"],
    ],
    [
      "by the older parameters",
      {
        IndexName: "ByGenre",
        KeyConditions: {
          genre: { ComparisonOperator: "EQ", AttributeValueList: [soul] },
          year: { ComparisonOperator: "LT", AttributeValueList: [{ N: "0" }] },
        },
        QueryFilter: { title: { ComparisonOperator: "NOT_NULL" } },
      },
      ["Nina 2"],
    ],
    ["nothing of a collection that is not there", where("ByLabel", "label = :l", { ":l": { S: "?" } }), []],
  ];
  for (const [title, input, expected] of cases) {
    test(title, async () => {
      const ExpressionAttributeNames = input.KeyConditionExpression?.includes("#y")
        ? { "#y": "year" }
        : undefined;
      const { Items, Count, ScannedCount } = await query({ ...input, ExpressionAttributeNames });
      assert.deepEqual([namesOf(Items), Count, ScannedCount], [expected, expected.length, expected.length]);
    });
  }

  test("none but the items that have all of its key attributes, those with equal keys beside each other", async () => {
    const names = namesOf((await query(soulSongs)).Items);
    assert.equal(names[0], "Nina 2");
    assert.deepEqual(names.slice(1).toSorted(), ["Nina 1", "Otis 1"]);
    const label = await query(where("ByLabel", "label = :l", { ":l": philips }));
    assert.deepEqual(namesOf(label.Items).toSorted(), ["Nina 1", "Nina 3"]);
  });

  test("local indexes strongly, too", async () => {
    const { Count } = await query({ ...ofNina("ByYear"), ConsistentRead: true });
    assert.equal(Count, 3);
  });
});

describe("Query of an index returns", () => {
  const keysOfSong = { artist: { S: "Nina" }, track: { N: "1" } };
  const byYear = where("ByYear", "artist = :a AND track_year = :y", {});
  const year = { N: "1965" };
  const inYear = {
    ...byYear,
    KeyConditionExpression: "artist = :a AND #y = :y",
    ExpressionAttributeNames: { "#y": "year" },
    ExpressionAttributeValues: { ":a": { S: "Nina" }, ":y": year },
  };
  const inYearNamed = (ProjectionExpression: string) => ({ ...inYear, ProjectionExpression });
  const byTitle = where("ByTitle", "artist = :a AND title = :t", { ":a": { S: "Nina" }, ":t": { S: "b" } });
  const byGenre = {
    ...where("ByGenre", "genre = :g AND #y = :y", { ":g": soul, ":y": { N: "-5" } }),
    ExpressionAttributeNames: { "#y": "year" },
  };
  const ofGenre: Item = { ...song("Nina", 2), genre: soul, year: { N: "-5" }, title: { S: "a" } };

  const cases: readonly [title: string, Partial<QueryCommandInput>, Item][] = [
    ["keys alone where that is what it projects", inYear, { ...keysOfSong, year }],
    [
      "the same as ALL_PROJECTED_ATTRIBUTES",
      { ...inYear, Select: "ALL_PROJECTED_ATTRIBUTES" },
      { ...keysOfSong, year },
    ],
    ["what it includes", byTitle, { ...keysOfSong, title: { S: "b" }, label: philips }],
    ["what it includes, of a global one", byGenre, ofGenre],
    [
      "some of the attributes that it projects",
      { ...byGenre, ProjectionExpression: "title, track", Select: "SPECIFIC_ATTRIBUTES" },
      { title: { S: "a" }, track: { N: "2" } },
    ],
    [
      "what a local one fetches from the table",
      inYearNamed("solo, label, #y"),
      { solo: { BOOL: true }, label: philips, year },
    ],
    [
      "whole items that a local one fetches",
      { ...inYear, Select: "ALL_ATTRIBUTES" },
      { ...keysOfSong, genre: soul, year, title: { S: "b" }, label: philips, solo: { BOOL: true } },
    ],
    [
      "whole items of a global one that projects all",
      {
        ...where("ByWeight", "weight = :w AND code = :c", { ":w": { N: "7" }, ":c": code(1) }),
        Select: "ALL_ATTRIBUTES",
      },
      {
        ...song("Otis", 1, { genre: soul, year, title: { S: "d" }, weight: { N: "7" } }),
        code: code(1),
      },
    ],
  ];
  for (const [title, input, expected] of cases) {
    test(title, async () => {
      assert.deepEqual((await query(input)).Items, [expected]);
    });
  }

  test("attributes of the older AttributesToGet", async () => {
    const answer = await query({
      IndexName: "ByYear",
      KeyConditions: { artist: { ComparisonOperator: "EQ", AttributeValueList: [{ S: "Nina" }] } },
      AttributesToGet: ["live"],
    });
    assert.deepEqual(answer.Items, [{}, { live: { S: "Carnegie Hall" } }, {}]);
  });

  test("counts alone", async () => {
    const answer = await query({ ...soulSongs, Select: "COUNT" });
    assert.deepEqual([answer.Items, answer.Count, answer.ScannedCount], [undefined, 3, 3]);
  });

  test("what a filter leaves, which may look at the table's key", async () => {
    const answer = await query({
      ...soulSongs,
      FilterExpression: "artist = :a AND title <> :t",
      ExpressionAttributeValues: { ":g": soul, ":a": { S: "Nina" }, ":t": { S: "b" } },
    });
    assert.deepEqual([namesOf(answer.Items), answer.Count, answer.ScannedCount], [["Nina 2"], 1, 3]);
  });
});

describe("an index whose attributes are called like members of every object", () => {
  before(async () => {
    await createIndexedTable(server.client, "odd", {
      hash: ["constructor S"],
      global: { ByProto: { hash: ["__proto__ S"], range: ["toString N"], projection: ["valueOf"] } },
    });
    const item = (key: string, rank: string) =>
      Object.fromEntries<AttributeValue>([
        ["constructor", { S: key }],
        ["__proto__", { S: "same" }],
        ["toString", { N: rank }],
        ["valueOf", { S: key.toUpperCase() }],
        ["hasOwnProperty", { BOOL: true }],
      ]);
    await putItems(server.client, "odd", [item("b", "1"), item("a", "-1"), item("c", "1")]);
    await putItems(server.client, "odd", [{ constructor: { S: "d" }, valueOf: { S: "not in it" } }]);
  });

  const bySame: Partial<QueryCommandInput> = {
    TableName: "odd",
    IndexName: "ByProto",
    KeyConditionExpression: "#p = :p",
    ExpressionAttributeNames: { "#p": "__proto__" },
    ExpressionAttributeValues: { ":p": { S: "same" } },
  };

  // The SDK would lose such an attribute from the key that a page ends at.
  test("is read in pages like any other", async () => {
    const pages: string[] = [];
    let ExclusiveStartKey: unknown;
    do {
      const request = { ...bySame, Limit: 1, ProjectionExpression: "valueOf", ExclusiveStartKey };
      const { body } = await rawCall(server.endpoint, "Query", request);
      pages.push(JSON.stringify(body["Items"]));
      ExclusiveStartKey = body["LastEvaluatedKey"];
      assert.ok(pages.length <= 4);
    } while (ExclusiveStartKey !== undefined);
    const page = (S: string) => JSON.stringify([{ valueOf: { S } }]);
    assert.equal(pages[0], page("A"));
    assert.deepEqual(pages.slice(1).toSorted(), [page("B"), page("C"), "[]"].toSorted());
  });

  test("does not project what it does not name", async () => {
    assert.deepEqual(
      await refusalOf(
        query({
          ...bySame,
          ProjectionExpression: "#h, #p",
          ExpressionAttributeNames: { "#p": "__proto__", "#h": "hasOwnProperty" },
        }),
      ),
      validation(
        "One or more parameter values were invalid: Global secondary index ByProto does not project [hasOwnProperty]",
      ),
    );
  });
});

describe("Query of an index consumes", () => {
  const detail = { ReturnConsumedCapacity: "INDEXES" } as const;

  test("units of a global index, and none of its table", async () => {
    assert.deepEqual((await query({ ...soulSongs, ...detail })).ConsumedCapacity, {
      TableName: "songs",
      CapacityUnits: 0.5,
      Table: { CapacityUnits: 0 },
      GlobalSecondaryIndexes: { ByGenre: { CapacityUnits: 0.5 } },
    });
  });

  test("units of a local index, and a read of the table for each item it fetches, whatever the filter", async () => {
    const plain = await query({ ...ofNina("ByYear"), ...detail, ConsistentRead: true });
    assert.deepEqual(plain.ConsumedCapacity, {
      TableName: "songs",
      CapacityUnits: 1,
      Table: { CapacityUnits: 0 },
      LocalSecondaryIndexes: { ByYear: { CapacityUnits: 1 } },
    });
    const fetched = await query({
      ...ofNina("ByYear"),
      ...detail,
      ProjectionExpression: "solo",
      FilterExpression: "track = :t",
      ExpressionAttributeValues: { ":a": { S: "Nina" }, ":t": { N: "9" } },
    });
    assert.equal(fetched.Count, 0);
    assert.deepEqual(fetched.ConsumedCapacity, {
      TableName: "songs",
      CapacityUnits: 2,
      Table: { CapacityUnits: 1.5 },
      LocalSecondaryIndexes: { ByYear: { CapacityUnits: 0.5 } },
    });
    const one = await query({
      ...ofNina("ByYear"),
      ...detail,
      Select: "ALL_ATTRIBUTES",
      Limit: 1,
      ConsistentRead: true,
    });
    assert.deepEqual(one.ConsumedCapacity?.Table, { CapacityUnits: 1 });
    const counted = await query({ ...ofNina("ByYear"), ...detail, Select: "COUNT" });
    assert.deepEqual(counted.ConsumedCapacity?.Table, { CapacityUnits: 0 });
  });

  test("one sum, where that is asked for", async () => {
    const { ConsumedCapacity } = await query({ ...soulSongs, ReturnConsumedCapacity: "TOTAL" });
    assert.deepEqual(ConsumedCapacity, { TableName: "songs", CapacityUnits: 0.5 });
  });
});

describe("Query of an index refuses", () => {
  const invalid = "One or more parameter values were invalid: ";
  const startKey = "The provided starting key";
  const start = (ExclusiveStartKey: Item) => ({ ...soulSongs, ExclusiveStartKey });
  const atSong = song("Nina", 1, { genre: soul, year: { N: "1965" } });
  const filtered = (input: Partial<QueryCommandInput>, FilterExpression: string) => ({
    ...input,
    FilterExpression,
  });

  const refusals: readonly [title: string, Partial<QueryCommandInput>, message: string][] = [
    [
      "an index that is not there, before a strong read",
      { ...soulSongs, IndexName: "ByMood", ConsistentRead: true, ExclusiveStartKey: {} },
      "The table does not have the specified index: ByMood",
    ],
    [
      "to read a global one strongly, before its key is looked at",
      { ...where("ByGenre", "artist = :a", { ":a": soul }), ConsistentRead: true },
      "Consistent reads are not supported on global secondary indexes",
    ],
    [
      "the table's key in place of its own",
      where("ByGenre", "artist = :a", { ":a": { S: "Nina" } }),
      "Query condition missed key schema element: genre",
    ],
    [
      "the table's sort key in place of its own",
      where("ByYear", "artist = :a AND track = :t", { ":a": { S: "Nina" }, ":t": { N: "1" } }),
      "Query condition missed key schema element: year",
    ],
    [
      "a second attribute where it has one",
      where("ByLabel", "label = :l AND artist = :l", { ":l": philips }),
      "The number of query conditions (2) exceeds the number of key attributes defined in the schema (1)",
    ],
    [
      "a key of another type",
      where("ByGenre", "genre = :g", { ":g": { N: "1" } }),
      `${invalid}Condition parameter type does not match schema type`,
    ],
    [
      "a range of partition keys",
      where("ByGenre", "genre > :g", { ":g": soul }),
      "Query key condition not supported",
    ],
    [
      "an empty key",
      where("ByGenre", "genre = :g", { ":g": { S: "" } }),
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: genre",
    ],
    [
      "a filter on its sort key",
      {
        ...filtered(soulSongs, "title = :g OR #y = :g"),
        ExpressionAttributeNames: { "#y": "year" },
      },
      "Filter Expression can only contain non-primary key attributes: Primary key attribute: year",
    ],
    [
      "an older filter on its partition key, before whole items",
      {
        IndexName: "ByGenre",
        Select: "ALL_ATTRIBUTES",
        KeyConditions: { genre: { ComparisonOperator: "EQ", AttributeValueList: [soul] } },
        QueryFilter: { genre: { ComparisonOperator: "EQ", AttributeValueList: [soul] } },
      },
      "QueryFilter can only contain non-primary key attributes: Primary key attribute: genre",
    ],
    [
      "whole items of a global one that does not hold them",
      { ...soulSongs, Select: "ALL_ATTRIBUTES" },
      `${invalid}Select type ALL_ATTRIBUTES is not supported for global secondary index ByGenre because its projection type is not ALL`,
    ],
    [
      "attributes that a global one does not hold",
      { ...soulSongs, ProjectionExpression: "solo, title" },
      `${invalid}Global secondary index ByGenre does not project [solo]`,
    ],
    [
      "a filter on what a global one does not hold",
      filtered(soulSongs, "attribute_exists(solo) AND title = :g"),
      `${invalid}Secondary index ByGenre does not project one or more filter attributes: [solo]`,
    ],
    [
      "a filter on what a local one does not hold, even when it fetches",
      filtered({ ...ofNina("ByYear"), Select: "ALL_ATTRIBUTES" }, "solo = :a"),
      `${invalid}Secondary index ByYear does not project one or more filter attributes: [solo]`,
    ],
    [
      "a projection on a part of its key, even on the table",
      { ...ofNina("ByYear"), IndexName: undefined, ProjectionExpression: "title, code[0]" },
      "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: IndexKey: code",
    ],
    [
      "a filter on a part of the key of another index",
      filtered(ofNina("ByTitle"), "label.a = :a"),
      "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: IndexKey: label",
    ],
    [
      "a projection beside ALL_PROJECTED_ATTRIBUTES",
      { ...soulSongs, Select: "ALL_PROJECTED_ATTRIBUTES", ProjectionExpression: "title" },
      "Cannot specify the ProjectionExpression when choosing to get ALL_PROJECTED_ATTRIBUTES",
    ],
    ["the table's key as a start", start(song("Nina", 1)), `${startKey} is invalid`],
    ["its own key as a start", start({ genre: soul, year: { N: "1" } }), `${startKey} is invalid`],
    ["a start key with more", start({ ...atSong, title: { S: "b" } }), `${startKey} is invalid`],
    ["a start key of another type", start({ ...atSong, year: { S: "1965" } }), `${startKey} is invalid`],
    [
      "a start key of another collection",
      start({ ...atSong, genre: { S: "blues" } }),
      `${startKey} is outside query boundaries based on provided conditions`,
    ],
    [
      "a start key outside of the range",
      {
        ...where("ByGenre", "genre = :g AND #y < :y", { ":g": soul, ":y": { N: "1965" } }),
        ExpressionAttributeNames: { "#y": "year" },
        ExclusiveStartKey: atSong,
      },
      `${startKey} does not match the range key predicate`,
    ],
  ];
  for (const [title, input, message] of refusals) {
    test(title, async () => {
      assert.deepEqual(await refusalOf(query(input)), validation(message));
    });
  }
});
