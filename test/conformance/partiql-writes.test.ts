import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import {
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  type AttributeValue,
  type ExecuteStatementCommandInput,
} from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, ExecuteStatementCommand } from "@aws-sdk/lib-dynamodb";
import type { Item } from "./indexed-tables.ts";
import { createItemTable } from "./item-tables.ts";
import { refusalOf, validation } from "./refusals.ts";
import { startTestServer, type TestServer } from "./server.ts";
import { execute } from "./statements.ts";

let server: TestServer;
before(async () => {
  server = await startTestServer();
  await createItemTable(server.client, "pets", ["pk", "S"]);
  await createItemTable(server.client, "songs", ["pk", "S"], ["sk", "N"]);
});
after(() => server.close());

const conditionFailed = {
  name: "ConditionalCheckFailedException",
  message: "The conditional request failed",
};

function run(statement: string, input: Partial<ExecuteStatementCommandInput> = {}) {
  return execute(server.client, statement, input);
}

async function put(Item: Item): Promise<void> {
  await server.client.send(new PutItemCommand({ TableName: "pets", Item }));
}

async function pet(pk: string): Promise<Item | undefined> {
  const { Item } = await server.client.send(
    new GetItemCommand({ TableName: "pets", Key: { pk: { S: pk } }, ConsistentRead: true }),
  );
  return Item;
}

describe("INSERT", () => {
  test("stores an item of literals and parameters, and answers no row", async () => {
    const { Items, ConsumedCapacity } = await run(
      "INSERT INTO pets VALUE {'pk': ?, 'legs': 4, 'tags': <<'a', 'b'>>, 'home': {'town': 'Rome', 'rooms': [1, null, true]}, 'face': ?}",
      { Parameters: [{ S: "cat" }, { B: Uint8Array.of(1) }], ReturnConsumedCapacity: "INDEXES" },
    );
    assert.deepEqual(Items, []);
    assert.deepEqual(ConsumedCapacity, { TableName: "pets", CapacityUnits: 1, Table: { CapacityUnits: 1 } });
    assert.deepEqual(await pet("cat"), {
      pk: { S: "cat" },
      legs: { N: "4" },
      tags: { SS: ["a", "b"] },
      home: { M: { town: { S: "Rome" }, rooms: { L: [{ N: "1" }, { NULL: true }, { BOOL: true }] } } },
      face: { B: Uint8Array.of(1) },
    });
  });

  test("does not replace an item, and leaves it as it was", async () => {
    await put({ pk: { S: "dog" }, legs: { N: "4" } });
    const refusal = await refusalOf(run("INSERT INTO pets VALUE {'pk': 'dog', 'legs': 3}"));
    assert.deepEqual(refusal, {
      name: "DuplicateItemException",
      message: "Duplicate primary key exists in table",
    });
    assert.deepEqual(await pet("dog"), { pk: { S: "dog" }, legs: { N: "4" } });
    await run("DELETE FROM pets WHERE pk = 'dog'");
    await run("INSERT INTO pets VALUE {'pk': 'dog', 'legs': 3}");
    assert.deepEqual(await pet("dog"), { pk: { S: "dog" }, legs: { N: "3" } });
  });

  const refused: readonly [statement: string, message: string, parameters?: AttributeValue[]][] = [
    [
      "INSERT INTO songs VALUE {'pk': 'a'}",
      "One or more parameter values were invalid: Missing the key sk in the item",
    ],
    [
      "INSERT INTO songs VALUE {'pk': 1, 'sk': 1}",
      "One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N",
    ],
    [
      "INSERT INTO songs VALUE {'pk': '', 'sk': 1}",
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk",
    ],
    [
      "INSERT INTO pets VALUE {'pk': 'big', 'body': ?}",
      "Item size has exceeded the maximum allowed size",
      [{ S: "x".repeat(409_600) }],
    ],
    [
      "INSERT INTO pets VALUE {'pk': 'x', 'n': ?}",
      "The parameter cannot be converted to a numeric value: abc",
      [{ N: "abc" }],
    ],
  ];
  for (const [statement, message, Parameters] of refused) {
    test(`is refused: ${message}`, async () => {
      assert.deepEqual(await refusalOf(run(statement, { Parameters })), validation(message));
    });
  }
});

