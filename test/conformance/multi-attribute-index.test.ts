import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { paginateQuery, QueryCommand, type QueryCommandInput } from "@aws-sdk/client-dynamodb";
import { createIndexedTable, putItems, type Item } from "./indexed-tables.ts";
import { refusalOf, validation } from "./refusals.ts";
import { startTestServer, type TestServer } from "./server.ts";

let server: TestServer;
before(async () => {
  server = await startTestServer();
  await createIndexedTable(server.client, "matches", {
    hash: ["pk S"],
    global: {
      ByRound: { hash: ["cup S", "season N"], range: ["venue S", "round N", "court B", "slot S"] },
      ByPlayers: { hash: ["cup S", "venue S"], projection: "KEYS_ONLY" },
    },
  });
  await putItems(server.client, "matches", matches);
});
after(() => server.close());

type RoundKey = readonly [venue: string, round: string, court: readonly number[], slot: string];

function match(pk: string, ...[venue, round, court, slot]: RoundKey): Item {
  return {
    pk: { S: pk },
    cup: { S: "gold" },
    season: { N: "2026" },
    venue: { S: venue },
    round: { N: round },
    court: { B: Uint8Array.from(court) },
    slot: { S: slot },
  };
}

/** In the order of the index. */
const inOrder: readonly Item[] = [
  match("a", "E", "-1", [0], "am"),
  match("b", "E", "2", [0], "am"),
  match("c", "E", "2", [0], "pm"),
  match("d", "E", "2", [0, 0], "am"),
  match("e", "E", "2", [1], "am"),
  match("f", "E", "10", [0], "am"),
  match("g", "EU", "-1", [0], "am"),
  match("h", "W", "0.5", [255, 0], "pm"),
];

const matches: readonly Item[] = [
  ...inOrder.toReversed(),
  { ...match("other season", "E", "2", [0], "am"), season: { N: "2025" } },
  { ...match("other cup", "E", "2", [0], "am"), cup: { S: "gol" } },
  ...["venue", "round", "court", "slot", "season"].map((lacking) => ({
    ...Object.fromEntries(
      Object.entries(match("", "E", "2", [0], "am")).filter(([name]) => name !== lacking),
    ),
    pk: { S: `without ${lacking}` },
  })),
];

const values: Item = {
  ":c": { S: "gold" },
  ":s": { N: "2026" },
  ":E": { S: "E" },
  ":two": { N: "2" },
  ":zero": { B: Uint8Array.of(0) },
  ":am": { S: "am" },
  ":long": { S: "x".repeat(1022) },
};

function query(KeyConditionExpression: string, input: Partial<QueryCommandInput> = {}) {
  const used = Object.entries(values).filter(([name]) => KeyConditionExpression.includes(name));
  return server.client.send(
    new QueryCommand({
      TableName: "matches",
      IndexName: "ByRound",
      KeyConditionExpression,
      ExpressionAttributeValues: Object.fromEntries(used),
      ...input,
    }),
  );
}

function namesOf(items: readonly Item[] | undefined): string {
  return (items ?? []).map(({ pk }) => pk?.S).join("");
}

const hash = "cup = :c AND season = :s";

