import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  ScanCommand,
  TransactWriteItemsCommand,
  type TransactWriteItem,
  type TransactWriteItemsCommandInput,
} from "@aws-sdk/client-dynamodb";
import { cancellationOf, cancelled, conditionFailed, invalidAction } from "./cancellations.ts";
import { createIndexedTable, putItems, type Item } from "./indexed-tables.ts";
import { createItemTable } from "./item-tables.ts";
import { rawCall, refusalOf, validation } from "./refusals.ts";
import { startTestServer, type TestServer } from "./server.ts";
import { check, nested, pk, put, remove, update } from "./transact-items.ts";

let server: TestServer;
before(async () => {
  server = await startTestServer();
  await createItemTable(server.client, "pets", ["pk", "S"]);
  await createItemTable(server.client, "songs", ["pk", "S"], ["sk", "N"]);
  await createItemTable(server.client, "blobs", ["pk", "B"]);
  await createItemTable(server.client, "odd", ["__proto__", "S"]);
  await createIndexedTable(server.client, "indexed", {
    hash: ["pk S"],
    range: ["sk N"],
    local: { ByRank: { hash: ["pk S"], range: ["rank N"], projection: "KEYS_ONLY" } },
    global: { ByColour: { hash: ["colour S"] }, ByCode: { hash: ["code B"] } },
  });
});
after(() => server.close());

function transactWrite(
  TransactItems: TransactWriteItem[],
  input: Partial<TransactWriteItemsCommandInput> = {},
) {
  return server.client.send(new TransactWriteItemsCommand({ TransactItems, ...input }));
}

async function itemsOf(TableName: string, IndexName?: string): Promise<readonly Item[]> {
  const { Items = [] } = await server.client.send(
    new ScanCommand({ TableName, IndexName, ConsistentRead: IndexName === undefined }),
  );
  const keyOf = (item: Item) => JSON.stringify([item["pk"], item["sk"]]);
  return Items.toSorted((left, right) => keyOf(left).localeCompare(keyOf(right)));
}

