import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { BatchExecuteStatementCommand, DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { putItems } from "./indexed-tables.ts";
import { createItemTable } from "./item-tables.ts";
import { rawRefusal, refusalOf, validation } from "./refusals.ts";
import { startTestServer, type TestServer } from "./server.ts";
import { execute, executeBatch } from "./statements.ts";

let server: TestServer;
before(async () => {
  server = await startTestServer();
  await createItemTable(server.client, "pets", ["pk", "S"]);
  await createItemTable(server.client, "songs", ["pk", "S"], ["sk", "N"]);
  await createItemTable(server.client, "counters", ["pk", "S"]);
  await putItems(server.client, "pets", [
    { pk: { S: "cat" }, legs: { N: "4" }, home: { M: {} } },
    { pk: { S: "bird" }, legs: { N: "2" } },
  ]);
  await putItems(server.client, "songs", [{ pk: { S: "a" }, sk: { N: "1" }, odd: { BOOL: true } }]);
});
after(() => server.close());

const withoutKey = {
  Error: {
    Code: "ValidationError",
    Message:
      "Select statements within BatchExecuteStatement must specify the primary key in the where clause.",
  },
};

describe("BatchExecuteStatement", () => {
  test("reads the items of several tables, in the order of its statements", async () => {
    const { Responses } = await executeBatch(server.client, [
      "SELECT legs FROM pets WHERE pk = 'bird'",
      { Statement: "SELECT * FROM songs WHERE pk = ? AND sk = ?", Parameters: [{ S: "a" }, { N: "1" }] },
      "SELECT * FROM pets WHERE pk = 'nobody'",
      "SELECT legs FROM pets WHERE pk IN ['cat']",
    ]);
    assert.deepEqual(Responses, [
      { TableName: "pets", Item: { legs: { N: "2" } } },
      { TableName: "songs", Item: { pk: { S: "a" }, sk: { N: "1" }, odd: { BOOL: true } } },
      { TableName: "pets" },
      { TableName: "pets", Item: { legs: { N: "4" } } },
    ]);
  });

  test("tells what is wrong with each statement, and runs the others", async () => {
    const { Responses } = await executeBatch(server.client, [
      "SELECT legs FROM pets WHERE pk = 'bird'",
      "SLECT * FROM pets WHERE pk = 'x'",
      "SELECT * FROM pets WHERE legs = 4",
      "SELECT * FROM songs WHERE pk = 'a'",
      "SELECT * FROM songs WHERE pk = 'a' AND sk = 1 AND odd = true",
      "SELECT * FROM songs WHERE pk = 'a' AND sk = 1 AND pk = 'b'",
      "SELECT * FROM songs WHERE pk IN ['a', 'b'] AND sk = 1",
      "SELECT * FROM nowhere WHERE pk = 'x'",
      { Statement: "SELECT * FROM pets WHERE pk = ?", Parameters: [{ N: "abc" }] },
      "EXISTS(SELECT * FROM pets WHERE pk = 'cat' AND legs = 4)",
      "SELECT legs FROM pets WHERE pk = 'cat'",
    ]);
    const invalid = (Message: string) => ({ Error: { Code: "ValidationError", Message } });
    assert.deepEqual(Responses, [
      { TableName: "pets", Item: { legs: { N: "2" } } },
      invalid("Statement wasn't well formed, can't be processed: Expected data manipulation"),
      withoutKey,
      withoutKey,
      withoutKey,
      withoutKey,
      withoutKey,
      { Error: { Code: "ResourceNotFound", Message: "Requested resource not found" } },
      invalid("The parameter cannot be converted to a numeric value: abc"),
      invalid("EXISTS can only be used in ExecuteTransaction write requests."),
      { TableName: "pets", Item: { legs: { N: "4" } } },
    ]);
  });

  test("writes, each statement on its own, and names the tables of those that came so far", async () => {
    const { Responses } = await executeBatch(server.client, [
      "INSERT INTO pets VALUE {'pk': 'fish', 'legs': 0}",
      "INSERT INTO pets VALUE {'pk': 'cat'}",
      {
        Statement: "UPDATE pets SET legs = 3 WHERE pk = 'bird' AND legs = 9",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      },
      "UPDATE pets SET legs = 3 WHERE pk = 'nobody'",
      "UPDATE songs SET odd = false WHERE pk = 'a'",
      "UPDATE songs SET odd = false WHERE pk = 'a' AND sk = 1 RETURNING MODIFIED NEW *",
      "DELETE FROM pets WHERE pk = 'ghost' RETURNING ALL OLD *",
      "FROM pets WHERE pk = 'mouse' SET legs = 4",
      "DELETE FROM pets WHERE pk = 'worm' RETURNING MODIFIED OLD *",
      "UPDATE nowhere SET legs = 3 WHERE pk = 'x'",
    ]);
    const failed = { Code: "ConditionalCheckFailed", Message: "The conditional request failed" };
    assert.deepEqual(Responses, [
      { TableName: "pets" },
      {
        TableName: "pets",
        Error: { Code: "DuplicateItem", Message: "Duplicate primary key exists in table" },
      },
      { TableName: "pets", Error: { ...failed, Item: { pk: { S: "bird" }, legs: { N: "2" } } } },
      { TableName: "pets", Error: failed },
      {
        Error: {
          Code: "ValidationError",
          Message: "Where clause does not contain a mandatory equality on all key attributes",
        },
      },
      { TableName: "songs", Item: { odd: { BOOL: false } } },
      { TableName: "pets" },
      { TableName: "pets", Error: failed },
      {
        Error: {
          Code: "ValidationError",
          Message:
            "Invalid returning clause: RETURNING MODIFIED OLD *. Only RETURNING ALL OLD * is allowed in DELETE statements.",
        },
      },
      { Error: { Code: "ResourceNotFound", Message: "Requested resource not found" } },
    ]);
    const { Items } = await execute(server.client, "SELECT legs FROM pets WHERE pk = 'fish'");
    assert.deepEqual(Items, [{ legs: { N: "0" } }]);
  });

  test("names the table of a statement that the item turns down", async () => {
    let deep: object = { S: "x" };
    for (let level = 0; level < 31; level += 1) deep = { M: { a: deep } };
    const { Responses } = await executeBatch(server.client, [
      "UPDATE pets SET none.x = 1 WHERE pk = 'bird'",
      { Statement: "UPDATE pets SET home.x = ? WHERE pk = 'cat'", Parameters: [deep as { S: string }] },
    ]);
    assert.deepEqual(
      Responses,
      [
        "The document path provided in the update expression is invalid for update",
        "Nesting Levels have exceeded supported limits",
      ].map((Message) => ({ TableName: "pets", Error: { Code: "ValidationError", Message } })),
    );
  });

  test("reads each statement as consistently as it asks, and tells what each table cost", async () => {
    const reads = [
      { Statement: "SELECT * FROM songs WHERE pk = 'a' AND sk = 1", ConsistentRead: true },
      { Statement: "SELECT * FROM pets WHERE pk = 'cat'", ConsistentRead: true },
      { Statement: "SELECT * FROM pets WHERE pk = 'bird'" },
      { Statement: "SELECT * FROM pets WHERE pk = 'nobody'", ConsistentRead: false },
    ];
    const total = await executeBatch(server.client, reads, { ReturnConsumedCapacity: "TOTAL" });
    assert.deepEqual(total.ConsumedCapacity, [
      { TableName: "songs", CapacityUnits: 1 },
      { TableName: "pets", CapacityUnits: 2 },
    ]);
    const split = await executeBatch(server.client, ["UPDATE pets SET x = 1 WHERE pk = 'cat'"], {
      ReturnConsumedCapacity: "INDEXES",
    });
    assert.deepEqual(split.ConsumedCapacity, [
      { TableName: "pets", CapacityUnits: 1, Table: { CapacityUnits: 1 } },
    ]);
    assert.equal((await executeBatch(server.client, reads)).ConsumedCapacity, undefined);
  });

  test("takes 25 statements, and counts right under many at once", async () => {
    await putItems(
      server.client,
      "counters",
      Array.from({ length: 25 }, (_, at) => ({ pk: { S: `c${at}` }, n: { N: "0" } })),
    );
    const statements = Array.from(
      { length: 25 },
      (_, at) => `UPDATE counters SET n = n + 1 WHERE pk = 'c${at}'`,
    );
    const batches = await Promise.all([1, 2, 3, 4].map(() => executeBatch(server.client, statements)));
    assert.ok(batches.every(({ Responses }) => Responses?.every(({ Error: error }) => error === undefined)));
    const { Items } = await execute(server.client, "SELECT n FROM counters");
    assert.deepEqual(
      Items?.map(({ n }) => n?.N),
      Array.from({ length: 25 }, () => "4"),
    );
  });

  test("takes and answers plain values through the document client", async () => {
    const documents = DynamoDBDocumentClient.from(server.client);
    const { Responses } = await documents.send(
      new BatchExecuteStatementCommand({
        Statements: [{ Statement: "SELECT legs FROM pets WHERE pk = ?", Parameters: ["cat"] }],
      }),
    );
    assert.deepEqual(Responses, [{ TableName: "pets", Item: { legs: 4 } }]);
  });
});

describe("BatchExecuteStatement is refused", () => {
  test("when it reads and writes", async () => {
    const call = executeBatch(server.client, [
      "SELECT * FROM pets WHERE pk = 'cat'",
      "garbage",
      "DELETE FROM pets WHERE pk = 'cat'",
    ]);
    assert.deepEqual(
      await refusalOf(call),
      validation("Read and write requests together in the same batch is not supported."),
    );
  });

  test("when two of its statements are about one item", async () => {
    const duplicates = validation("Provided list of item keys contains duplicates");
    const batches = [
      ["SELECT * FROM pets WHERE pk = 'cat'", "SELECT legs FROM pets WHERE pk IN ['cat']"],
      ["INSERT INTO songs VALUE {'sk': 5, 'pk': 'x'}", "DELETE FROM songs WHERE sk = 5.0 AND pk = 'x'"],
      [
        "INSERT INTO pets VALUE {'pk': 'new'}",
        "UPDATE \"arn:aws:dynamodb:us-east-1:000000000000:table/pets\" SET a = 1 WHERE pk = 'new'",
      ],
    ];
    for (const batch of batches)
      assert.deepEqual(await refusalOf(executeBatch(server.client, batch)), duplicates);
    assert.deepEqual((await execute(server.client, "SELECT * FROM pets WHERE pk = 'new'")).Items, []);
  });

  test("when it holds no statement, or too many", async () => {
    assert.deepEqual(
      await rawRefusal(server.endpoint, "BatchExecuteStatement", { Statements: [] }),
      validation(
        "1 validation error detected: Value '[]' at 'statements' failed to satisfy constraint: Member must have length greater than or equal to 1",
      ),
    );
    const Statements = Array.from({ length: 26 }, () => ({ Statement: "SELECT * FROM pets" }));
    const { name, message } = await rawRefusal(server.endpoint, "BatchExecuteStatement", { Statements });
    assert.equal(name, "ValidationException");
    assert.match(
      message,
      /at 'statements' failed to satisfy constraint: Member must have length less than or equal to 25$/,
    );
  });
});
