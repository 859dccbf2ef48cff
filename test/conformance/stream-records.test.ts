import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  ExecuteStatementCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type AttributeValue,
  type StreamViewType,
} from "@aws-sdk/client-dynamodb";
import type { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { refusalOf } from "./refusals.ts";
import { startTestServer, type TestServer } from "./server.ts";
import { changeIn, createStreamTable, openStreams, readStream } from "./stream-reader.ts";

let server: TestServer;
let streams: DynamoDBStreamsClient;

before(async () => {
  server = await startTestServer();
  streams = await openStreams(server);
});

after(async () => {
  streams.destroy();
  await server.close();
});

type Item = Record<string, AttributeValue>;

const keyOf = (pk: string, sk = 1): Item => ({ pk: { S: pk }, sk: { N: String(sk) } });

async function streamTable(viewType?: StreamViewType) {
  const TableName = `stream-${randomUUID()}`;
  const arn = await createStreamTable(server.client, TableName, viewType);
  return {
    TableName,
    arn,
    put: (item: Item) => server.client.send(new PutItemCommand({ TableName, Item: item })),
    remove: (key: Item) => server.client.send(new DeleteItemCommand({ TableName, Key: key })),
    changes: async () => (await readStream(streams, arn)).map(changeIn),
  };
}

describe("A record", () => {
  test("tells what became of an item, when, and how large that is", async () => {
    const table = await streamTable();
    const item = { ...keyOf("a"), text: { S: "é" }, list: { L: [{ N: "1.0" }, { NULL: true }] } };
    const start = Date.now();
    await table.put(item);
    const [record, ...others] = await readStream(streams, table.arn);
    assert.equal(others.length, 0);
    const { eventID, dynamodb, ...rest } = record ?? {};
    assert.match(eventID ?? "", /^[0-9a-f]{32}$/);
    assert.deepEqual(rest, {
      eventName: "INSERT",
      eventVersion: "1.1",
      eventSource: "aws:dynamodb",
      awsRegion: "us-east-1",
    });
    const {
      ApproximateCreationDateTime: created,
      SequenceNumber: sequenceNumber,
      ...change
    } = dynamodb ?? {};
    assert.match(sequenceNumber ?? "", /^\d{21,40}$/);
    assert.ok(created && Math.abs(created.getTime() - start) < 60_000);
    assert.equal(created.getTime() % 1000, 0);
    // Keys: pk 2 + 1, sk 2 + 2. Image: the same, text 4 + 2, list 4 + 3 + (1 + 2) + (1 + 1).
    assert.deepEqual(change, {
      Keys: keyOf("a"),
      NewImage: { ...keyOf("a"), text: { S: "é" }, list: { L: [{ N: "1" }, { NULL: true }] } },
      SizeBytes: 7 + 7 + 6 + 12,
      StreamViewType: "NEW_AND_OLD_IMAGES",
    });
  });

  test("is the same however often it is read", async () => {
    const table = await streamTable();
    await table.put(keyOf("a"));
    await table.put(keyOf("b"));
    const once = await readStream(streams, table.arn);
    assert.deepEqual(await readStream(streams, table.arn), once);
    assert.equal(new Set(once.map(({ eventID }) => eventID)).size, 2);
  });

  const insert = { eventName: "INSERT", Keys: keyOf("a") };
  const modify = { eventName: "MODIFY", Keys: keyOf("a") };
  const remove = { eventName: "REMOVE", Keys: keyOf("a") };
  const first = { ...keyOf("a"), n: { N: "1" } };
  const second = { ...keyOf("a"), n: { N: "2" } };
  const views: readonly [StreamViewType, readonly object[]][] = [
    ["KEYS_ONLY", [insert, modify, remove]],
    ["NEW_IMAGE", [{ ...insert, NewImage: first }, { ...modify, NewImage: second }, remove]],
    ["OLD_IMAGE", [insert, { ...modify, OldImage: first }, { ...remove, OldImage: second }]],
    [
      "NEW_AND_OLD_IMAGES",
      [
        { ...insert, NewImage: first },
        { ...modify, OldImage: first, NewImage: second },
        { ...remove, OldImage: second },
      ],
    ],
  ];
  for (const [viewType, expected] of views) {
    test(`shows what the view ${viewType} holds`, async () => {
      const table = await streamTable(viewType);
      await table.put(first);
      await table.put(second);
      await table.remove(keyOf("a"));
      assert.deepEqual(await table.changes(), expected);
    });
  }

  test("keeps attributes apart that have the names of JavaScript's own", async () => {
    const table = await streamTable();
    const item = { ...keyOf("a"), constructor: { S: "c" }, toString: { N: "1" } };
    await table.put(item);
    assert.deepEqual(await table.changes(), [{ ...insert, NewImage: item }]);
  });
});

describe("No record is written", () => {
  test("of writes that change nothing", async () => {
    const table = await streamTable();
    const item = { ...keyOf("a"), set: { SS: ["x", "y"] }, n: { N: "1" } };
    await table.put(item);
    await table.put({ ...item, set: { SS: ["y", "x"] }, n: { N: "1.0" } });
    await table.remove(keyOf("absent"));
    const update = { TableName: table.TableName, Key: keyOf("a") };
    await server.client.send(
      new UpdateItemCommand({
        ...update,
        UpdateExpression: "SET n = :one",
        ExpressionAttributeValues: { ":one": { N: "1" } },
      }),
    );
    await server.client.send(new UpdateItemCommand(update));
    assert.deepEqual(await table.changes(), [{ eventName: "INSERT", Keys: keyOf("a"), NewImage: item }]);
  });

  test("of writes that are refused", async () => {
    const table = await streamTable();
    const { name } = await refusalOf(
      server.client.send(
        new PutItemCommand({
          TableName: table.TableName,
          Item: keyOf("a"),
          ConditionExpression: "attribute_exists(pk)",
        }),
      ),
    );
    assert.equal(name, "ConditionalCheckFailedException");
    const { TableName } = table;
    const cancelled = await refusalOf(
      server.client.send(
        new TransactWriteItemsCommand({
          TransactItems: [
            { Put: { TableName, Item: keyOf("b") } },
            { ConditionCheck: { TableName, Key: keyOf("c"), ConditionExpression: "attribute_exists(pk)" } },
          ],
        }),
      ),
    );
    assert.equal(cancelled.name, "TransactionCanceledException");
    assert.deepEqual(await table.changes(), []);
  });
});

describe("Every road of writing leaves its records", () => {
  test("UpdateItem that makes and changes an item", async () => {
    const table = await streamTable();
    const add = (by: string) =>
      server.client.send(
        new UpdateItemCommand({
          TableName: table.TableName,
          Key: keyOf("a"),
          UpdateExpression: "ADD n :by",
          ExpressionAttributeValues: { ":by": { N: by } },
        }),
      );
    await add("1");
    await add("2");
    const [one, three] = ["1", "3"].map((N) => ({ ...keyOf("a"), n: { N } }));
    assert.deepEqual(await table.changes(), [
      { eventName: "INSERT", Keys: keyOf("a"), NewImage: one },
      { eventName: "MODIFY", Keys: keyOf("a"), OldImage: one, NewImage: three },
    ]);
  });

  test("BatchWriteItem", async () => {
    const table = await streamTable("KEYS_ONLY");
    await table.put(keyOf("old"));
    await server.client.send(
      new BatchWriteItemCommand({
        RequestItems: {
          [table.TableName]: [
            { PutRequest: { Item: keyOf("new") } },
            { DeleteRequest: { Key: keyOf("old") } },
            { DeleteRequest: { Key: keyOf("absent") } },
          ],
        },
      }),
    );
    const [first, ...others] = await table.changes();
    assert.deepEqual(first, { eventName: "INSERT", Keys: keyOf("old") });
    assert.deepEqual(
      new Set(others),
      new Set([
        { eventName: "INSERT", Keys: keyOf("new") },
        { eventName: "REMOVE", Keys: keyOf("old") },
      ]),
    );
  });

  test("TransactWriteItems", async () => {
    const table = await streamTable("KEYS_ONLY");
    const { TableName } = table;
    await table.put(keyOf("old"));
    await table.put(keyOf("checked"));
    await server.client.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          { Put: { TableName, Item: keyOf("new") } },
          { Delete: { TableName, Key: keyOf("old") } },
          {
            Update: {
              TableName,
              Key: keyOf("made"),
              UpdateExpression: "SET n = :n",
              ExpressionAttributeValues: { ":n": { N: "1" } },
            },
          },
          {
            ConditionCheck: { TableName, Key: keyOf("checked"), ConditionExpression: "attribute_exists(pk)" },
          },
        ],
      }),
    );
    const changes = (await table.changes()).slice(2);
    assert.equal(changes.length, 3);
    assert.deepEqual(
      new Set(changes),
      new Set([
        { eventName: "INSERT", Keys: keyOf("new") },
        { eventName: "REMOVE", Keys: keyOf("old") },
        { eventName: "INSERT", Keys: keyOf("made") },
      ]),
    );
  });

  test("PartiQL", async () => {
    const table = await streamTable();
    const execute = (Statement: string) => server.client.send(new ExecuteStatementCommand({ Statement }));
    const where = "WHERE pk = 'a' AND sk = 1";
    await execute(`INSERT INTO "${table.TableName}" VALUE {'pk': 'a', 'sk': 1, 'n': 1}`);
    await execute(`UPDATE "${table.TableName}" SET n = 2 ${where}`);
    await execute(`UPDATE "${table.TableName}" SET n = 2 ${where}`);
    await execute(`DELETE FROM "${table.TableName}" ${where}`);
    const [one, two] = ["1", "2"].map((N) => ({ ...keyOf("a"), n: { N } }));
    assert.deepEqual(await table.changes(), [
      { eventName: "INSERT", Keys: keyOf("a"), NewImage: one },
      { eventName: "MODIFY", Keys: keyOf("a"), OldImage: one, NewImage: two },
      { eventName: "REMOVE", Keys: keyOf("a"), OldImage: two },
    ]);
  });
});
