import assert from "node:assert/strict";
import { test } from "node:test";
import { scope, tableDefinition } from "../../test/fixtures/tables.ts";
import { openMemoryEngine } from "../engine/memory/open-memory-engine.ts";
import { definitionKey } from "./keyspace.ts";
import { openStore } from "./open-store.ts";
import { encodeStamp } from "./table-stamp.ts";

test("a table from before there were indexes has none, and gives the first one the id 1", async () => {
  const engine = openMemoryEngine();
  const open = () => openStore({ engine, clock: { now: () => 1 }, onWork: () => undefined });
  const table = await open().tables.create(tableDefinition());
  assert.ok(table);
  const { indexes, nextIndexId, ...older } = table.definition;
  await engine.write((transaction) => {
    const value = Buffer.concat([encodeStamp(1), Buffer.from(JSON.stringify(older))]);
    transaction.put(definitionKey(table.id), value);
    return Promise.resolve();
  });
  const { definition } = (await open().tables.find(scope, "Music")) ?? {};
  assert.deepEqual([definition?.indexes, definition?.nextIndexId], [indexes, nextIndexId]);
});
