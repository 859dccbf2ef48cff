import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  all,
  change,
  create,
  defines,
  described,
  hash,
  indexOf,
  onDemandTable,
  provisionedTable,
  settleIndexes,
  throughput,
  units,
  update,
  updates,
} from "../../../test/fixtures/indexed-table.ts";
import { type Runner } from "../../../test/fixtures/operations.ts";
import { putItem } from "../dynamodb/put-item.ts";

const TableName = "Music";

/** Adds an index by the string `c`. */
function add(runner: Runner, more: object = {}) {
  return change(runner, updates(create("by-c", "c", more)), defines("c"));
}

describe("An index that is added", () => {
  test("is allocated, then filled, then ready, and its table shows the first of it alone", async () => {
    const runner = await onDemandTable({ tableDelayMs: 1000 });
    await runner.run(putItem, { TableName, Item: { pk: { S: "1" }, c: { S: "x" } } });
    const { TableDescription: answer } = await add(runner);
    for (const table of [answer, await described(runner)]) {
      assert.equal(table?.TableStatus, "UPDATING");
      assert.deepEqual(indexOf(table, "by-c"), {
        IndexName: "by-c",
        KeySchema: [hash("c")],
        Projection: all,
        IndexSizeBytes: 0,
        ItemCount: 0,
        IndexArn: "arn:aws:dynamodb:us-east-1:000000000000:table/Music/index/by-c",
        IndexStatus: "CREATING",
        Backfilling: false,
        ProvisionedThroughput: {
          ...units(0, 0),
          NumberOfDecreasesToday: 0,
          LastIncreaseDateTime: undefined,
          LastDecreaseDateTime: undefined,
        },
        OnDemandThroughput: undefined,
        WarmThroughput: { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 4_000, Status: "UPDATING" },
      });
      assert.equal(indexOf(table, "by-a")?.IndexStatus, "ACTIVE");
      assert.equal(indexOf(table, "by-a")?.Backfilling, undefined);
    }
    runner.wait(1000);
    const filling = await described(runner);
    assert.equal(filling.TableStatus, "ACTIVE");
    assert.equal(indexOf(filling, "by-c")?.IndexStatus, "CREATING");
    assert.equal(indexOf(filling, "by-c")?.Backfilling, true);
    await settleIndexes(runner);
    const ready = indexOf(await described(runner), "by-c");
    assert.equal(ready?.IndexStatus, "ACTIVE");
    assert.equal(ready.Backfilling, undefined);
    assert.equal(ready.ItemCount, 1);
    assert.equal(ready.WarmThroughput?.Status, "ACTIVE");
  });

  test("adds its key attributes to those of the table and drops what no key uses", async () => {
    const runner = await onDemandTable();
    // The table's own attribute is not redefined, though the request would have it a number.
    const { TableDescription: answer } = await change(runner, updates(create("by-c", "c")), {
      AttributeDefinitions: [
        { AttributeName: "pk", AttributeType: "N" },
        { AttributeName: "unused", AttributeType: "S" },
        { AttributeName: "c", AttributeType: "B" },
      ],
    });
    const definitions = [
      { AttributeName: "a", AttributeType: "S" },
      { AttributeName: "b", AttributeType: "S" },
      { AttributeName: "c", AttributeType: "B" },
      { AttributeName: "pk", AttributeType: "S" },
    ];
    assert.deepEqual(answer?.AttributeDefinitions, definitions);
    assert.deepEqual((await described(runner)).AttributeDefinitions, definitions);
  });

  test("goes with changes of other indexes and with the switch to on-demand", async () => {
    const runner = await provisionedTable();
    await change(runner, updates(create("by-c", "c", throughput(7, 7)), update("by-a", throughput(6, 6))), {
      ...defines("c"),
    });
    const table = await described(runner);
    assert.equal(indexOf(table, "by-c")?.ProvisionedThroughput?.ReadCapacityUnits, 7);
    assert.equal(indexOf(table, "by-a")?.ProvisionedThroughput?.ReadCapacityUnits, 6);
    await settleIndexes(runner);
    await change(runner, updates(create("by-d", "d")), { ...defines("d"), BillingMode: "PAY_PER_REQUEST" });
    const switched = await described(runner);
    assert.equal(switched.BillingModeSummary?.BillingMode, "PAY_PER_REQUEST");
    for (const name of ["by-a", "by-b", "by-c", "by-d"]) {
      assert.equal(indexOf(switched, name)?.ProvisionedThroughput?.ReadCapacityUnits, 0);
    }
    assert.equal(indexOf(switched, "by-d")?.IndexStatus, "CREATING");
  });

  test("takes the limits and the warm throughput that were asked for", async () => {
    const runner = await onDemandTable();
    const asked = {
      OnDemandThroughput: { MaxReadRequestUnits: 50 },
      WarmThroughput: { ReadUnitsPerSecond: 13_000 },
    };
    await add(runner, asked);
    await settleIndexes(runner);
    const index = indexOf(await described(runner), "by-c");
    assert.deepEqual(index?.OnDemandThroughput, asked.OnDemandThroughput);
    assert.deepEqual(index.WarmThroughput, {
      ReadUnitsPerSecond: 13_000,
      WriteUnitsPerSecond: 4_000,
      Status: "ACTIVE",
    });
  });
});
