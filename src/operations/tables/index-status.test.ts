import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  change,
  create,
  defines,
  described,
  indexOf,
  onDemandTable,
  provisionedTable,
  remove,
  settleIndexes,
  throughput,
  update,
  updates,
} from "../../../test/fixtures/indexed-table.ts";
import { type Runner } from "../../../test/fixtures/operations.ts";
import { deleteTable } from "../dynamodb/delete-table.ts";
import { updateTable } from "../dynamodb/update-table.ts";

const inUse = "Attempt to change a resource which is still in use: ";
const TableName = "Music";

/** Adds an index by the string `c`. */
function add(runner: Runner, more: object = {}) {
  return change(runner, updates(create("by-c", "c", more)), defines("c"));
}

/** What is asked of a table while something else goes on, and how it is refused, or undefined where it is taken. */
type Attempts = readonly [what: object, refusal: readonly [name: string, message: string] | undefined][];

async function attempt(runner: Runner, attempts: Attempts): Promise<void> {
  for (const [request, refusal] of attempts) {
    const call = runner.run(updateTable, { TableName, ...request });
    if (refusal === undefined) await call;
    else await assert.rejects(call, { name: refusal[0], message: refusal[1] });
  }
}

const busy = (text: string) => ["ResourceInUseException", `${inUse}${text}`] as const;
const oneOnline = [
  "LimitExceededException",
  "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table",
] as const;

