import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { putItems, type Item } from "./indexed-tables.ts";
import { createItemTable } from "./item-tables.ts";
import { refusalOf, validation } from "./refusals.ts";
import { openTestStorage, startTestServer, testsOwnServer, type TestServer } from "./server.ts";
import { allPages, execute } from "./statements.ts";

let server: TestServer;
before(async () => {
  server = await startTestServer();
  await createItemTable(server.client, "songs", ["pk", "S"], ["sk", "N"]);
  await createItemTable(server.client, "other", ["pk", "S"], ["sk", "N"]);
  await createItemTable(server.client, "blobs", ["pk", "B"]);
  const items = ["a", "b", "c"].flatMap((pk) => Array.from({ length: 15 }, (_, sk) => song(pk, sk)));
  await putItems(server.client, "songs", items);
  await putItems(
    server.client,
    "blobs",
    [0, 1, 2].map((byte) => ({ pk: { B: Uint8Array.of(byte, 255) } })),
  );
});
after(() => server.close());

function song(pk: string, sk: number): Item {
  return { pk: { S: pk }, sk: { N: String(sk) }, odd: { BOOL: sk % 2 === 1 } };
}

function keyOf({ pk, sk }: Item): string {
  return `${pk?.S ?? ""}${sk?.N ?? ""}`;
}

describe("NextToken leads through every row once", () => {
  const statements: readonly [statement: string, Parameters: AttributeValue[] | undefined, rows: number][] = [
    ["SELECT * FROM songs", undefined, 45],
    ["SELECT * FROM songs WHERE odd = ?", [{ BOOL: true }], 21],
    ["SELECT * FROM songs WHERE pk = 'a'", undefined, 15],
    ["SELECT * FROM songs WHERE pk = ? AND sk > ?", [{ S: "a" }, { N: "4" }], 10],
    ["SELECT * FROM songs WHERE pk = 'a' ORDER BY sk DESC", undefined, 15],
    ["SELECT * FROM songs WHERE pk IN ['a', 'z', 'c']", undefined, 30],
    ["SELECT * FROM songs WHERE pk IN ['a', 'c'] AND odd = true", undefined, 14],
    ["SELECT * FROM songs WHERE pk IN ['a', 'b', 'c', 'z'] AND sk IN [1, 3, 5, 99]", undefined, 9],
    ["SELECT * FROM songs WHERE pk IN ['a', 'c'] ORDER BY pk DESC, sk", undefined, 30],
    ["SELECT * FROM songs WHERE pk = 'a' AND (sk < 3 OR sk > 10)", undefined, 7],
  ];
  for (const [statement, Parameters, rowsCount] of statements) {
    for (const Limit of [undefined, 1, 4]) {
      test(`${statement}, ${Limit ?? "no"} items a page`, async () => {
        const whole = await allPages(server.client, statement, { Parameters });
        const { rows } = await allPages(server.client, statement, { Parameters, Limit });
        assert.equal(rows.length, rowsCount);
        assert.equal(new Set(rows.map(keyOf)).size, rowsCount);
        assert.deepEqual(rows.map(keyOf), whole.rows.map(keyOf));
      });
    }
  }

  test("of a table whose keys are binary", async () => {
    const { rows } = await allPages(server.client, "SELECT * FROM blobs", { Limit: 1 });
    assert.deepEqual(rows.map(({ pk }) => pk?.B?.[0]).sort(), [0, 1, 2]);
  });
});

describe("a page", () => {
  test("ends after the items that Limit allows to look at, whatever the filter leaves", async () => {
    const page = await execute(server.client, "SELECT sk FROM songs WHERE pk = 'a' AND odd = true", {
      Limit: 3,
    });
    assert.deepEqual(page.Items, [{ sk: { N: "1" } }]);
    assert.deepEqual(page.LastEvaluatedKey, { pk: { S: "a" }, sk: { N: "2" } });
    assert.equal(typeof page.NextToken, "string");
  });

  test("looks at ten items at most where the statement reads several items or collections", async () => {
    for (const statement of [
      "SELECT * FROM songs WHERE pk IN ['a', 'b']",
      "SELECT * FROM songs WHERE pk = 'a' AND sk IN [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]",
    ]) {
      const page = await execute(server.client, statement, { Limit: 100 });
      assert.equal(page.Items?.length, 10, statement);
      assert.notEqual(page.NextToken, undefined);
    }
    const [{ Items: one }, { Items: all }] = await Promise.all([
      execute(server.client, "SELECT * FROM songs WHERE pk = 'a'"),
      execute(server.client, "SELECT * FROM songs"),
    ]);
    assert.equal(one?.length, 15);
    assert.equal(all?.length, 45);
  });

  test("that is the last one has no token and no key", async () => {
    const page = await execute(server.client, "SELECT * FROM songs WHERE pk = 'a'", { Limit: 16 });
    assert.equal(page.Items?.length, 15);
    assert.equal(page.NextToken, undefined);
    assert.equal(page.LastEvaluatedKey, undefined);
  });

  test("holds no more than 1 MB of items before they are filtered", async () => {
    await createItemTable(server.client, "large", ["pk", "S"], ["sk", "N"]);
    const body = { S: "x".repeat(300_000) };
    for (const sk of [1, 2, 3, 4, 5]) {
      await putItems(server.client, "large", [{ pk: { S: "p" }, sk: { N: String(sk) }, body }]);
    }
    for (const where of ["", " WHERE pk = 'p'", " WHERE pk = 'p' ORDER BY sk DESC", " WHERE sk > 0"]) {
      const page = await execute(server.client, `SELECT sk FROM large${where}`);
      assert.equal(page.Items?.length, 3, where);
      const { rows, pages } = await allPages(server.client, `SELECT sk FROM large${where}`);
      assert.equal(rows.length, 5);
      assert.equal(pages, 2);
    }
  });
});

