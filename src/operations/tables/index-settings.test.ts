import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  all,
  change,
  defines,
  described,
  hash,
  indexOf,
  onDemandTable,
  provisionedTable,
  range,
  remove,
  settleIndexes,
  throughput,
  units,
  update,
  updates,
} from "../../../test/fixtures/indexed-table.ts";
import { openRunner, provisionedRequest, startMs } from "../../../test/fixtures/operations.ts";
import { createTable } from "../dynamodb/create-table.ts";
import { deleteTable } from "../dynamodb/delete-table.ts";

const TableName = "Music";

describe("UpdateTable of an index's units", () => {
  test("answers with the units before, and the table stays ready", async () => {
    const runner = await provisionedTable();
    const { TableDescription: answer } = await change(
      runner,
      updates(update("by-a", throughput(6, 4)), update("by-b", throughput(5, 6))),
    );
    assert.equal(answer?.TableStatus, "ACTIVE");
    assert.equal(indexOf(answer, "by-a")?.IndexStatus, "UPDATING");
    assert.equal(indexOf(answer, "by-b")?.IndexStatus, "UPDATING");
    assert.deepEqual(indexOf(answer, "by-a")?.ProvisionedThroughput, {
      ...units(5, 5),
      NumberOfDecreasesToday: 0,
      LastIncreaseDateTime: startMs / 1000,
      LastDecreaseDateTime: startMs / 1000,
    });
    const index = indexOf(await described(runner), "by-a");
    assert.equal(index?.IndexStatus, "ACTIVE");
    assert.deepEqual(index.ProvisionedThroughput, {
      ...units(6, 4),
      NumberOfDecreasesToday: 1,
      LastIncreaseDateTime: startMs / 1000,
      LastDecreaseDateTime: startMs / 1000,
    });
    assert.deepEqual(index.WarmThroughput, {
      ReadUnitsPerSecond: 6,
      WriteUnitsPerSecond: 5,
      Status: "ACTIVE",
    });
  });

  test("shows the units before as long as the change takes, and takes no other meanwhile", async () => {
    const runner = await provisionedTable({ tableDelayMs: 1000 });
    await change(runner, updates(update("by-a", throughput(6, 6))));
    const changing = await described(runner);
    assert.equal(changing.TableStatus, "ACTIVE");
    assert.equal(indexOf(changing, "by-a")?.IndexStatus, "UPDATING");
    assert.equal(indexOf(changing, "by-a")?.ProvisionedThroughput?.ReadCapacityUnits, 5);
    for (const again of [update("by-a", throughput(7, 7)), remove("by-a")]) {
      await assert.rejects(change(runner, updates(again)), {
        name: "ResourceInUseException",
        message:
          "Attempt to change a resource which is still in use: Index is being updated. Table: Music Index: by-a",
      });
    }
    await change(runner, updates(remove("by-b")));
    await settleIndexes(runner);
    await assert.rejects(runner.run(deleteTable, { TableName }), { name: "ResourceInUseException" });
    runner.wait(1000);
    assert.equal(indexOf(await described(runner), "by-a")?.ProvisionedThroughput?.ReadCapacityUnits, 6);
    await runner.run(deleteTable, { TableName });
  });

  test("counts decreases apart from the table's, and refuses both together", async () => {
    const runner = await provisionedTable();
    for (const read of [9, 8, 7, 6]) await change(runner, throughput(read, 10));
    const refusal = {
      name: "LimitExceededException",
      message:
        /^Subscriber limit exceeded: Provisioned throughput decreases are limited within a given UTC day.*Number of decreases today: 4\./,
    };
    await assert.rejects(
      change(runner, updates(update("by-a", throughput(4, 4))), throughput(5, 5)),
      refusal,
    );
    assert.equal(indexOf(await described(runner), "by-a")?.ProvisionedThroughput?.NumberOfDecreasesToday, 0);
    for (const read of [4, 3, 2, 1]) await change(runner, updates(update("by-a", throughput(read, 5))));
    await assert.rejects(change(runner, updates(update("by-a", throughput(1, 4)))), refusal);
    await change(runner, updates(update("by-b", throughput(4, 4))));
    assert.equal(indexOf(await described(runner), "by-a")?.ProvisionedThroughput?.NumberOfDecreasesToday, 4);
  });

  test("goes with a change of the table's", async () => {
    const runner = await provisionedTable();
    const { TableDescription: answer } = await change(
      runner,
      updates(update("by-a", throughput(6, 6))),
      throughput(20, 20),
    );
    assert.equal(answer?.TableStatus, "UPDATING");
    const table = await described(runner);
    assert.equal(table.ProvisionedThroughput?.ReadCapacityUnits, 20);
    assert.equal(indexOf(table, "by-a")?.ProvisionedThroughput?.ReadCapacityUnits, 6);
  });
});

