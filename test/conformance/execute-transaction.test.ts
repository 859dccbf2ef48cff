import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { DynamoDBDocumentClient, ExecuteTransactionCommand } from "@aws-sdk/lib-dynamodb";
import type { ParameterizedStatement } from "@aws-sdk/client-dynamodb";
import { cancellationOf, cancelled, conditionFailed, invalidAction } from "./cancellations.ts";
import { createIndexedTable, putItems, type Item } from "./indexed-tables.ts";
import { rawRefusal, refusalOf, validation } from "./refusals.ts";
import { startTestServer, type TestServer } from "./server.ts";
import { execute, executeBatch, executeTransaction } from "./statements.ts";

let server: TestServer;
before(async () => {
  server = await startTestServer();
  await createIndexedTable(server.client, "songs", {
    hash: ["pk S"],
    range: ["sk N"],
    global: { ByGenre: { hash: ["genre S"] } },
  });
  await createIndexedTable(server.client, "pets", { hash: ["pk S"] });
});
beforeEach(async () => {
  await putItems(server.client, "songs", [
    { pk: { S: "a" }, sk: { N: "1" }, genre: { S: "jazz" }, plays: { N: "0" } },
    { pk: { S: "a" }, sk: { N: "2" }, plays: { N: "0" } },
  ]);
  await putItems(server.client, "pets", [{ pk: { S: "cat" }, legs: { N: "4" }, home: { M: {} } }]);
  await execute(server.client, "DELETE FROM pets WHERE pk = 'new'");
});
after(() => server.close());

type Sent = readonly (string | ParameterizedStatement)[];

function transact(statements: Sent, more: Parameters<typeof executeTransaction>[2] = {}) {
  return executeTransaction(server.client, statements, more);
}

async function rowOf(key: string): Promise<Item | undefined> {
  const { Items } = await execute(server.client, `SELECT * FROM ${key}`, { ConsistentRead: true });
  return Items?.[0];
}

const firstSong = "songs WHERE pk = 'a' AND sk = 1";
const mismatch = "The provided key element does not match the schema";

function inStatement(position: number, message: string) {
  return validation(`Validation failed in TransactStatements[${position}]: ${message}`);
}

describe("ExecuteTransaction of reads", () => {
  test("answers one item a statement, in their order", async () => {
    const { Responses, ConsumedCapacity } = await transact(
      [
        "SELECT plays FROM songs WHERE (sk = 1) AND pk = 'a' AND pk = 'a'",
        "SELECT * FROM pets WHERE pk IN ['cat']",
        "SELECT * FROM pets WHERE pk = 'nobody'",
        {
          Statement: "SELECT none FROM songs WHERE pk = ? AND sk IN [?]",
          Parameters: [{ S: "a" }, { N: "2" }],
        },
      ],
      { ReturnConsumedCapacity: "INDEXES" },
    );
    assert.deepEqual(Responses, [
      { Item: { plays: { N: "0" } } },
      { Item: { pk: { S: "cat" }, legs: { N: "4" }, home: { M: {} } } },
      {},
      {},
    ]);
    assert.deepEqual(
      ConsumedCapacity,
      ["songs", "pets"].map((TableName) => ({
        TableName,
        CapacityUnits: 4,
        ReadCapacityUnits: 4,
        Table: { CapacityUnits: 4, ReadCapacityUnits: 4 },
      })),
    );
  });

  const withoutKey =
    "Select statements within ExecuteTransaction must specify the primary key in the where clause.";
  const refused: readonly [where: string, message: string][] = [
    ["pk = 'a' AND sk = 1 AND plays = 0", withoutKey],
    ["pk = 'a' AND sk = 1 AND pk = 'b'", withoutKey],
    ["pk IN ['b'] AND pk = 'a' AND sk = 1", withoutKey],
    ["pk = 'a'", withoutKey],
    ["plays = 0", withoutKey],
    ["pk IN ['a', 'b'] AND sk = 1", withoutKey],
    [
      "pk IN ['a', 'a'] AND sk = 1",
      "Overlapping conditions with range keys are not supported in where clause",
    ],
  ];
  for (const [where, message] of refused) {
    test(`refuses ${where}`, async () => {
      const call = transact([`SELECT * FROM pets WHERE pk = 'cat'`, `SELECT * FROM songs WHERE ${where}`]);
      assert.deepEqual(await refusalOf(call), inStatement(1, message));
    });
  }

  test("refuses indexes", async () => {
    const message = "Reads on indices are not supported within transactions.";
    for (const index of ["ByGenre", "nothing"]) {
      const call = transact([`SELECT * FROM songs."${index}" WHERE genre = 'jazz'`]);
      assert.deepEqual(await refusalOf(call), inStatement(0, message));
    }
  });

  test("refuses to read an item twice", async () => {
    const twice = validation("Transaction request cannot include multiple operations on one item");
    const call = transact([
      `SELECT * FROM ${firstSong}`,
      "SELECT plays FROM songs WHERE sk = 1.0 AND pk = 'a'",
    ]);
    assert.deepEqual(await refusalOf(call), twice);
  });

  test("is cancelled by keys of the wrong type, before anything is said of items named twice", async () => {
    const call = transact([
      `SELECT * FROM ${firstSong}`,
      `SELECT * FROM ${firstSong}`,
      "SELECT * FROM songs WHERE pk = 1 AND sk = 1",
    ]);
    assert.deepEqual(await cancellationOf(call), cancelled(undefined, undefined, invalidAction(mismatch)));
  });
});