describe("an index with keys of several attributes", () => {
  const conditions: readonly [condition: string, names: string][] = [
    [hash, "abcdefgh"],
    [`${hash} AND venue = :E`, "abcdef"],
    [`venue = :E AND season = :s AND cup = :c`, "abcdef"],
    [`${hash} AND begins_with(venue, :E)`, "abcdefg"],
    [`${hash} AND venue > :E`, "gh"],
    [`${hash} AND venue <= :E`, "abcdef"],
    [`${hash} AND venue = :E AND round = :two`, "bcde"],
    [`${hash} AND round >= :two AND venue = :E`, "bcdef"],
    [`${hash} AND venue = :E AND round < :two`, "a"],
    [`${hash} AND venue = :E AND round BETWEEN :two AND :two`, "bcde"],
    [`${hash} AND venue = :E AND round = :two AND court = :zero`, "bc"],
    [`${hash} AND venue = :E AND round = :two AND begins_with(court, :zero)`, "bcd"],
    [`${hash} AND venue = :E AND round = :two AND court > :zero`, "de"],
    [`${hash} AND venue = :E AND round = :two AND court = :zero AND slot = :am`, "b"],
    [`${hash} AND venue = :E AND round = :two AND court = :zero AND slot > :am`, "c"],
  ];
  for (const [condition, names] of conditions) {
    test(`answers ${condition}, either way`, async () => {
      assert.equal(namesOf((await query(condition)).Items), names);
      const backward = await query(condition, { ScanIndexForward: false });
      assert.equal(namesOf(backward.Items?.toReversed()), names);
    });
  }

  test("answers the older parameters", async () => {
    const equals = (value: Item[string]) => ({
      ComparisonOperator: "EQ" as const,
      AttributeValueList: [value],
    });
    const { Items } = await server.client.send(
      new QueryCommand({
        TableName: "matches",
        IndexName: "ByRound",
        KeyConditions: {
          cup: equals({ S: "gold" }),
          season: equals({ N: "2026" }),
          venue: equals({ S: "E" }),
          round: { ComparisonOperator: "LE", AttributeValueList: [{ N: "2" }] },
        },
      }),
    );
    assert.equal(namesOf(Items), "abcde");
  });

  test("answers with pages that end at all key attributes and join", async () => {
    for (const ScanIndexForward of [true, false]) {
      for (const Limit of [1, 3]) {
        const seen: Item[] = [];
        const input = {
          TableName: "matches",
          IndexName: "ByRound",
          KeyConditionExpression: hash,
          ExpressionAttributeValues: { ":c": { S: "gold" }, ":s": { N: "2026" } },
          ScanIndexForward,
          Limit,
        };
        for await (const { Items = [], LastEvaluatedKey: last } of paginateQuery(
          { client: server.client },
          input,
        )) {
          seen.push(...Items);
          if (last !== undefined) assert.deepEqual(last, Items.at(-1));
        }
        assert.equal(namesOf(seen), namesOf(ScanIndexForward ? inOrder : inOrder.toReversed()));
      }
    }
  });

  test("parts collections by all of its partition key", async () => {
    const answer = await query("cup = :c AND venue = :E", { IndexName: "ByPlayers" });
    assert.deepEqual((answer.Items ?? []).map(({ pk }) => pk?.S).toSorted(), [
      "a",
      "b",
      "c",
      "d",
      "e",
      "f",
      "other season",
      "without court",
      "without round",
      "without season",
      "without slot",
    ]);
  });
});

describe("an index with keys of several attributes refuses", () => {
  const gap = (names: string, last: string) =>
    `RANGE key attributes ${names} must have equality conditions specified in the query because a condition is present on key attribute ${last}`;
  const refusals: readonly [condition: string, message: string, input?: Partial<QueryCommandInput>][] = [
    ["cup = :c", "Query condition missed key schema element: season"],
    ["season = :s AND venue = :E", "Query condition missed key schema element: cup"],
    ["cup = :c AND season > :s", "Query key condition not supported"],
    [`${hash} AND round = :two`, gap("venue", "round")],
    [`${hash} AND venue = :E AND court = :zero`, gap("round", "court")],
    [`${hash} AND venue = :E AND round > :two AND court = :zero`, gap("round", "court")],
    [`${hash} AND slot = :am`, gap("venue, round, court", "slot")],
    [`${hash} AND venue = :E AND pk = :E`, "Query condition missed key schema element: round"],
    [
      `${hash} AND venue = :s`,
      "One or more parameter values were invalid: Condition parameter type does not match schema type",
    ],
    [
      `${hash} AND venue = :long AND round = :two AND begins_with(court, :zero)`,
      "One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes",
    ],
    [
      hash,
      "Filter Expression can only contain non-primary key attributes: Primary key attribute: slot",
      { FilterExpression: "attribute_exists(slot)" },
    ],
    [
      hash,
      "The provided starting key is invalid",
      { ExclusiveStartKey: { pk: { S: "a" }, cup: { S: "gold" }, season: { N: "2026" } } },
    ],
    [
      `${hash} AND venue = :E AND round = :two`,
      "The provided starting key does not match the range key predicate",
      { ExclusiveStartKey: match("g", "EU", "2", [0], "am") },
    ],
    [
      "cup = :c AND venue = :E",
      "The number of query conditions (3) exceeds the number of key attributes defined in the schema (2)",
      {
        IndexName: "ByPlayers",
        KeyConditionExpression: "cup = :c AND venue = :E AND pk = :E",
      },
    ],
  ];
  for (const [condition, message, input] of refusals) {
    test(`${condition}${input === undefined ? "" : ` with ${Object.keys(input).join(", ")}`}`, async () => {
      assert.deepEqual(await refusalOf(query(condition, input)), validation(message));
    });
  }
});