describe("While an index", () => {
  test("is allocated, its table's units wait, it cannot be changed or deleted, and others can be changed", async () => {
    const runner = await provisionedTable({ tableDelayMs: 1000 });
    await add(runner, throughput(1, 1));
    await attempt(runner, [
      [
        throughput(20, 20),
        busy("Can't change table IOPS when an index is being created. Table: Music Indexes: [by-c]"),
      ],
      [
        { BillingMode: "PAY_PER_REQUEST" },
        busy("Can't change table IOPS when an index is being created. Table: Music Indexes: [by-c]"),
      ],
      [
        updates(update("by-c", throughput(2, 2))),
        busy("Index is being created but is not backfilling yet.  Table: Music Index: by-c"),
      ],
      [
        updates(remove("by-c")),
        busy(
          "Index creation is in resource allocation phase. Retry deletion during backfilling phase or when the index is active. Table: Music Index: by-c",
        ),
      ],
      [
        { ...updates(create("by-c", "c", throughput(1, 1))), ...defines("c") },
        busy("Index is being created.  Table: Music Index: by-c"),
      ],
      [{ ...updates(create("by-d", "d", throughput(1, 1))), ...defines("d") }, oneOnline],
      [updates(remove("by-a")), oneOnline],
      [updates(update("by-a", throughput(6, 6))), undefined],
      [{ DeletionProtectionEnabled: true }, undefined],
    ]);
    await assert.rejects(runner.run(deleteTable, { TableName }), {
      name: "ResourceInUseException",
      message: `${inUse}Cannot delete table while indexes are being created, updated, or deleted.`,
    });
  });

  test("is allocated, its table's on-demand limits wait", async () => {
    const runner = await onDemandTable({ tableDelayMs: 1000 });
    await add(runner);
    await attempt(runner, [
      [
        { OnDemandThroughput: { MaxReadRequestUnits: 100 } },
        busy("OnDemandThroughput cannot be updated while index creation is in progress for indexes: [by-c]"),
      ],
      [{ BillingMode: "PAY_PER_REQUEST" }, undefined],
    ]);
    runner.wait(1000);
    await attempt(runner, [[{ OnDemandThroughput: { MaxReadRequestUnits: 100 } }, undefined]]);
  });

  test("is filled, its table may change, it may be changed or deleted, but no other may come or go", async () => {
    const runner = await provisionedTable();
    await add(runner, throughput(1, 1));
    await attempt(runner, [
      [updates(remove("by-a")), oneOnline],
      [throughput(20, 20), undefined],
      [updates(update("by-c", throughput(2, 2))), undefined],
    ]);
    await assert.rejects(runner.run(deleteTable, { TableName }), { name: "ResourceInUseException" });
    const index = indexOf(await described(runner), "by-c");
    assert.equal(index?.IndexStatus, "CREATING");
    assert.equal(index.ProvisionedThroughput?.ReadCapacityUnits, 2);
    const { TableDescription: answer } = await change(runner, updates(remove("by-c")));
    assert.equal(answer?.TableStatus, "UPDATING");
    assert.equal(indexOf(answer, "by-c")?.IndexStatus, "DELETING");
    assert.equal(indexOf(answer, "by-c")?.Backfilling, undefined);
    await settleIndexes(runner);
    assert.equal(indexOf(await described(runner), "by-c"), undefined);
  });

  test("is deleted, it cannot be touched, and its table's capacity and the table itself wait", async () => {
    const runner = await provisionedTable();
    await change(runner, updates(remove("by-a")));
    const table = await described(runner);
    assert.equal(table.TableStatus, "UPDATING");
    assert.equal(indexOf(table, "by-a")?.IndexStatus, "DELETING");
    const deleted = busy("Index is being deleted. Table: Music Index: by-a");
    const waits = busy(
      "Can't change table IOPS when an index is being deleted. Table: Music Indexes: [by-a]",
    );
    await attempt(runner, [
      [updates(remove("by-a")), deleted],
      [updates(update("by-a", throughput(6, 6))), deleted],
      [{ ...updates(create("by-a", "a", throughput(1, 1))), ...defines("a") }, deleted],
      [updates(remove("by-b")), oneOnline],
      [{ BillingMode: "PAY_PER_REQUEST" }, waits],
      [throughput(20, 20), waits],
      [{ BillingMode: "PROVISIONED", ...throughput(20, 20) }, waits],
      [{ ...throughput(20, 20), ...updates(update("by-a", throughput(6, 6))) }, deleted],
      [updates(update("by-b", throughput(6, 6))), undefined],
      [{ DeletionProtectionEnabled: true }, undefined],
    ]);
    await assert.rejects(runner.run(deleteTable, { TableName }), {
      message: `${inUse}Cannot delete table while indexes are being created, updated, or deleted.`,
    });
    await settleIndexes(runner);
    const rest = await described(runner);
    assert.equal(rest.TableStatus, "ACTIVE");
    assert.deepEqual(
      rest.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName),
      ["by-b"],
    );
    assert.deepEqual(
      rest.AttributeDefinitions?.map(({ AttributeName }) => AttributeName),
      ["b", "pk"],
    );
  });

  test("is gone, its name is free for another kind of index", async () => {
    const runner = await onDemandTable();
    await change(runner, updates(remove("by-a")));
    await settleIndexes(runner);
    await change(runner, updates(create("by-a", "a", { Projection: { ProjectionType: "KEYS_ONLY" } })), {
      AttributeDefinitions: [{ AttributeName: "a", AttributeType: "N" }],
    });
    await settleIndexes(runner);
    const table = await described(runner);
    assert.deepEqual(
      table.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName),
      ["by-b", "by-a"],
    );
    assert.deepEqual(table.AttributeDefinitions?.[0], { AttributeName: "a", AttributeType: "N" });
  });
});

describe("While a table", () => {
  test("changes its units, indexes neither come nor go", async () => {
    const runner = await provisionedTable({ tableDelayMs: 1000 });
    await change(runner, throughput(20, 20));
    const refusal = busy("Can't create or delete indexes while table IOPS are being updated. Table: Music");
    await attempt(runner, [
      [{ ...updates(create("by-c", "c", throughput(1, 1))), ...defines("c") }, refusal],
      [updates(remove("by-a")), refusal],
      [updates(update("by-a", throughput(6, 6))), undefined],
    ]);
    runner.wait(1000);
    await attempt(runner, [[updates(remove("by-a")), undefined]]);
  });

  test("changes its class, indexes neither come nor go", async () => {
    const runner = await onDemandTable({ tableDelayMs: 1000 });
    await change(runner, { TableClass: "STANDARD_INFREQUENT_ACCESS" });
    await attempt(runner, [
      [
        { ...updates(create("by-c", "c")), ...defines("c") },
        busy("Can't create or delete an index when a table class update is in progress."),
      ],
    ]);
  });
});
