import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openRunner, tableRequest } from "../../../test/fixtures/operations.ts";
import { activeTable } from "../table-reference.ts";
import { createTable } from "./create-table.ts";
import { deleteTable } from "./delete-table.ts";
import { describeTable } from "./describe-table.ts";
import { listTables } from "./list-tables.ts";
import { updateTable } from "./update-table.ts";

const TableName = "Music";
const notFound = {
  name: "ResourceNotFoundException",
  message: "Requested resource not found: Table: Music not found",
};

describe("DeleteTable", () => {
  test("answers with what is left to tell of the table, which is gone at once", async () => {
    const { run } = openRunner();
    await run(createTable, tableRequest());
    const { TableDescription: table } = await run(deleteTable, { TableName });
    assert.deepEqual(Object.keys(JSON.parse(JSON.stringify(table)) as object).sort(), [
      "BillingModeSummary",
      "DeletionProtectionEnabled",
      "ItemCount",
      "ProvisionedThroughput",
      "TableArn",
      "TableId",
      "TableName",
      "TableSizeBytes",
      "TableStatus",
    ]);
    assert.equal(table?.TableStatus, "DELETING");
    await assert.rejects(run(describeTable, { TableName }), notFound);
    await assert.rejects(run(deleteTable, { TableName }), notFound);
  });

  test("refuses a table that is protected", async () => {
    const { run } = openRunner();
    await run(createTable, tableRequest({ DeletionProtectionEnabled: true }));
    await assert.rejects(run(deleteTable, { TableName }), {
      name: "ValidationException",
      message:
        "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.",
    });
    await run(updateTable, { TableName, DeletionProtectionEnabled: false });
    await run(deleteTable, { TableName });
  });

  test("leaves the name free for a table with another id", async () => {
    const { run } = openRunner();
    const { TableDescription: before } = await run(createTable, tableRequest());
    await run(deleteTable, { TableName });
    const { TableDescription: after } = await run(createTable, tableRequest());
    assert.equal(after?.TableArn, before?.TableArn);
    assert.notEqual(after?.TableId, before?.TableId);
  });
});

describe("With a delay, DeleteTable", () => {
  const inUse = "Attempt to change a resource which is still in use: ";

  test("refuses a table that is being made", async () => {
    const { run } = openRunner({ tableDelayMs: 1000 });
    await run(createTable, tableRequest());
    await assert.rejects(run(deleteTable, { TableName }), {
      name: "ResourceInUseException",
      message: `${inUse}Table is being created: Music`,
    });
  });

  test("leaves the table in sight until its time has come", async () => {
    const { context, run, wait } = openRunner({ tableDelayMs: 1000 });
    await run(createTable, tableRequest());
    wait(1000);
    await run(deleteTable, { TableName });
    wait(999);
    assert.equal((await run(describeTable, { TableName })).Table?.TableStatus, "DELETING");
    assert.deepEqual((await run(listTables, {})).TableNames, [TableName]);
    for (const attempt of [
      run(deleteTable, { TableName }),
      run(updateTable, { TableName, DeletionProtectionEnabled: true }),
    ]) {
      await assert.rejects(attempt, {
        name: "ResourceInUseException",
        message: `${inUse}Table is being deleted: Music`,
      });
    }
    await assert.rejects(run(createTable, tableRequest()), { message: "Table already exists: Music" });
    await assert.rejects(activeTable(context, TableName), {
      name: "ResourceNotFoundException",
      message: "Requested resource not found",
    });
  });

  const looks = { describeTable, deleteTable, listTables };
  for (const [name, operation] of Object.entries(looks)) {
    test(`lets ${name} take the table out of the catalog when its time has come`, async () => {
      const { context, run, wait } = openRunner({ tableDelayMs: 1000 });
      await run(createTable, tableRequest());
      wait(1000);
      await run(deleteTable, { TableName });
      wait(1000);
      await assert.rejects(activeTable(context, TableName), { message: "Requested resource not found" });
      const request = operation === listTables ? {} : { TableName };
      await run(operation, request).catch((error: unknown) => {
        assert.deepEqual(String(error), `${notFound.name}: ${notFound.message}`);
      });
      assert.equal(await context.store.tables.find(context.caller, TableName), undefined);
    });
  }

  test("lets CreateTable take the name when its time has come", async () => {
    const { run, wait } = openRunner({ tableDelayMs: 1000 });
    await run(createTable, tableRequest());
    wait(1000);
    await run(deleteTable, { TableName });
    wait(1000);
    const { TableDescription: table } = await run(createTable, tableRequest());
    assert.equal(table?.TableStatus, "CREATING");
  });
});