describe("TransactWriteItems", () => {
  test("puts, updates, deletes and checks items of several tables", async () => {
    await putItems(server.client, "pets", [pk("old"), pk("gone"), { ...pk("checked"), n: { N: "1" } }]);
    const answer = await transactWrite([
      put({ ...pk("new"), n: { N: "1.0" } }),
      update(pk("old"), "SET n = :n", { ExpressionAttributeValues: { ":n": { N: "2" } } }),
      remove(pk("gone")),
      check(pk("checked"), "n = :n", { ExpressionAttributeValues: { ":n": { N: "1" } } }),
      { Put: { TableName: "songs", Item: { pk: { S: "new" }, sk: { N: "1" } } } },
      update(pk("made"), "ADD n :n", { ExpressionAttributeValues: { ":n": { N: "3" } } }),
    ]);
    assert.deepEqual([answer.ConsumedCapacity, answer.ItemCollectionMetrics], [undefined, undefined]);
    assert.deepEqual(await itemsOf("pets"), [
      { ...pk("checked"), n: { N: "1" } },
      { ...pk("made"), n: { N: "3" } },
      { ...pk("new"), n: { N: "1" } },
      { ...pk("old"), n: { N: "2" } },
    ]);
    assert.deepEqual(await itemsOf("songs"), [{ pk: { S: "new" }, sk: { N: "1" } }]);
  });

  test("a false condition undoes the whole, in every table and index", async () => {
    const item = { pk: { S: "a" }, sk: { N: "1" }, colour: { S: "red" }, rank: { N: "1" } };
    await putItems(server.client, "indexed", [item]);
    const before = await itemsOf("pets");
    await cancellationOf(
      transactWrite([
        put(pk("never")),
        update(item, "SET colour = :c REMOVE #r", {
          TableName: "indexed",
          Key: { pk: item.pk, sk: item.sk },
          ExpressionAttributeNames: { "#r": "rank" },
          ExpressionAttributeValues: { ":c": { S: "blue" } },
        }),
        check(pk("never there"), "attribute_exists(pk)"),
      ]),
    );
    assert.deepEqual(await itemsOf("pets"), before);
    assert.deepEqual(await itemsOf("indexed"), [item]);
    assert.deepEqual(await itemsOf("indexed", "ByColour"), [item]);
    const { rank, pk: hash, sk } = item;
    assert.deepEqual(await itemsOf("indexed", "ByRank"), [{ rank, pk: hash, sk }]);
  });

  test("indexes follow, all of them or none", async () => {
    const key = { pk: { S: "index" }, sk: { N: "1" } };
    const TableName = "indexed";
    await transactWrite([{ Put: { TableName, Item: { ...key, colour: { S: "green" } } } }]);
    const green = await itemsOf(TableName, "ByColour");
    assert.equal(green.filter(({ colour }) => colour?.S === "green").length, 1);
    await transactWrite([{ Delete: { TableName, Key: key } }]);
    const after = await itemsOf(TableName, "ByColour");
    assert.equal(after.filter(({ colour }) => colour?.S === "green").length, 0);
  });

  test("every false condition is told, with the item where that was asked for", async () => {
    const item = { ...pk("told"), n: { N: "1" } };
    await putItems(server.client, "pets", [item]);
    const ReturnValuesOnConditionCheckFailure = "ALL_OLD";
    const cancellation = await cancellationOf(
      transactWrite([
        put(pk("fresh"), { ConditionExpression: "attribute_not_exists(pk)" }),
        put(pk("told"), {
          ConditionExpression: "attribute_not_exists(pk)",
          ReturnValuesOnConditionCheckFailure,
        }),
        check(pk("absent"), "attribute_exists(pk)", { ReturnValuesOnConditionCheckFailure }),
        remove(pk("absent too"), { ConditionExpression: "attribute_exists(pk)" }),
      ]),
    );
    assert.deepEqual(
      cancellation,
      cancelled(undefined, conditionFailed(item), conditionFailed(), conditionFailed()),
    );
  });

  test("the error on the wire has its text under Message and reasons of the members they need", async () => {
    await putItems(server.client, "pets", [pk("wire")]);
    const { status, body } = await rawCall(server.endpoint, "TransactWriteItems", {
      TransactItems: [
        put(pk("fresh")),
        remove(pk("wire"), {
          ConditionExpression: "attribute_not_exists(pk)",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      ],
    });
    assert.deepEqual(
      [status, body],
      [
        400,
        {
          __type: "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
          CancellationReasons: [{ Code: "None" }, conditionFailed(pk("wire"))],
          Message:
            "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]",
        },
      ],
    );
  });

  test("tables are named by their ARN, too, and attributes like members of every object", async () => {
    const body = JSON.stringify({
      TransactItems: [{ Put: { TableName: "arn:aws:dynamodb:us-east-1:000000000000:table/odd", Item: {} } }],
    }).replace('"Item":{}', '"Item":{"__proto__":{"S":"a"},"constructor":{"N":"1.0"}}');
    assert.deepEqual(await rawCall(server.endpoint, "TransactWriteItems", body), { status: 200, body: {} });
    const { body: got } = await rawCall(
      server.endpoint,
      "GetItem",
      '{"TableName":"odd","Key":{"__proto__":{"S":"a"}}}',
    );
    assert.equal(JSON.stringify(got), '{"Item":{"__proto__":{"S":"a"},"constructor":{"N":"1"}}}');
  });

  test("up to 100 actions and 4 MB are taken", async () => {
    await transactWrite(Array.from({ length: 100 }, (_, index) => put(pk(`many ${index}`))));
    const large = (length: number) =>
      Array.from({ length }, (_, index) => put({ ...pk(`large ${index}`), a: { S: "x".repeat(350_000) } }));
    await transactWrite(large(11));
    await transactWrite(Array.from({ length: 11 }, (_, index) => remove(pk(`large ${index}`))));
    assert.deepEqual(
      await refusalOf(transactWrite(large(12))),
      validation("The transaction payload size has exceeded the maximum allowed size of 4 MB"),
    );
  });

  test("deleting large items costs no payload", async () => {
    const keys = Array.from({ length: 12 }, (_, index) => pk(`heavy ${index}`));
    for (const key of keys) {
      await putItems(server.client, "pets", [{ ...key, a: { S: "x".repeat(390_000) } }]);
    }
    await transactWrite(keys.map((key) => remove(key)));
  });

  test("names and values that no expression could use are no fault", async () => {
    await transactWrite([
      put(pk("placeholders"), {
        ExpressionAttributeNames: { "#a": "a" },
        ExpressionAttributeValues: { ":a": { S: "a" } },
      }),
    ]);
  });
});

describe("the capacity of TransactWriteItems", () => {
  test("is told for each table, twice that of writes alone, at every level", async () => {
    const large = { ...pk("capacity"), a: { S: "x".repeat(1500) } };
    await putItems(server.client, "pets", [large]);
    const { ConsumedCapacity } = await transactWrite(
      [
        put(pk("capacity")),
        { Put: { TableName: "songs", Item: { pk: { S: "capacity" }, sk: { N: "1" } } } },
        check(pk("capacity none"), "attribute_not_exists(pk)"),
        put(pk("capacity passed"), { ConditionExpression: "attribute_not_exists(pk)" }),
      ],
      { ReturnConsumedCapacity: "INDEXES" },
    );
    const units = (count: number) => ({ CapacityUnits: count, WriteCapacityUnits: count });
    assert.deepEqual(ConsumedCapacity, [
      { TableName: "pets", ...units(8), Table: units(8) },
      { TableName: "songs", ...units(2), Table: units(2) },
    ]);
  });

  test("counts indexes once", async () => {
    const Item = {
      ...{ pk: { S: "capacity" }, sk: { N: "1" }, colour: { S: "red" } },
      ...{ code: { B: Uint8Array.of(1) }, rank: { N: "1" } },
    };
    const { ConsumedCapacity, ItemCollectionMetrics } = await transactWrite(
      [
        { Put: { TableName: "indexed", Item } },
        put(pk("beside")),
        check({}, "attribute_not_exists(pk)", {
          TableName: "indexed",
          Key: { pk: { S: "other" }, sk: { N: "1" } },
        }),
      ],
      { ReturnConsumedCapacity: "INDEXES", ReturnItemCollectionMetrics: "SIZE" },
    );
    const units = (count: number) => ({ CapacityUnits: count, WriteCapacityUnits: count });
    assert.deepEqual(ConsumedCapacity, [
      {
        TableName: "indexed",
        ...units(7),
        Table: units(4),
        LocalSecondaryIndexes: { ByRank: units(1) },
        GlobalSecondaryIndexes: { ByColour: units(1), ByCode: units(1) },
      },
      { TableName: "pets", ...units(2), Table: units(2) },
    ]);
    assert.deepEqual(ItemCollectionMetrics, {
      indexed: [{ ItemCollectionKey: { pk: { S: "capacity" } }, SizeEstimateRangeGB: [0, 1] }],
    });
  });

  test("TOTAL leaves out the parts", async () => {
    const { ConsumedCapacity } = await transactWrite([put(pk("total"))], { ReturnConsumedCapacity: "TOTAL" });
    assert.deepEqual(ConsumedCapacity, [{ TableName: "pets", CapacityUnits: 2, WriteCapacityUnits: 2 }]);
  });
});

describe("what cancels a transaction", () => {
  const rows: readonly [title: string, items: TransactWriteItem[], position: number, message: string][] = [
    [
      "an item to put whose key has another type",
      [put(pk("a")), put({ pk: { N: "5" } })],
      1,
      "One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N",
    ],
    [
      "an item to put whose key is no scalar",
      [put({ pk: { L: [{ S: "x" }] } })],
      0,
      "One or more parameter values were invalid: Type mismatch for key pk expected: S actual: L",
    ],
    [
      "an item to put without its key",
      [put({ a: { S: "x" } })],
      0,
      "One or more parameter values were invalid: Missing the key pk in the item",
    ],
    ...[remove({ pk: { N: "5" } }), remove({}), check({ pk: { L: [] } }, "attribute_exists(pk)")].map(
      (action): (typeof rows)[number] => [
        `a key of another shape: ${JSON.stringify(action)}`,
        [put(pk("a")), action],
        1,
        "The provided key element does not match the schema",
      ],
    ),
    [
      "a key of an update with an attribute too many",
      [update({ ...pk("a"), b: { S: "b" } }, "REMOVE c")],
      0,
      "The provided key element does not match the schema",
    ],
    [
      "an update of the key",
      [update(pk("a"), "REMOVE pk")],
      0,
      "One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key",
    ],
    [
      "an index key of another type in an item to put",
      [
        {
          Put: { TableName: "indexed", Item: { pk: { S: "a" }, sk: { N: "1" }, colour: { N: "5" } } },
        },
      ],
      0,
      "One or more parameter values were invalid: Type mismatch for Index Key colour Expected: S Actual: N IndexName: ByColour",
    ],
    [
      "an index key that an update gives another type",
      [
        update({}, "SET colour = :v", {
          TableName: "indexed",
          Key: { pk: { S: "a" }, sk: { N: "1" } },
          ExpressionAttributeValues: { ":v": { L: [{ S: "x" }] } },
        }),
      ],
      0,
      "One or more parameter values were invalid: Type mismatch for Index Key colour Expected: S Actual: L IndexName: ByColour",
    ],
    [
      "an operand of the wrong type",
      [
        check(pk("unmet"), "attribute_exists(pk)"),
        update(pk("text"), "SET a = a + :n", { ExpressionAttributeValues: { ":n": { N: "1" } } }),
        update(pk("text too"), "SET a = b"),
      ],
      1,
      "An operand in the update expression has an incorrect data type",
    ],
    [
      "an operand that is not there",
      [update(pk("text"), "SET a = b")],
      0,
      "The provided expression refers to an attribute that does not exist in the item",
    ],
    [
      "a path that leads nowhere",
      [update(pk("text"), "SET a.b = :v", { ExpressionAttributeValues: { ":v": { N: "1" } } })],
      0,
      "The document path provided in the update expression is invalid for update",
    ],
    [
      "a number that becomes too large",
      [
        update(pk("number"), "SET n = n + :v", {
          ExpressionAttributeValues: { ":v": { N: "9.9999999999999999999999999999999999999E+125" } },
        }),
      ],
      0,
      "Number overflow. Attempting to store a number with magnitude larger than supported range",
    ],
    [
      "an item that becomes too large",
      [update(pk("text"), "SET b = :v", { ExpressionAttributeValues: { ":v": { S: "x".repeat(409_595) } } })],
      0,
      "Item size to update has exceeded the maximum allowed size",
    ],
    [
      "an item that becomes too deep",
      [update(pk("text"), "SET b = :v", { ExpressionAttributeValues: { ":v": nested(32) } })],
      0,
      "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit",
    ],
  ];

  before(async () => {
    await putItems(server.client, "pets", [
      { ...pk("text"), a: { S: "a" } },
      { ...pk("number"), n: { N: "9.9999999999999999999999999999999999999E+125" } },
    ]);
  });

  for (const [title, items, position, message] of rows) {
    test(title.slice(0, 120), async () => {
      const reasons = items.map((_, index) => (index === position ? invalidAction(message) : undefined));
      assert.deepEqual(await cancellationOf(transactWrite(items)), cancelled(...reasons));
    });
  }

  test("a value of 32 levels in a condition is compared like any other", async () => {
    const more = { ExpressionAttributeValues: { ":v": nested(32) } };
    assert.deepEqual(
      await cancellationOf(transactWrite([check(pk("text"), "a = :v", more)])),
      cancelled(conditionFailed()),
    );
  });

  test("31 levels in an item are taken", async () => {
    await transactWrite([
      put({ ...pk("deep put"), a: nested(31) }),
      update(pk("deep update"), "SET a = :v", { ExpressionAttributeValues: { ":v": nested(31) } }),
    ]);
  });
});
