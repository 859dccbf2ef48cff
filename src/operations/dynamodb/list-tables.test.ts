import assert from "node:assert/strict";
import { test } from "node:test";
import { openRunner, tableRequest, type Runner } from "../../../test/fixtures/operations.ts";
import { createTable } from "./create-table.ts";
import { deleteTable } from "./delete-table.ts";
import { listTables } from "./list-tables.ts";

async function withTables(names: readonly string[], options = {}): Promise<Runner> {
  const runner = openRunner(options);
  for (const name of names) await runner.run(createTable, tableRequest({ TableName: name }));
  return runner;
}

async function list({ run }: Runner, request: object): Promise<object> {
  return JSON.parse(JSON.stringify(await run(listTables, request))) as object;
}

test("ListTables tells the names in the order of their bytes, capitals first", async () => {
  const runner = await withTables(["beta", "Zeta", "alpha", "alpha.2", "__proto__"]);
  assert.deepEqual(await list(runner, {}), {
    TableNames: ["Zeta", "__proto__", "alpha", "alpha.2", "beta"],
  });
});

test("ListTables tells where a page ended, except for the last one", async () => {
  const runner = await withTables(["aaa", "bbb", "ccc"]);
  assert.deepEqual(await list(runner, { Limit: 2 }), {
    TableNames: ["aaa", "bbb"],
    LastEvaluatedTableName: "bbb",
  });
  assert.deepEqual(await list(runner, { Limit: 1, ExclusiveStartTableName: "bbb" }), { TableNames: ["ccc"] });
  assert.deepEqual(await list(runner, { ExclusiveStartTableName: "ccc" }), { TableNames: [] });
});

test("ListTables starts behind any name, whether or not it is a table's", async () => {
  const runner = await withTables(["aaa", "ccc"]);
  assert.deepEqual(await list(runner, { ExclusiveStartTableName: "bbb" }), { TableNames: ["ccc"] });
});

test("ListTables tells at most 100 names", async () => {
  const names = Array.from({ length: 101 }, (_, index) => `table-${String(index).padStart(3, "0")}`);
  const runner = await withTables(names);
  assert.deepEqual(await list(runner, {}), {
    TableNames: names.slice(0, 100),
    LastEvaluatedTableName: "table-099",
  });
});

test("ListTables leaves out a table whose deletion has run its time", async () => {
  const runner = await withTables(["aaa", "bbb"], { tableDelayMs: 1000 });
  runner.wait(1000);
  await runner.run(deleteTable, { TableName: "bbb" });
  assert.deepEqual(await list(runner, {}), { TableNames: ["aaa", "bbb"] });
  runner.wait(1000);
  assert.deepEqual(await list(runner, {}), { TableNames: ["aaa"] });
});

test("ListTables refuses limits that are none", async () => {
  const { run } = openRunner();
  await assert.rejects(run(listTables, { Limit: 101 }), {
    name: "ValidationException",
    message:
      "1 validation error detected: Value '101' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 100",
  });
});
