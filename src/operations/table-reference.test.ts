import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { globalIndex } from "../../test/fixtures/indexes.ts";
import { openRunner, tableRequest } from "../../test/fixtures/operations.ts";
import { tableDefinition } from "../../test/fixtures/tables.ts";
import type { IndexDefinition, Table } from "../store/table.ts";
import { createTable } from "./dynamodb/create-table.ts";
import { updateTable } from "./dynamodb/update-table.ts";
import { activeTable, checkTableReference, readableIndex, tableNameOf } from "./table-reference.ts";

const arn = "arn:aws:dynamodb:us-east-1:000000000000:table/Music";

describe("tableNameOf", () => {
  const names: readonly [reference: string, name: string][] = [
    ["Music", "Music"],
    [arn, "Music"],
    [`${arn}/index/by-year`, "Music"],
    ["arn:aws:dynamodb:eu-west-1:123456789012:table/Other", "Other"],
    ["arn:", ""],
    ["arn:aws:dynamodb", ""],
  ];
  for (const [reference, name] of names) {
    test(`finds "${name}" in ${reference}`, () => {
      assert.equal(tableNameOf(reference), name);
    });
  }
});

describe("checkTableReference", () => {
  test("knows the partitions of China and the government", () => {
    const accountId = "000000000000";
    const china = `arn:aws-cn:dynamodb:cn-north-1:${accountId}:table/Music`;
    const government = `arn:aws-us-gov:dynamodb:us-gov-west-1:${accountId}:table/Music`;
    assert.equal(checkTableReference(china, { accountId, region: "cn-north-1" }), "Music");
    assert.equal(checkTableReference(government, { accountId, region: "us-gov-west-1" }), "Music");
  });
});

describe("activeTable", () => {
  const missing = { name: "ResourceNotFoundException", message: "Requested resource not found" };

  test("finds a table by name and by ARN, and the second time in memory", async () => {
    const { context, run } = openRunner();
    await run(createTable, tableRequest());
    const table = await activeTable(context, "Music");
    assert.equal(await activeTable(context, arn), table);
  });

  test("refuses a table that is not there or not made yet, but not one that is being updated", async () => {
    const { context, run, wait } = openRunner({ tableDelayMs: 1000 });
    await assert.rejects(activeTable(context, "Music"), missing);
    await run(createTable, tableRequest());
    await assert.rejects(activeTable(context, "Music"), missing);
    wait(1000);
    await run(updateTable, { TableName: "Music", TableClass: "STANDARD_INFREQUENT_ACCESS" });
    assert.equal((await activeTable(context, "Music")).definition.name, "Music");
  });

  test("does not find another account's table of the same name", async () => {
    const { context, run } = openRunner();
    await run(createTable, tableRequest());
    const other = { ...context, caller: { ...context.caller, accountId: "123456789012" } };
    await assert.rejects(activeTable(other, "Music"), missing);
  });
});

describe("readableIndex", () => {
  const named = (name: string, state: IndexDefinition["state"]) => globalIndex({ name, state });
  const indexes = [named("ByGenre", "active"), named("ByYear", "building"), named("ByLabel", "deleting")];
  const table: Table = { id: 1, version: 1, definition: tableDefinition({ indexes }) };

  test("finds an index that has all its entries", () => {
    assert.equal(readableIndex(table, "ByGenre"), indexes[0]);
  });

  const refusals: readonly [name: string, message: string][] = [
    ["ByYear", "Cannot read from backfilling global secondary index: ByYear"],
    ["ByLabel", "The table does not have the specified index: ByLabel"],
    ["constructor", "The table does not have the specified index: constructor"],
  ];
  for (const [name, message] of refusals) {
    test(`refuses ${name}`, () => {
      assert.throws(() => readableIndex(table, name), { name: "ValidationException", message });
    });
  }

  test("finds the new index when one of its name is still being deleted", () => {
    const old = named("ByGenre", "deleting");
    const renewed: Table = { ...table, definition: tableDefinition({ indexes: [old, ...indexes] }) };
    assert.equal(readableIndex(renewed, "ByGenre"), indexes[0]);
  });
});