describe("ExecuteTransaction of writes", () => {
  test("applies all statements, and answers no responses", async () => {
    const { Responses, ConsumedCapacity } = await transact(
      [
        "INSERT INTO pets VALUE {'pk': 'new', 'legs': 6}",
        `UPDATE songs SET plays = plays + 1 WHERE pk = 'a' AND sk = 1 AND plays = 0`,
        "DELETE FROM songs WHERE pk = 'a' AND sk = 2",
        "EXISTS(SELECT * FROM pets WHERE pk = 'cat' AND legs = 4)",
      ],
      { ReturnConsumedCapacity: "TOTAL" },
    );
    assert.deepEqual(Responses, []);
    assert.deepEqual(ConsumedCapacity, [
      { TableName: "pets", CapacityUnits: 4, WriteCapacityUnits: 4 },
      { TableName: "songs", CapacityUnits: 5, WriteCapacityUnits: 5 },
    ]);
    assert.deepEqual((await rowOf("pets WHERE pk = 'new'"))?.["legs"], { N: "6" });
    assert.deepEqual((await rowOf(firstSong))?.["plays"], { N: "1" });
    assert.equal(await rowOf("songs WHERE pk = 'a' AND sk = 2"), undefined);
  });

  test("applies none when one is refused, and tells why", async () => {
    const cat = await rowOf("pets WHERE pk = 'cat'");
    const call = transact([
      "INSERT INTO pets VALUE {'pk': 'new'}",
      "INSERT INTO pets VALUE {'pk': 'cat'}",
      "UPDATE songs SET plays = 1 WHERE pk = 'z' AND sk = 1",
      {
        Statement: "UPDATE songs SET plays = 1 WHERE pk = 'a' AND sk = 2 AND plays = 7",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      },
      "EXISTS(SELECT * FROM songs WHERE pk = 'a' AND sk = 1 AND genre IS MISSING)",
      "DELETE FROM songs WHERE pk = 'y' AND sk = 1 AND plays = 7",
    ]);
    assert.deepEqual(
      await cancellationOf(call),
      cancelled(
        undefined,
        { Code: "DuplicateItem", Message: "Duplicate primary key exists in table" },
        conditionFailed(),
        conditionFailed({ pk: { S: "a" }, sk: { N: "2" }, plays: { N: "0" } }),
        conditionFailed(),
        undefined,
      ),
    );
    assert.equal(await rowOf("pets WHERE pk = 'new'"), undefined);
    assert.deepEqual(await rowOf("pets WHERE pk = 'cat'"), cat);
  });

  test("checks conditions by EXISTS on items that are there", async () => {
    const update = "UPDATE pets SET legs = 5 WHERE pk = 'cat'";
    await transact(["EXISTS(SELECT * FROM songs WHERE (pk = 'a' AND sk = 1) AND nope IS MISSING)", update]);
    assert.deepEqual((await rowOf("pets WHERE pk = 'cat'"))?.["legs"], { N: "5" });
    for (const check of [
      "pk = 'a' AND sk = 9 AND genre = 'jazz'",
      "pk = 'a' AND sk = 1 AND pk = 'b' AND genre = 'jazz'",
    ]) {
      const call = transact([`EXISTS(SELECT * FROM songs WHERE ${check})`, update]);
      assert.deepEqual(await cancellationOf(call), cancelled(conditionFailed(), undefined));
    }
  });

  test("happens once a token, and is told as reads when it is sent again", async () => {
    const statements = [`UPDATE songs SET plays = plays + 1 WHERE pk = 'a' AND sk = 2`];
    const input = { ClientRequestToken: "one", ReturnConsumedCapacity: "INDEXES" } as const;
    const first = await transact(statements, input);
    const second = await transact(statements, input);
    const units = { CapacityUnits: 2, WriteCapacityUnits: 2 };
    assert.deepEqual(first.ConsumedCapacity, [{ TableName: "songs", ...units, Table: units }]);
    const read = { CapacityUnits: 2, ReadCapacityUnits: 2 };
    assert.deepEqual(second.ConsumedCapacity, [{ TableName: "songs", ...read, Table: read }]);
    assert.deepEqual(second.Responses, []);
    assert.deepEqual((await rowOf("songs WHERE pk = 'a' AND sk = 2"))?.["plays"], { N: "1" });
    const { name } = await refusalOf(transact(["DELETE FROM pets WHERE pk = 'cat'"], input));
    assert.equal(name, "IdempotentParameterMismatchException");
  });

  const refused: readonly [statement: string, message: string][] = [
    ["UPDATE pets SET legs = 1 WHERE", "Statement wasn't well formed, can't be processed: Unexpected term"],
    [
      "UPDATE pets SET legs = 1 WHERE pk = 'cat' RETURNING ALL NEW *",
      "RETURNING clause is not supported in ExecuteTransaction.",
    ],
    [
      "DELETE FROM pets WHERE pk = 'cat' RETURNING ALL OLD *",
      "RETURNING clause is not supported in ExecuteTransaction.",
    ],
    [
      "EXISTS(SELECT * FROM pets WHERE pk = 'cat')",
      "EXISTS() must contain a single item read with additional condition",
    ],
    [
      "EXISTS(SELECT * FROM songs WHERE pk = 'a' AND plays = 0)",
      "EXISTS() must contain a single item read with additional condition",
    ],
    [
      "EXISTS(SELECT * FROM songs WHERE pk IN ['a'] AND sk = 1 AND plays = 0)",
      "EXISTS() must contain a single item read with additional condition",
    ],
    ["EXISTS(SELECT * FROM pets)", "EXISTS() must contain a single item read with additional condition"],
    [
      `UPDATE songs."ByGenre" SET plays = 1 WHERE pk = 'a' AND sk = 1`,
      "This operation is not supported on an index",
    ],
  ];
  for (const [statement, message] of refused) {
    test(`is refused: ${statement}`, async () => {
      const call = transact(["INSERT INTO pets VALUE {'pk': 'new'}", statement]);
      assert.deepEqual(await refusalOf(call), inStatement(1, message));
      assert.equal(await rowOf("pets WHERE pk = 'new'"), undefined);
    });
  }

  test("is refused when it names an item twice", async () => {
    const call = transact([
      "EXISTS(SELECT * FROM pets WHERE pk = 'cat' AND legs = 4)",
      "DELETE FROM pets WHERE pk = 'cat'",
    ]);
    assert.deepEqual(
      await refusalOf(call),
      validation("Transaction request cannot include multiple operations on one item"),
    );
  });

  test("is cancelled by every statement that does not name one item", async () => {
    const update = (where: string) => `UPDATE songs SET plays = 1 WHERE ${where}`;
    const call = transact([
      update("pk = 'a'"),
      update("pk IN ['a'] AND sk = 1"),
      update("pk = 'a' AND sk = 1 AND pk = 'b'"),
      update("pk = 'a' AND sk = '1'"),
      update("pk = 'a' AND sk = 1"),
      "INSERT INTO songs VALUE {'pk': 'x'}",
      "DELETE FROM songs WHERE sk = 1",
    ]);
    assert.deepEqual(
      await cancellationOf(call),
      cancelled(
        invalidAction(mismatch),
        invalidAction(mismatch),
        invalidAction(
          "Multiple conditions on same key pk. Only single item Update/Insert/Delete are supported",
        ),
        invalidAction(mismatch),
        undefined,
        invalidAction("One or more parameter values were invalid: Missing the key sk in the item"),
        invalidAction(mismatch),
      ),
    );
  });

  test("takes updates that begin with FROM", async () => {
    await transact(["FROM pets WHERE pk = 'cat' AND legs = 4 SET legs = 5 REMOVE home"]);
    assert.deepEqual(await rowOf("pets WHERE pk = 'cat'"), { pk: { S: "cat" }, legs: { N: "5" } });
  });

  test("is refused as a whole for items that are too large, and cancelled by those that an update makes so", async () => {
    const Parameters = [{ S: "x".repeat(409_600) }];
    const insert = { Statement: "INSERT INTO pets VALUE {'pk': 'new', 'body': ?}", Parameters };
    assert.deepEqual(
      await refusalOf(transact([insert])),
      validation("Item size has exceeded the maximum allowed size"),
    );
    const update = { Statement: "UPDATE pets SET body = ? WHERE pk = 'cat'", Parameters };
    assert.deepEqual(
      await cancellationOf(transact([update])),
      cancelled(invalidAction("Item size to update has exceeded the maximum allowed size")),
    );
    const large = [{ S: "x".repeat(409_000) }];
    const many = Array.from({ length: 11 }, (_, at) => ({
      Statement: `INSERT INTO pets VALUE {'pk': 'large${at}', 'body': ?}`,
      Parameters: large,
    }));
    assert.deepEqual(
      await refusalOf(transact(many)),
      validation("The transaction payload size has exceeded the maximum allowed size of 4 MB"),
    );
  });

  test("is refused as a whole for empty key values", async () => {
    const empty = validation(
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk",
    );
    const writes = transact(["INSERT INTO songs VALUE {'pk': 'x'}", "INSERT INTO pets VALUE {'pk': ''}"]);
    assert.deepEqual(await refusalOf(writes), empty);
    const reads = transact([
      "SELECT * FROM songs WHERE pk = 'a' AND sk = 'x'",
      "SELECT * FROM pets WHERE pk = ''",
    ]);
    assert.deepEqual(await refusalOf(reads), empty);
  });

  test("is cancelled by a change that its item does not take", async () => {
    let deep: object = { S: "x" };
    for (let level = 0; level < 31; level += 1) deep = { M: { a: deep } };
    const changes: readonly [ParameterizedStatement, string][] = [
      [
        { Statement: "UPDATE pets SET none.x = 1 WHERE pk = 'cat'" },
        "The document path provided in the update expression is invalid for update",
      ],
      [
        { Statement: "UPDATE pets SET home.x = ? WHERE pk = 'cat'", Parameters: [deep as { S: string }] },
        "Nesting Levels have exceeded supported limits",
      ],
    ];
    for (const [change, message] of changes) {
      const call = transact(["INSERT INTO pets VALUE {'pk': 'new'}", change]);
      assert.deepEqual(await cancellationOf(call), cancelled(undefined, invalidAction(message)));
    }
    assert.equal(await rowOf("pets WHERE pk = 'new'"), undefined);
  });

  test("takes and answers plain values through the document client", async () => {
    const documents = DynamoDBDocumentClient.from(server.client);
    const send = (Statement: string, Parameters: unknown[]) =>
      documents.send(new ExecuteTransactionCommand({ TransactStatements: [{ Statement, Parameters }] }));
    await send("INSERT INTO pets VALUE {'pk': ?, 'legs': ?}", ["new", 8]);
    const { Responses } = await send("SELECT * FROM pets WHERE pk = ?", ["new"]);
    assert.deepEqual(Responses, [{ Item: { pk: "new", legs: 8 } }]);
  });
});