describe("UPDATE", () => {
  beforeEach(() =>
    put({
      pk: { S: "cat" },
      legs: { N: "4" },
      name: { S: "Tom" },
      tags: { SS: ["a", "b"] },
      toys: { L: [{ S: "a" }, { S: "b" }, { S: "c" }] },
      home: { M: { town: { S: "Rome" }, street: { S: "Via" } } },
    }),
  );

  test("edits an item by SET, REMOVE and the functions of sets and lists", async () => {
    const { Items } = await run(
      "UPDATE pets SET legs = legs - 1, name = ? SET toys = list_append(toys, ['d']) SET tags = set_add(tags, <<'c'>>) REMOVE home.town WHERE pk = 'cat'",
      { Parameters: [{ S: "Tim" }] },
    );
    assert.deepEqual(Items, []);
    assert.deepEqual(await pet("cat"), {
      pk: { S: "cat" },
      legs: { N: "3" },
      name: { S: "Tim" },
      tags: { SS: ["a", "b", "c"] },
      toys: { L: [{ S: "a" }, { S: "b" }, { S: "c" }, { S: "d" }] },
      home: { M: { street: { S: "Via" } } },
    });
    await run("UPDATE pets SET tags = set_delete(tags, <<'a', 'b', 'c'>>) WHERE pk = 'cat'");
    assert.equal((await pet("cat"))?.["tags"], undefined);
  });

  test("may begin with FROM", async () => {
    await run("FROM pets WHERE pk = 'cat' AND legs = 4 SET legs = 5 REMOVE name");
    assert.deepEqual((await pet("cat"))?.["legs"], { N: "5" });
  });

  const returned: readonly [changes: string, returning: string, row: Item | undefined][] = [
    ["SET legs = 5", "MODIFIED OLD", { legs: { N: "4" } }],
    ["SET legs = 5", "MODIFIED NEW", { legs: { N: "5" } }],
    ["SET home.town = 'Oslo'", "MODIFIED NEW", { home: { M: { town: { S: "Oslo" } } } }],
    ["SET home.town = 'Oslo'", "MODIFIED OLD", { home: { M: { town: { S: "Rome" } } } }],
    ["SET toys[2] = 'y', toys[0] = 'x'", "MODIFIED NEW", { toys: { L: [{ S: "x" }, { S: "y" }] } }],
    ["SET toys[5] = 'y'", "MODIFIED NEW", undefined],
    ["SET toys[3] = 'y'", "MODIFIED NEW", { toys: { L: [{ S: "y" }] } }],
    ["REMOVE toys[1]", "MODIFIED NEW", { toys: { L: [{ S: "c" }] } }],
    ["REMOVE toys[2]", "MODIFIED NEW", undefined],
    ["REMOVE toys[2]", "MODIFIED OLD", { toys: { L: [{ S: "c" }] } }],
    ["REMOVE legs", "MODIFIED NEW", undefined],
    ["REMOVE legs", "MODIFIED OLD", { legs: { N: "4" } }],
    ["SET fresh = 1", "MODIFIED OLD", undefined],
    ["SET fresh = 1", "MODIFIED NEW", { fresh: { N: "1" } }],
  ];
  for (const [changes, returning, row] of returned) {
    test(`${changes} RETURNING ${returning} answers ${row === undefined ? "no row" : "the parts it names"}`, async () => {
      const { Items } = await run(`UPDATE pets ${changes} WHERE pk = 'cat' RETURNING ${returning} *`);
      assert.deepEqual(Items, row === undefined ? [] : [row]);
    });
  }

  test("answers the whole item, as it was or has become", async () => {
    const before = await pet("cat");
    const old = await run("UPDATE pets SET legs = 5 WHERE pk = 'cat' RETURNING ALL OLD *");
    assert.deepEqual(old.Items, [before]);
    const fresh = await run("UPDATE pets SET legs = 6 WHERE pk = 'cat' RETURNING ALL NEW *");
    assert.deepEqual(fresh.Items, [{ ...before, legs: { N: "6" } }]);
  });

  test("never makes an item", async () => {
    for (const clause of ["pk = 'nobody'", "pk = 'nobody' AND name IS MISSING"]) {
      assert.deepEqual(await refusalOf(run(`UPDATE pets SET legs = 1 WHERE ${clause}`)), conditionFailed);
    }
    assert.equal(await pet("nobody"), undefined);
  });

  test("fails where its condition is false, and shows the item on request", async () => {
    const before = await pet("cat");
    const statement = "UPDATE pets SET legs = 5 WHERE pk = 'cat' AND name = 'Spike'";
    assert.deepEqual(await refusalOf(run(statement)), conditionFailed);
    await assert.rejects(
      run(statement, { ReturnValuesOnConditionCheckFailure: "ALL_OLD" }),
      (error: unknown) => {
        assert.ok(error instanceof ConditionalCheckFailedException);
        assert.deepEqual(error.Item, before);
        return true;
      },
    );
    await assert.rejects(run(statement), { Item: undefined });
    assert.deepEqual(await pet("cat"), before);
    await run("UPDATE pets SET legs = 5 WHERE (pk = 'cat' AND pk = 'cat') AND (name = 'Tom' OR legs = 9)");
    assert.deepEqual((await pet("cat"))?.["legs"], { N: "5" });
  });

  test("is metered by the larger image", async () => {
    const { ConsumedCapacity } = await run("UPDATE pets SET body = ? WHERE pk = 'cat'", {
      Parameters: [{ S: "x".repeat(4_000) }],
      ReturnConsumedCapacity: "TOTAL",
    });
    assert.deepEqual(ConsumedCapacity, { TableName: "pets", CapacityUnits: 4 });
  });

  const incomplete = "Where clause does not contain a mandatory equality on all key attributes";
  const refused: readonly [statement: string, message: string, parameters?: AttributeValue[]][] = [
    ["UPDATE songs SET a = 1 WHERE pk = 'a'", incomplete],
    ["UPDATE songs SET a = 1 WHERE pk = 'a' AND sk > 1", incomplete],
    ["UPDATE songs SET a = 1 WHERE pk = 'a' AND sk = 1 OR pk = 'b' AND sk = 2", incomplete],
    ["UPDATE songs SET a = 1 WHERE pk IN ['a'] AND sk = 1", incomplete],
    ["UPDATE songs SET a = 1", incomplete],
    ["FROM songs SET a = 1", incomplete],
    [
      "UPDATE songs SET a = 1 WHERE pk = 'a' AND sk = 1 AND pk = 'b'",
      "Multiple conditions on same key pk. Only single item Update/Insert/Delete are supported",
    ],
    [
      "UPDATE songs SET a = 1 WHERE pk = 'a' AND sk = '1'",
      "The provided key element does not match the schema",
    ],
    [
      "UPDATE pets SET pk = 'x' WHERE pk = 'cat'",
      "One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key",
    ],
    [
      "UPDATE pets SET none[0] = 'x' WHERE pk = 'cat'",
      "The document path provided in the update expression is invalid for update",
    ],
    [
      "UPDATE pets SET legs = none + 1 WHERE pk = 'cat'",
      "The provided expression refers to an attribute that does not exist in the item",
    ],
    [
      "UPDATE pets SET body = ? WHERE pk = 'cat'",
      "Item size to update has exceeded the maximum allowed size",
      [{ S: "x".repeat(409_600) }],
    ],
    [
      "UPDATE pets SET home.deep = ? WHERE pk = 'cat'",
      "Nesting Levels have exceeded supported limits",
      [Array.from({ length: 31 }).reduce<AttributeValue>((value) => ({ M: { a: value } }), { S: "x" })],
    ],
  ];
  for (const [statement, message, Parameters] of refused) {
    test(`is refused: ${statement}`, async () => {
      const before = await pet("cat");
      assert.deepEqual(await refusalOf(run(statement, { Parameters })), validation(message));
      assert.deepEqual(await pet("cat"), before);
    });
  }
});

