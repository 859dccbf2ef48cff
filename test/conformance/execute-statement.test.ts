import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { DynamoDBDocumentClient, ExecuteStatementCommand } from "@aws-sdk/lib-dynamodb";
import type { ExecuteStatementCommandInput } from "@aws-sdk/client-dynamodb";
import { putItems, type Item } from "./indexed-tables.ts";
import { createItemTable } from "./item-tables.ts";
import { rawCall, rawRefusal, refusalOf, validation } from "./refusals.ts";
import { startTestServer, type TestServer } from "./server.ts";
import { execute } from "./statements.ts";

let server: TestServer;
before(async () => {
  server = await startTestServer();
  await createItemTable(server.client, "pets", ["pk", "S"]);
  await createItemTable(server.client, "songs", ["pk", "S"], ["sk", "N"]);
  await createItemTable(server.client, "odd", ["__proto__", "S"]);
  await putItems(server.client, "pets", [
    {
      pk: { S: "cat" },
      legs: { N: "4" },
      home: { M: { town: { S: "Rome" }, rooms: { L: [{ S: "kitchen" }, { S: "roof" }] } } },
      nothing: { NULL: true },
    },
    { pk: { S: "bird" }, legs: { N: "2" }, bulk: { S: "small" } },
    { pk: { S: "worm" }, legs: { N: "0" } },
  ]);
  await putItems(
    server.client,
    "songs",
    ["a", "b", "c"].flatMap((pk) =>
      [1, 2, 3].map((sk) => ({ pk: { S: pk }, sk: { N: String(sk) }, odd: { BOOL: sk % 2 === 1 } })),
    ),
  );
  await putItems(server.client, "odd", [
    JSON.parse('{ "__proto__": { "S": "x" }, "constructor": { "N": "1" } }') as Item,
  ]);
});
after(() => server.close());

async function rowsOf(
  statement: string,
  input: Partial<ExecuteStatementCommandInput> = {},
): Promise<readonly Item[]> {
  return (await execute(server.client, statement, input)).Items ?? [];
}

/** The rows as "pk/sk". */
async function keysOf(where: string): Promise<readonly string[]> {
  const rows = await rowsOf(`SELECT pk, sk FROM songs WHERE ${where}`);
  return rows.map(({ pk, sk }) => `${pk?.S ?? ""}/${sk?.N ?? ""}`);
}

async function petsOf(where: string): Promise<readonly (string | undefined)[]> {
  const rows = await rowsOf(`SELECT pk FROM pets WHERE ${where}`);
  return rows.map(({ pk }) => pk?.S).sort();
}

describe("SELECT answers", () => {
  test("the whole item that a key names, or no row", async () => {
    assert.deepEqual(await rowsOf("SELECT * FROM songs WHERE pk = 'a' AND sk = 2"), [
      { pk: { S: "a" }, sk: { N: "2" }, odd: { BOOL: false } },
    ]);
    assert.deepEqual(await rowsOf("SELECT * FROM songs WHERE pk = 'a' AND sk = 20"), []);
    assert.deepEqual(
      await rowsOf("SELECT * FROM songs WHERE pk = ? AND ? = sk", { Parameters: [{ S: "a" }, { N: "2.0" }] }),
      [{ pk: { S: "a" }, sk: { N: "2" }, odd: { BOOL: false } }],
    );
  });

  test("columns that are named by the end of their paths", async () => {
    const rows = await rowsOf("SELECT home.town, home.rooms[1], legs, none FROM pets WHERE pk = 'cat'");
    assert.deepEqual(rows, [{ town: { S: "Rome" }, "rooms[1]": { S: "roof" }, legs: { N: "4" } }]);
  });

  test("a row without columns where nothing asked for is there", async () => {
    assert.deepEqual(await rowsOf("SELECT none FROM pets WHERE pk = 'cat'"), [{}]);
  });

  test("items whose attributes have the names of an object's own members", async () => {
    const { body } = await rawCall(server.endpoint, "ExecuteStatement", {
      Statement: `SELECT "constructor", "__proto__", "toString" FROM odd WHERE "__proto__" = 'x'`,
    });
    assert.equal(JSON.stringify(body), '{"Items":[{"constructor":{"N":"1"},"__proto__":{"S":"x"}}]}');
  });

  test("plain JavaScript values through the document client", async () => {
    const documents = DynamoDBDocumentClient.from(server.client);
    const { Items } = await documents.send(
      new ExecuteStatementCommand({
        Statement: "SELECT legs, home.rooms FROM pets WHERE pk = ?",
        Parameters: ["cat"],
      }),
    );
    assert.deepEqual(Items, [{ legs: 4, rooms: ["kitchen", "roof"] }]);
  });
});