describe("UpdateTable of the billing mode", () => {
  test("takes the units of indexes away, which counts as a decrease of theirs", async () => {
    const runner = await provisionedTable();
    const { TableDescription: answer } = await change(runner, { BillingMode: "PAY_PER_REQUEST" });
    assert.equal(indexOf(answer, "by-a")?.IndexStatus, "UPDATING");
    assert.deepEqual(JSON.parse(JSON.stringify(indexOf(answer, "by-a")?.ProvisionedThroughput)), {
      ...units(0, 0),
      NumberOfDecreasesToday: 0,
    });
    const index = indexOf(await described(runner), "by-a");
    assert.equal(index?.IndexStatus, "ACTIVE");
    assert.deepEqual(JSON.parse(JSON.stringify(index.ProvisionedThroughput)), {
      ...units(0, 0),
      NumberOfDecreasesToday: 1,
      LastDecreaseDateTime: startMs / 1000,
    });
  });

  test("gives indexes the units that come with it, and takes their on-demand limits away", async () => {
    const runner = await onDemandTable();
    await change(runner, updates(update("by-a", { OnDemandThroughput: { MaxReadRequestUnits: 9 } })));
    const { TableDescription: answer } = await change(
      runner,
      updates(update("by-a", throughput(3, 3)), update("by-b", throughput(4, 4))),
      { BillingMode: "PROVISIONED", ...throughput(2, 2) },
    );
    assert.equal(answer?.TableStatus, "UPDATING");
    for (const table of [answer, await described(runner)]) {
      assert.equal(indexOf(table, "by-a")?.ProvisionedThroughput?.ReadCapacityUnits, 3);
      assert.equal(indexOf(table, "by-b")?.ProvisionedThroughput?.WriteCapacityUnits, 4);
      assert.equal(indexOf(table, "by-a")?.OnDemandThroughput, undefined);
      assert.equal(indexOf(table, "by-a")?.WarmThroughput?.ReadUnitsPerSecond, 12_000);
    }
    assert.equal(indexOf(answer, "by-a")?.IndexStatus, "UPDATING");
    assert.equal(indexOf(await described(runner), "by-a")?.IndexStatus, "ACTIVE");
  });

  test("minds no local index", async () => {
    const runner = openRunner();
    const local = { IndexName: "local", KeySchema: [hash("pk"), range("a")], Projection: all };
    const keys = { KeySchema: [hash("pk"), range("sk")], ...defines("pk", "sk", "a") };
    await runner.run(createTable, provisionedRequest(1, 1, { ...keys, LocalSecondaryIndexes: [local] }));
    await change(runner, { BillingMode: "PAY_PER_REQUEST" });
    await change(runner, { BillingMode: "PROVISIONED", ...throughput(1, 1) });
    assert.deepEqual((await described(runner)).LocalSecondaryIndexes, [
      {
        IndexName: "local",
        KeySchema: [hash("pk"), range("a")],
        Projection: all,
        IndexSizeBytes: 0,
        ItemCount: 0,
        IndexArn: "arn:aws:dynamodb:us-east-1:000000000000:table/Music/index/local",
      },
    ]);
  });
});

describe("UpdateTable of an on-demand index", () => {
  test("changes the limits that are named and lifts those set to -1", async () => {
    const runner = await onDemandTable();
    const steps: readonly [request: object, answer: object, kept: object | undefined][] = [
      [{ MaxReadRequestUnits: 9 }, { MaxReadRequestUnits: 9 }, { MaxReadRequestUnits: 9 }],
      [
        { MaxReadRequestUnits: -1, MaxWriteRequestUnits: 8 },
        { MaxReadRequestUnits: -1, MaxWriteRequestUnits: 8 },
        { MaxWriteRequestUnits: 8 },
      ],
      [{ MaxWriteRequestUnits: -1 }, { MaxWriteRequestUnits: -1 }, undefined],
    ];
    for (const [OnDemandThroughput, shown, kept] of steps) {
      const { TableDescription: answer } = await change(
        runner,
        updates(update("by-a", { OnDemandThroughput })),
      );
      assert.equal(answer?.TableStatus, "ACTIVE");
      assert.equal(indexOf(answer, "by-a")?.IndexStatus, "UPDATING");
      assert.deepEqual(indexOf(answer, "by-a")?.OnDemandThroughput, shown);
      assert.deepEqual(indexOf(await described(runner), "by-a")?.OnDemandThroughput, kept);
    }
  });

  test("raises warm throughput and answers with what the index had", async () => {
    const runner = await onDemandTable();
    const { TableDescription: answer } = await change(
      runner,
      updates(update("by-a", { WarmThroughput: { ReadUnitsPerSecond: 12_001 } })),
    );
    assert.equal(answer?.TableStatus, "ACTIVE");
    assert.equal(indexOf(answer, "by-a")?.IndexStatus, "ACTIVE");
    assert.deepEqual(indexOf(answer, "by-a")?.WarmThroughput, {
      ReadUnitsPerSecond: 12_000,
      WriteUnitsPerSecond: 4_000,
      Status: "UPDATING",
    });
    assert.deepEqual(indexOf(await described(runner), "by-a")?.WarmThroughput, {
      ReadUnitsPerSecond: 12_001,
      WriteUnitsPerSecond: 4_000,
      Status: "ACTIVE",
    });
  });
});