test("statements that meet a transaction conflict, and none is lost or counted twice", async () => {
  await execute(server.client, "INSERT INTO pets VALUE {'pk': 'counter', 'n': 0}");
  const add = "UPDATE pets SET n = n + 1 WHERE pk = 'counter'";
  const [transactions, statements] = await Promise.all([
    Promise.allSettled(Array.from({ length: 20 }, () => transact([add]))),
    Promise.allSettled(Array.from({ length: 20 }, () => executeBatch(server.client, [add]))),
  ]);
  let added = 0;
  for (const result of transactions) {
    if (result.status === "fulfilled") added += 1;
    else assert.match(String(result.reason), /specific reasons \[TransactionConflict\]$/);
  }
  for (const result of statements) {
    assert.ok(result.status === "fulfilled");
    const { Error: error } = result.value.Responses?.[0] ?? {};
    if (error === undefined) added += 1;
    else assert.equal(error.Code, "TransactionConflict");
  }
  assert.deepEqual(await rowOf("pets WHERE pk = 'counter'"), {
    pk: { S: "counter" },
    n: { N: String(added) },
  });
});

describe("ExecuteTransaction", () => {
  test("does not both read and write", async () => {
    const call = transact([`SELECT * FROM ${firstSong}`, "INSERT INTO pets VALUE {'pk': 'new'}"]);
    assert.deepEqual(
      await refusalOf(call),
      validation(
        "ExecuteTransaction API does not support both read and write operations in the same request.",
      ),
    );
  });

  test("is cancelled by missing tables, unless a statement on another table is at fault", async () => {
    const missing = { Code: "ResourceNotFound", Message: "Requested resource not found" };
    const update = "UPDATE nowhere SET a = 1 WHERE pk = 'x'";
    assert.deepEqual(
      await cancellationOf(transact([`${update} RETURNING ALL NEW *`, "DELETE FROM nowhere WHERE pk = 'x'"])),
      cancelled(missing, missing),
    );
    assert.deepEqual(
      await cancellationOf(
        transact([`SELECT * FROM ${firstSong}`, `SELECT * FROM nowhere."i" WHERE pk = 'x'`]),
      ),
      cancelled(undefined, missing),
    );
    assert.deepEqual(
      await refusalOf(transact([update, "UPDATE pets SET a = 1 WHERE pk = 'cat' RETURNING ALL NEW *"])),
      inStatement(1, "RETURNING clause is not supported in ExecuteTransaction."),
    );
  });

  test("looks at all parameters first, and says nothing of their statements", async () => {
    const call = transact([
      "UPDATE pets SET WHERE",
      {
        Statement: "INSERT INTO pets VALUE {'pk': ?, 'x': ?}",
        Parameters: [{ S: "new" }, { SS: ["a", "a"] }],
      },
    ]);
    assert.deepEqual(
      await refusalOf(call),
      validation("One or more parameter values were invalid: Input collection [a, a] contains duplicates."),
    );
  });

  test("holds 1 to 100 statements", async () => {
    assert.deepEqual(
      await rawRefusal(server.endpoint, "ExecuteTransaction", { TransactStatements: [] }),
      validation(
        "1 validation error detected: Value '[]' at 'transactStatements' failed to satisfy constraint: Member must have length greater than or equal to 1",
      ),
    );
    const TransactStatements = Array.from({ length: 101 }, () => ({ Statement: "SELECT * FROM pets" }));
    const { message } = await rawRefusal(server.endpoint, "ExecuteTransaction", { TransactStatements });
    assert.match(
      message,
      /at 'transactStatements' failed to satisfy constraint: Member must have length less than or equal to 100$/,
    );
    const inserts = Array.from({ length: 100 }, (_, at) => `INSERT INTO pets VALUE {'pk': 'many${at}'}`);
    await transact(inserts);
    const { Items } = await execute(server.client, "SELECT pk FROM pets WHERE begins_with(pk, 'many')");
    assert.equal(Items?.length, 100);
  });
});