describe("a WHERE clause", () => {
  test("reads a collection, or the part of it that its conditions on the sort key leave", async () => {
    assert.deepEqual(await keysOf("pk = 'a'"), ["a/1", "a/2", "a/3"]);
    assert.deepEqual(await keysOf("pk = 'a' AND sk > 1"), ["a/2", "a/3"]);
    assert.deepEqual(await keysOf("pk = 'a' AND sk BETWEEN 1 AND 2"), ["a/1", "a/2"]);
    assert.deepEqual(await keysOf("pk = 'a' AND sk > 1 AND odd = true"), ["a/3"]);
    assert.deepEqual(await keysOf("pk = 'a' AND sk > 0 AND sk <> 2"), ["a/1", "a/3"]);
    assert.deepEqual(await keysOf("pk = 'a' AND NOT sk = 2"), ["a/1", "a/3"]);
  });

  test("reads several items or collections", async () => {
    assert.deepEqual((await keysOf("pk IN ['a', 'c'] AND sk = 2")).toSorted(), ["a/2", "c/2"]);
    assert.deepEqual((await keysOf("pk = 'b' AND sk IN [3, 1]")).toSorted(), ["b/1", "b/3"]);
    assert.deepEqual((await keysOf("pk = 'b' AND (sk = 3 OR sk < 2)")).toSorted(), ["b/1", "b/3"]);
    assert.deepEqual((await keysOf("pk IN ['a', 'c'] AND odd = false")).toSorted(), ["a/2", "c/2"]);
    assert.deepEqual((await keysOf("pk = 'a' AND sk = 1 OR pk = 'b' AND sk = 2")).toSorted(), ["a/1", "b/2"]);
  });

  test("without a condition on the partition key reads everything", async () => {
    assert.deepEqual((await keysOf("sk = 2")).toSorted(), ["a/2", "b/2", "c/2"]);
    assert.deepEqual((await keysOf("pk > 'a' AND sk = 2")).toSorted(), ["b/2", "c/2"]);
    assert.deepEqual((await keysOf("pk = 'a' OR sk = 3")).toSorted(), ["a/1", "a/2", "a/3", "b/3", "c/3"]);
    assert.equal((await rowsOf("SELECT * FROM songs")).length, 9);
  });

  test("knows the functions and tests of the dialect", async () => {
    assert.deepEqual(await petsOf("bulk IS MISSING"), ["cat", "worm"]);
    assert.deepEqual(await petsOf("bulk IS NOT MISSING"), ["bird"]);
    assert.deepEqual(await petsOf("nothing IS NULL"), ["cat"]);
    assert.deepEqual(await petsOf("attribute_type(bulk, 'S')"), ["bird"]);
    assert.deepEqual(await petsOf("begins_with(pk, 'w') OR contains(pk, 'ir')"), ["bird", "worm"]);
    assert.deepEqual(await petsOf("size(home.rooms) = 2"), ["cat"]);
    assert.deepEqual(await petsOf("home.rooms[0] = 'kitchen'"), ["cat"]);
    assert.deepEqual(await petsOf("legs IN [0, 2]"), ["bird", "worm"]);
  });
});

describe("ORDER BY", () => {
  const ordered: readonly [clause: string, keys: readonly string[]][] = [
    ["pk = 'a' ORDER BY sk", ["a/1", "a/2", "a/3"]],
    ["pk = 'a' ORDER BY sk DESC", ["a/3", "a/2", "a/1"]],
    ["pk = 'a' AND sk > 1 ORDER BY sk DESC", ["a/3", "a/2"]],
    ["pk = 'a' AND sk IN [2, 1, 3] ORDER BY sk DESC", ["a/3", "a/2", "a/1"]],
    ["pk = 'a' AND sk IN [2, 1, 3] ORDER BY sk ASC", ["a/1", "a/2", "a/3"]],
    ["pk = 'a' AND (sk > 2 OR sk < 2) ORDER BY sk", ["a/1", "a/3"]],
    ["pk = 'a' AND (sk < 2 OR sk > 2) ORDER BY sk DESC", ["a/3", "a/1"]],
    ["pk IN ['c', 'a'] ORDER BY pk, sk", ["a/1", "a/2", "a/3", "c/1", "c/2", "c/3"]],
    ["pk IN ['a', 'c'] ORDER BY pk DESC, sk ASC", ["c/1", "c/2", "c/3", "a/1", "a/2", "a/3"]],
    // The service reads in reverse where the partition key alone is named.
    ["pk = 'a' ORDER BY pk ASC", ["a/3", "a/2", "a/1"]],
    ["pk IN ['a', 'c'] ORDER BY pk DESC", ["c/3", "c/2", "c/1", "a/3", "a/2", "a/1"]],
  ];
  for (const [clause, keys] of ordered) {
    test(`orders rows: ${clause}`, async () => {
      assert.deepEqual(await keysOf(clause), keys);
    });
  }

  const refused: readonly [statement: string, message: string][] = [
    ["ORDER BY sk", "Must have WHERE clause in the statement when using ORDER BY clause."],
    ["ORDER BY odd", "Must have WHERE clause in the statement when using ORDER BY clause."],
    ["WHERE pk > 'a' ORDER BY odd", "Attribute odd in ORDER BY clause must be part of the primary key"],
    [
      "WHERE pk > 'a' ORDER BY sk",
      "Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause.",
    ],
    [
      "WHERE pk IN ['a', 'b'] ORDER BY sk DESC",
      "Must have hash key in ORDER BY clause when more than one hash key condition specified in WHERE clause.",
    ],
  ];
  for (const [clauses, message] of refused) {
    test(`is refused: ${clauses}`, async () => {
      const refusal = await refusalOf(execute(server.client, `SELECT * FROM songs ${clauses}`));
      assert.deepEqual(refusal, validation(message));
    });
  }
});

