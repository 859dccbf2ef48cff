import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { ExecuteStatementCommandInput } from "@aws-sdk/client-dynamodb";
import { createIndexedTable, putItems } from "./indexed-tables.ts";
import { refusalOf, validation } from "./refusals.ts";
import { startTestServer, type TestServer } from "./server.ts";
import { allPages, execute, executeBatch } from "./statements.ts";

let server: TestServer;
before(async () => {
  server = await startTestServer();
  await createIndexedTable(server.client, "songs", {
    hash: ["pk S"],
    range: ["sk N"],
    local: {
      ByRank: { hash: ["pk S"], range: ["rank N"], projection: "KEYS_ONLY" },
      ByPrice: { hash: ["pk S"], range: ["price N"], projection: ["label"] },
    },
    global: {
      ByGenre: { hash: ["genre S"], range: ["year N"], projection: ["label"] },
      ByLabel: { hash: ["label S"] },
      ByTwo: { hash: ["genre S", "label S"] },
      ByManyYears: { hash: ["genre S"], range: ["year N", "rank N"] },
    },
  });
  await putItems(server.client, "songs", [
    ...[1, 2, 3, 4].map((n) => ({
      pk: { S: "p" },
      sk: { N: String(n) },
      rank: { N: String(10 - n) },
      price: { N: String(n) },
      genre: { S: n < 4 ? "jazz" : "soul" },
      year: { N: String(2000 + n) },
      label: { S: n % 2 === 0 ? "blue" : "red" },
      note: { S: `note ${n}` },
    })),
    // No index holds it.
    { pk: { S: "p" }, sk: { N: "9" }, note: { S: "note 9" } },
  ]);
});
after(() => server.close());

async function column(
  name: string,
  statement: string,
  input: Partial<ExecuteStatementCommandInput> = {},
): Promise<readonly (string | undefined)[]> {
  const { Items = [] } = await execute(server.client, statement, input);
  return Items.map((row) => row[name]?.N ?? row[name]?.S);
}

function capacityOf(statement: string, input: Partial<ExecuteStatementCommandInput> = {}) {
  return execute(server.client, statement, { ReturnConsumedCapacity: "INDEXES", ...input }).then(
    ({ ConsumedCapacity }) => ConsumedCapacity,
  );
}

describe("SELECT on an index", () => {
  test("reads only what the index holds, in its order", async () => {
    assert.deepEqual(await column("sk", `SELECT sk FROM songs."ByRank" WHERE pk = 'p'`), [
      "4",
      "3",
      "2",
      "1",
    ]);
    assert.deepEqual(await column("sk", `SELECT sk FROM songs."ByGenre" WHERE genre = 'jazz'`), [
      "1",
      "2",
      "3",
    ]);
    assert.deepEqual(
      await column(
        "sk",
        `SELECT sk FROM songs."ByGenre" WHERE genre = 'jazz' AND year > 2001 ORDER BY year DESC`,
      ),
      ["3", "2"],
    );
    assert.deepEqual(
      await column(
        "sk",
        `SELECT sk FROM songs."ByGenre" WHERE genre IN ['soul', 'jazz'] ORDER BY genre, year`,
      ),
      ["1", "2", "3", "4"],
    );
  });

  test("takes * for what the index projects", async () => {
    const { Items: local } = await execute(
      server.client,
      `SELECT * FROM songs."ByRank" WHERE pk = 'p' AND rank = 9`,
    );
    assert.deepEqual(local, [{ pk: { S: "p" }, sk: { N: "1" }, rank: { N: "9" } }]);
    const { Items: global } = await execute(
      server.client,
      `SELECT * FROM songs."ByGenre" WHERE genre = 'soul'`,
    );
    assert.deepEqual(global, [
      { pk: { S: "p" }, sk: { N: "4" }, genre: { S: "soul" }, year: { N: "2004" }, label: { S: "blue" } },
    ]);
  });

  test("fetches what a local index lacks", async () => {
    assert.deepEqual(await column("note", `SELECT note FROM songs."ByRank" WHERE pk = 'p' AND rank < 8`), [
      "note 4",
      "note 3",
    ]);
  });

  test("without the index's partition key reads the whole index", async () => {
    assert.deepEqual(
      await column("sk", `SELECT sk FROM songs."ByGenre" WHERE label = 'blue' AND year = 2002`),
      ["2"],
    );
    assert.deepEqual(await column("sk", `SELECT sk FROM songs."ByLabel" WHERE pk = 'p' AND sk = 9`), []);
  });

  test("finds absent, while it reads a whole index, what the index does not project", async () => {
    assert.deepEqual(await column("sk", `SELECT sk FROM songs."ByGenre" WHERE note = 'note 1'`), []);
    assert.equal((await column("sk", `SELECT sk FROM songs."ByGenre" WHERE NOT note = 'note 1'`)).length, 4);
    assert.deepEqual(
      await column(
        "sk",
        `SELECT sk FROM songs."ByGenre" WHERE (genre = 'jazz' AND note = 'note 1') OR genre = 'soul'`,
      ),
      ["4"],
    );
  });

  test("may be consistent where the index is local", async () => {
    const statement = `SELECT sk FROM songs."ByRank" WHERE pk = 'p' AND rank = 6`;
    assert.deepEqual(await column("sk", statement, { ConsistentRead: true }), ["4"]);
  });

  test("pages through all entries once", async () => {
    for (const statement of [
      `SELECT sk FROM songs."ByRank" WHERE pk = 'p'`,
      `SELECT sk FROM songs."ByLabel"`,
      `SELECT sk FROM songs."ByGenre" WHERE genre IN ['jazz', 'soul']`,
      `SELECT sk FROM songs."ByGenre" WHERE genre IN ['jazz', 'soul'] ORDER BY genre DESC, year DESC`,
    ]) {
      const { rows } = await allPages(server.client, statement, { Limit: 1 });
      assert.deepEqual(rows.map(({ sk }) => sk?.N).sort(), ["1", "2", "3", "4"], statement);
    }
  });

  test("shows the keys of index and table where a page ends", async () => {
    const page = await execute(server.client, `SELECT note FROM songs."ByRank" WHERE pk = 'p'`, { Limit: 2 });
    assert.deepEqual(page.LastEvaluatedKey, { pk: { S: "p" }, rank: { N: "7" }, sk: { N: "3" } });
  });

  test("is metered on the index, and on the table for what it fetches", async () => {
    assert.deepEqual(await capacityOf(`SELECT * FROM songs."ByGenre" WHERE genre = 'jazz'`), {
      TableName: "songs",
      CapacityUnits: 0.5,
      Table: { CapacityUnits: 0 },
      GlobalSecondaryIndexes: { ByGenre: { CapacityUnits: 0.5 } },
    });
    assert.deepEqual(
      await capacityOf(`SELECT note FROM songs."ByRank" WHERE pk = 'p'`, { ConsistentRead: true }),
      {
        TableName: "songs",
        CapacityUnits: 5,
        Table: { CapacityUnits: 4 },
        LocalSecondaryIndexes: { ByRank: { CapacityUnits: 1 } },
      },
    );
    const none = await capacityOf(`SELECT note FROM songs."ByPrice" WHERE pk = 'p' AND label = 'green'`);
    const all = await capacityOf(`SELECT note FROM songs."ByPrice" WHERE pk = 'p'`);
    assert.deepEqual(none, all);
  });
});