describe("a token", () => {
  const statement = "SELECT * FROM songs WHERE pk = ?";
  const Parameters = [{ S: "a" }];

  async function token(): Promise<string> {
    const { NextToken } = await execute(server.client, statement, { Parameters, Limit: 3 });
    assert.ok(NextToken !== undefined);
    return NextToken;
  }

  test("goes on with another Limit and another consistency", async () => {
    const { Items } = await execute(server.client, statement, {
      Parameters,
      Limit: 2,
      ConsistentRead: true,
      NextToken: await token(),
    });
    assert.deepEqual(Items?.map(keyOf), ["a3", "a4"]);
  });

  test("goes on behind an item that was deleted meanwhile", async () => {
    await putItems(
      server.client,
      "other",
      [1, 2, 3].map((sk) => song("p", sk)),
    );
    const { NextToken } = await execute(server.client, "SELECT * FROM other WHERE pk = 'p'", { Limit: 2 });
    await execute(server.client, "DELETE FROM other WHERE pk = 'p' AND sk = 2");
    const { Items } = await execute(server.client, "SELECT * FROM other WHERE pk = 'p'", { NextToken });
    assert.deepEqual(Items?.map(keyOf), ["p3"]);
  });

  test("of another statement, or of other parameters, does not match", async () => {
    const NextToken = await token();
    const foreign = validation("NextToken does not match request");
    const others: readonly [string, AttributeValue[] | undefined][] = [
      [statement, [{ S: "b" }]],
      ["SELECT * FROM other WHERE pk = ?", Parameters],
      ["SELECT  * FROM songs WHERE pk = ?", Parameters],
      ["SELECT * FROM songs WHERE pk = 'a'", undefined],
      ["INSERT INTO songs VALUE {'pk': ?, 'sk': 1000}", Parameters],
    ];
    for (const [text, parameters] of others) {
      const call = execute(server.client, text, { Parameters: parameters, NextToken });
      assert.deepEqual(await refusalOf(call), foreign, text);
    }
  });

  test("that nobody gave is refused, whatever it is", async () => {
    for (const NextToken of ["x", "AAAA", "e30=", "null", "bnVsbA==", "{}", "=", "\u0000"]) {
      const call = execute(server.client, statement, { Parameters, NextToken });
      assert.deepEqual(await refusalOf(call), validation("Invalid NextToken"), NextToken);
    }
  });

  test("that was tampered with names a place in the statement or does not match", async () => {
    const [binding, , ...key] = JSON.parse(Buffer.from(await token(), "base64").toString()) as unknown[];
    const places: readonly (readonly unknown[])[] = [
      [0, "b", "3"],
      [0, "a"],
      [0, "a", "3", "4"],
      [0, "a", "three"],
      [0, "a", ""],
      [0, "", "3"],
      [0, "a".repeat(5_000), "3"],
      [0, "a", "1e500"],
      [0, null, {}],
      [0, { S: "a" }, "3"],
      [1, ...key],
      [-1],
      [0.5],
      ["0"],
      ["length"],
      [],
    ];
    for (const place of places) {
      const NextToken = Buffer.from(JSON.stringify([binding, ...place])).toString("base64");
      const call = execute(server.client, statement, { Parameters, NextToken });
      assert.deepEqual(
        await refusalOf(call),
        validation("NextToken does not match request"),
        JSON.stringify(place),
      );
    }
  });

  test("survives the server", { skip: !testsOwnServer }, async () => {
    const storage = await openTestStorage();
    try {
      const first = await startTestServer(storage.serverOptions);
      await createItemTable(first.client, "songs", ["pk", "S"], ["sk", "N"]);
      await putItems(
        first.client,
        "songs",
        [1, 2, 3].map((sk) => song("a", sk)),
      );
      const { NextToken } = await execute(first.client, statement, { Parameters, Limit: 1 });
      await first.close();
      const second = await startTestServer(storage.serverOptions);
      const { Items } = await execute(second.client, statement, { Parameters, NextToken });
      await second.close();
      assert.deepEqual(Items?.map(keyOf), ["a2", "a3"]);
    } finally {
      await storage.close();
    }
  });
});