describe("SELECT is metered", () => {
  const metered: readonly [statement: string, input: Partial<ExecuteStatementCommandInput>, units: number][] =
    [
      ["SELECT * FROM songs WHERE pk = 'a' AND sk = 1", {}, 0.5],
      ["SELECT * FROM songs WHERE pk = 'a' AND sk = 1", { ConsistentRead: true }, 1],
      ["SELECT * FROM songs WHERE pk = 'a' AND sk = 10", {}, 0.5],
      ["SELECT * FROM songs WHERE pk = 'a'", {}, 0.5],
      ["SELECT * FROM songs WHERE pk = 'a' AND odd = 7", {}, 0.5],
      ["SELECT * FROM songs WHERE pk IN ['a', 'b', 'z'] AND sk = 1", {}, 1.5],
      ["SELECT * FROM songs", { ConsistentRead: true }, 1],
    ];
  for (const [statement, input, units] of metered) {
    test(`as its reads are: ${statement} ${JSON.stringify(input)}`, async () => {
      const total = await execute(server.client, statement, { ...input, ReturnConsumedCapacity: "TOTAL" });
      assert.deepEqual(total.ConsumedCapacity, { TableName: "songs", CapacityUnits: units });
      const split = await execute(server.client, statement, { ...input, ReturnConsumedCapacity: "INDEXES" });
      assert.deepEqual(split.ConsumedCapacity, {
        TableName: "songs",
        CapacityUnits: units,
        Table: { CapacityUnits: units },
      });
    });
  }
});

describe("a statement is refused", () => {
  const refused: readonly [request: object, message: string][] = [
    [
      { Statement: "" },
      "1 validation error detected: Value '' at 'statement' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      { Statement: "SELECT * FROM songs", Parameters: [] },
      "1 validation error detected: Value '[]' at 'parameters' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      { Statement: "SELECT * FROM songs", Limit: 0 },
      "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
    [
      { Statement: "SELECT * FROM songs", ReturnConsumedCapacity: "SOME" },
      "1 validation error detected: Value 'SOME' at 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]",
    ],
    [
      { Statement: "SELECT * FROM songs WHERE pk = ?" },
      "Number of parameters in request and statement don't match.",
    ],
    [
      { Statement: "SELECT * FROM songs WHERE" },
      "Statement wasn't well formed, can't be processed: Unexpected term",
    ],
    [
      { Statement: "SELECT * FROM songs WHERE pk = 'a' AND sk = '1'" },
      "Key attribute's data type should match its data type in table's schema: Key sk",
    ],
    [
      { Statement: "SELECT * FROM songs WHERE pk IN ['a', '']" },
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk",
    ],
    [
      { Statement: `SELECT * FROM pets WHERE pk = '${"x".repeat(2_049)}'` },
      "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes",
    ],
    [
      { Statement: "SELECT * FROM songs WHERE pk = '' AND sk = 1" },
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk",
    ],
    [
      { Statement: "SELECT * FROM songs WHERE pk = ?", Parameters: [{ S: "x".repeat(2_049) }] },
      "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes",
    ],
    [
      { Statement: "SELECT * FROM songs WHERE pk IN ['a', 'a']" },
      "Overlapping conditions with range keys are not supported in where clause",
    ],
    [
      {
        Statement: `SELECT * FROM songs WHERE pk IN [${Array.from({ length: 51 }, (_, at) => `'${at}'`).join(", ")}]`,
      },
      "Too many decomposed read operations for a given query.",
    ],
    [
      { Statement: "EXISTS(SELECT * FROM songs WHERE pk = 'a' AND sk = 1 AND odd IS MISSING)" },
      "EXISTS can only be used in ExecuteTransaction write requests.",
    ],
    [
      { Statement: `SELECT * FROM songs."nothing" WHERE pk = 'a'` },
      "The table does not have the specified index",
    ],
  ];
  for (const [request, message] of refused) {
    test(message, async () => {
      assert.deepEqual(await rawRefusal(server.endpoint, "ExecuteStatement", request), validation(message));
    });
  }

  test("whose table is not there, if the statement can be read", async () => {
    assert.deepEqual(await refusalOf(execute(server.client, "SELECT * FROM nowhere")), {
      name: "ResourceNotFoundException",
      message: "Requested resource not found",
    });
    assert.deepEqual(
      await refusalOf(execute(server.client, "SELECT * FROM nowhere WHERE")),
      validation("Statement wasn't well formed, can't be processed: Unexpected term"),
    );
  });
});
