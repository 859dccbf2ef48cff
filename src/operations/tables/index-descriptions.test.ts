import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { described, globalIndex, hash, range, defines, all } from "../../../test/fixtures/indexed-table.ts";
import { openRunner, tableRequest } from "../../../test/fixtures/operations.ts";
import { createTable } from "../dynamodb/create-table.ts";
import { deleteTable } from "../dynamodb/delete-table.ts";
import { putItem } from "../dynamodb/put-item.ts";

const TableName = "Music";
const request = tableRequest({
  ...defines("pk", "sk", "g"),
  KeySchema: [hash("pk"), range("sk")],
  LocalSecondaryIndexes: [{ IndexName: "local", KeySchema: [hash("pk"), range("g")], Projection: all }],
  GlobalSecondaryIndexes: [
    globalIndex("warm", "g", { WarmThroughput: { ReadUnitsPerSecond: 13_000, WriteUnitsPerSecond: 5_000 } }),
    globalIndex("cool", "g", { Projection: { ProjectionType: "KEYS_ONLY" } }),
  ],
});

/** As it goes over the wire, without members that are undefined. */
const sent = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const arn = (name: string) => `arn:aws:dynamodb:us-east-1:000000000000:table/Music/index/${name}`;
const local = {
  IndexName: "local",
  KeySchema: [hash("pk"), range("g")],
  Projection: all,
  IndexSizeBytes: 0,
  ItemCount: 0,
  IndexArn: arn("local"),
};
const global = (name: string, more: object) => ({
  IndexName: name,
  KeySchema: [hash("g")],
  Projection: all,
  IndexSizeBytes: 0,
  ItemCount: 0,
  IndexArn: arn(name),
  IndexStatus: "CREATING",
  ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 0, NumberOfDecreasesToday: 0 },
  ...more,
});
const keysOnly = { Projection: { ProjectionType: "KEYS_ONLY" } };
const warm = (ReadUnitsPerSecond: number, WriteUnitsPerSecond: number, Status: string) => ({
  WarmThroughput: { ReadUnitsPerSecond, WriteUnitsPerSecond, Status },
});

describe("The indexes of a new table", () => {
  test("are being created with it, and the answer does not tell their warm throughput yet", async () => {
    const runner = openRunner({ tableDelayMs: 1000 });
    const { TableDescription: answer } = await runner.run(createTable, request);
    assert.deepEqual(sent(answer?.LocalSecondaryIndexes), [local]);
    assert.deepEqual(sent(answer?.GlobalSecondaryIndexes), [global("warm", {}), global("cool", keysOnly)]);
    const making = await described(runner);
    assert.equal(making.TableStatus, "CREATING");
    assert.deepEqual(sent(making.GlobalSecondaryIndexes), [
      global("warm", warm(13_000, 5_000, "UPDATING")),
      global("cool", { ...keysOnly, ...warm(12_000, 4_000, "UPDATING") }),
    ]);
    runner.wait(1000);
    const made = await described(runner);
    assert.equal(made.TableStatus, "ACTIVE");
    assert.deepEqual(sent(made.GlobalSecondaryIndexes), [
      global("warm", { IndexStatus: "ACTIVE", ...warm(13_000, 5_000, "ACTIVE") }),
      global("cool", { IndexStatus: "ACTIVE", ...keysOnly, ...warm(12_000, 4_000, "ACTIVE") }),
    ]);
  });
});

describe("Descriptions of indexes", () => {
  test("count the entries of each and their bytes", async () => {
    const runner = openRunner();
    await runner.run(createTable, request);
    for (const sk of ["1", "2"]) {
      const g = sk === "2" ? {} : { g: { S: "x" } };
      await runner.run(putItem, {
        TableName,
        Item: { pk: { S: "p" }, sk: { S: sk }, ...g, more: { S: "y" } },
      });
    }
    const { LocalSecondaryIndexes = [], GlobalSecondaryIndexes = [] } = await described(runner);
    const counts = [...LocalSecondaryIndexes, ...GlobalSecondaryIndexes].map(
      ({ IndexName, ItemCount, IndexSizeBytes }) => [IndexName, ItemCount, IndexSizeBytes],
    );
    assert.deepEqual(counts, [
      ["local", 1, 13],
      ["warm", 1, 13],
      ["cool", 1, 8],
    ]);
  });

  test("are not part of what is told of a table that is going", async () => {
    const runner = openRunner({ tableDelayMs: 1000 });
    await runner.run(createTable, request);
    runner.wait(1000);
    const { TableDescription: answer } = await runner.run(deleteTable, { TableName });
    for (const table of [answer, await described(runner)]) {
      assert.equal(table?.TableStatus, "DELETING");
      assert.equal(table.GlobalSecondaryIndexes, undefined);
      assert.equal(table.LocalSecondaryIndexes, undefined);
    }
  });
});