describe("SELECT on an index is refused", () => {
  const multi =
    "PartiQL statements cannot be executed on tables with multi-attribute HASH keys or multi-attribute RANGE keys.";
  const filters =
    "One or more parameter values were invalid: Secondary index <index> does not project one or more filter attributes: ";
  const ofGenre = filters.replace("<index>", "ByGenre");
  const refused: readonly [
    statement: string,
    message: string,
    input?: Partial<ExecuteStatementCommandInput>,
  ][] = [
    [
      `SELECT * FROM songs."nothing" WHERE pk = 'p'`,
      "The table does not have the specified index",
      { ConsistentRead: true },
    ],
    [`SELECT * FROM songs."songs" WHERE pk = 'p'`, "The table does not have the specified index"],
    [
      `SELECT * FROM songs."ByGenre" WHERE genre = 'jazz'`,
      "Strongly consistent read is not supported on Global Secondary Indexes",
      { ConsistentRead: true },
    ],
    [`SELECT * FROM songs."ByTwo" WHERE genre = 'jazz'`, multi],
    [`SELECT * FROM songs."ByTwo"`, multi],
    [`SELECT COUNT(*) FROM songs."ByTwo"`, multi],
    [`SELECT COUNT(*) FROM songs."ByGenre"`, "Unexpected path component at 1:8:5"],
    [`SELECT COUNT(*) FROM songs`, "Unexpected path component at 1:8:5"],
    [`SELECT * FROM songs."ByTwo" WHERE genre = 5 ORDER BY nothing`, multi],
    [`SELECT * FROM songs."ByManyYears" WHERE genre = 'jazz' ORDER BY year DESC`, multi],
    [
      `SELECT sk, note, price FROM songs."ByGenre" WHERE genre = 'jazz'`,
      "One or more parameter values were invalid: Global secondary index ByGenre does not project [note, price]",
    ],
    [
      `SELECT note.inside FROM songs."ByGenre"`,
      "One or more parameter values were invalid: Global secondary index ByGenre does not project [note]",
    ],
    [`SELECT sk FROM songs."ByGenre" WHERE genre = 'jazz' AND note = 'x'`, `${ofGenre}[note]`],
    [
      `SELECT sk FROM songs."ByGenre" WHERE genre = 'jazz' AND NOT (note = 'x' OR label = 'y')`,
      `${ofGenre}[note]`,
    ],
    [`SELECT sk FROM songs."ByGenre" WHERE genre = 'jazz' AND note IS MISSING`, `${ofGenre}[note]`],
    [`SELECT sk FROM songs."ByGenre" WHERE genre IN ['jazz', 'soul'] AND note = 'x'`, `${ofGenre}[note]`],
    [
      `SELECT sk FROM songs."ByGenre" WHERE (genre = 'jazz' OR genre = 'soul') AND zz = '1'`,
      `${ofGenre}[zz]`,
    ],
    [
      `SELECT sk FROM songs."ByGenre" WHERE genre = 'jazz' AND b = '1' AND (a = '2' OR label = '3')`,
      `${ofGenre}[a, b]`,
    ],
    [
      `SELECT sk FROM songs."ByGenre" WHERE genre = 'jazz' AND (zz = '1' OR aa = '2' OR mm = '3')`,
      `${ofGenre}[zz, aa, mm]`,
    ],
    [
      `SELECT sk FROM songs."ByGenre" WHERE (genre = 'b' AND u1 = '1') OR (genre = 'q' AND u2 = '1')`,
      `${ofGenre}[u2]`,
    ],
    [
      `SELECT sk FROM songs."ByGenre" WHERE (genre = 'q' AND u1 = '1') OR (genre = 'b' AND u2 = '1')`,
      `${ofGenre}[u1]`,
    ],
    [
      `SELECT sk FROM songs."ByRank" WHERE pk = 'p' AND rank BETWEEN 1 AND 5 AND note = 'x'`,
      `${filters.replace("<index>", "ByRank")}[note]`,
    ],
  ];
  for (const [statement, message, input] of refused) {
    test(statement, async () => {
      assert.deepEqual(await refusalOf(execute(server.client, statement, input)), validation(message));
    });
  }

  test("in a batch, as it does not name an item", async () => {
    const { Responses } = await executeBatch(server.client, [
      `SELECT * FROM songs."ByTwo" WHERE genre = 'jazz'`,
      `SELECT * FROM songs."ByGenre" WHERE genre = 'jazz'`,
      `SELECT * FROM songs."ByGenre" WHERE pk = 'p' AND sk = 1 AND genre = 'jazz'`,
      `SELECT * FROM songs."nothing" WHERE pk = 'p' AND sk = 1`,
    ]);
    const withoutKey =
      "Select statements within BatchExecuteStatement must specify the primary key in the where clause.";
    assert.deepEqual(
      Responses,
      [multi, withoutKey, withoutKey, "The table does not have the specified index"].map((Message) => ({
        Error: { Code: "ValidationError", Message },
      })),
    );
  });
});