describe("DELETE", () => {
  beforeEach(() => put({ pk: { S: "cat" }, legs: { N: "4" } }));

  test("removes an item, and answers it on request", async () => {
    assert.deepEqual((await run("DELETE FROM pets WHERE pk = 'cat'")).Items, []);
    assert.equal(await pet("cat"), undefined);
    await put({ pk: { S: "cat" }, legs: { N: "4" } });
    const { Items } = await run("DELETE FROM pets WHERE pk = 'cat' AND legs = 4 RETURNING ALL OLD *");
    assert.deepEqual(Items, [{ pk: { S: "cat" }, legs: { N: "4" } }]);
    assert.equal(await pet("cat"), undefined);
  });

  test("of an item that is not there does nothing, whatever its condition", async () => {
    for (const clause of ["", " AND legs = 4", " RETURNING ALL OLD *"]) {
      const { Items, ConsumedCapacity } = await run(`DELETE FROM pets WHERE pk = 'nobody'${clause}`, {
        ReturnConsumedCapacity: "TOTAL",
      });
      assert.deepEqual(Items, []);
      assert.deepEqual(ConsumedCapacity, { TableName: "pets", CapacityUnits: 1 });
    }
  });

  test("fails where its condition is false", async () => {
    for (const clause of ["legs = 5", "NOT attribute_exists(legs)", "legs IS MISSING"]) {
      const call = run(`DELETE FROM pets WHERE pk = 'cat' AND ${clause}`);
      assert.deepEqual(await refusalOf(call), conditionFailed, clause);
    }
    assert.notEqual(await pet("cat"), undefined);
  });

  test("is refused without the whole key", async () => {
    for (const statement of ["DELETE FROM pets WHERE legs = 4", "DELETE FROM pets"]) {
      assert.deepEqual(
        await refusalOf(run(statement)),
        validation("Where clause does not contain a mandatory equality on all key attributes"),
      );
    }
  });
});

test("writes through the document client take and answer plain values", async () => {
  const documents = DynamoDBDocumentClient.from(server.client);
  const send = (Statement: string, Parameters: unknown[]) =>
    documents.send(new ExecuteStatementCommand({ Statement, Parameters }));
  await send("INSERT INTO songs VALUE {'pk': ?, 'sk': ?, 'words': ?}", ["doc", 1, ["la", "la"]]);
  const { Items } = await send("UPDATE songs SET words[1] = ? WHERE pk = ? AND sk = ? RETURNING ALL NEW *", [
    "lo",
    "doc",
    1,
  ]);
  assert.deepEqual(Items, [{ pk: "doc", sk: 1, words: ["la", "lo"] }]);
});