describe("a statement that writes", () => {
  test("leaves indexes of several attributes to the table", async () => {
    await execute(server.client, "UPDATE songs SET note = 'new' WHERE pk = 'p' AND sk = 9");
    assert.deepEqual(await column("note", "SELECT note FROM songs WHERE pk = 'p' AND sk = 9"), ["new"]);
  });

  test("is metered on the indexes that it changes", async () => {
    const write = (statement: string) =>
      execute(server.client, statement, { ReturnConsumedCapacity: "INDEXES" }).then(
        ({ ConsumedCapacity }) => ConsumedCapacity,
      );
    const one = { CapacityUnits: 1 };
    assert.deepEqual(await write("INSERT INTO songs VALUE {'pk': 'm', 'sk': 1, 'label': 'x', 'rank': 1}"), {
      TableName: "songs",
      CapacityUnits: 3,
      Table: one,
      LocalSecondaryIndexes: { ByRank: one },
      GlobalSecondaryIndexes: { ByLabel: one },
    });
    assert.deepEqual(await write("UPDATE songs SET label = 'y' WHERE pk = 'm' AND sk = 1"), {
      TableName: "songs",
      CapacityUnits: 3,
      Table: one,
      GlobalSecondaryIndexes: { ByLabel: { CapacityUnits: 2 } },
    });
    assert.deepEqual(await write("DELETE FROM songs WHERE pk = 'm' AND sk = 1"), {
      TableName: "songs",
      CapacityUnits: 3,
      Table: one,
      LocalSecondaryIndexes: { ByRank: one },
      GlobalSecondaryIndexes: { ByLabel: one },
    });
  });

  const onIndex = "This operation is not supported on an index";
  const refused: readonly [statement: string, message: string][] = [
    [`UPDATE songs."ByGenre" SET note = 'x' WHERE pk = 'p' AND sk = 1`, onIndex],
    [`DELETE FROM songs."ByGenre" WHERE pk = 'p' AND sk = 1`, onIndex],
    [
      `INSERT INTO songs."ByGenre" VALUE {'pk': 'p', 'sk': 77}`,
      "FROM clause may only contain a single table name",
    ],
    [
      `UPDATE songs SET genre = 5 WHERE pk = 'p' AND sk = 1`,
      "One or more parameter values were invalid: Type mismatch for Index Key genre Expected: S Actual: N IndexName: ByGenre",
    ],
    [
      `INSERT INTO songs VALUE {'pk': 'p', 'sk': 77, 'genre': ''}`,
      "One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: ByGenre, IndexKey: genre",
    ],
  ];
  for (const [statement, message] of refused) {
    test(`is refused: ${statement}`, async () => {
      assert.deepEqual(await refusalOf(execute(server.client, statement)), validation(message));
    });
  }
});
