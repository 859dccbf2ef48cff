import assert from "node:assert/strict";
import { test } from "node:test";
import { openRunner, tableRequest } from "../../../test/fixtures/operations.ts";
import type { Engine } from "../../engine/engine.ts";
import { openMemoryEngine } from "../../engine/memory/open-memory-engine.ts";
import type { Item } from "../../model/attribute-value.ts";
import { putWrite } from "../items/item-writes.ts";
import { activeTable } from "../table-reference.ts";
import { batchWriteItem } from "./batch-write-item.ts";
import { createTable } from "./create-table.ts";
import { deleteItem } from "./delete-item.ts";
import { putItem } from "./put-item.ts";
import { scan } from "./scan.ts";
import { updateItem } from "./update-item.ts";
import { engineOver } from "../../../test/fixtures/engine-over.ts";

/** A table whose item collections are bounded. */
const localTable = {
  ...tableRequest(),
  AttributeDefinitions: ["pk", "sk", "l"].map((name) => ({ AttributeName: name, AttributeType: "S" })),
  KeySchema: [
    { AttributeName: "pk", KeyType: "HASH" },
    { AttributeName: "sk", KeyType: "RANGE" },
  ],
  LocalSecondaryIndexes: [
    {
      IndexName: "local",
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "l", KeyType: "RANGE" },
      ],
      Projection: { ProjectionType: "KEYS_ONLY" },
    },
  ],
};

const collectionFull = {
  name: "ItemCollectionSizeLimitExceededException",
  message: "Collection size exceeded.",
};

test("an item collection may not outgrow its bound, by any write", async () => {
  const { run } = openRunner({ collectionBytesMax: 100 });
  await run(createTable, localTable);
  const item = (pk: string, sk: string, attributes: Item = {}): Item => ({
    pk: { S: pk },
    sk: { S: sk },
    ...attributes,
  });
  const put = (Item: Item) => run(putItem, { TableName: "Music", Item });
  await put(item("a", "1", { text: { S: "x".repeat(80) } }));
  await assert.rejects(put(item("a", "2", { text: { S: "x" } })), collectionFull);
  await put(item("a", "2"));
  const entry = { TableName: "Music", Key: item("a", "2"), AttributeUpdates: { l: { Value: { S: "x" } } } };
  await assert.rejects(run(updateItem, entry), collectionFull);
  const requests = ["b", "a"].map((pk) => ({ PutRequest: { Item: item(pk, "3") } }));
  await assert.rejects(run(batchWriteItem, { RequestItems: { Music: requests } }), collectionFull);
  assert.equal((await run(scan, { TableName: "Music" })).Count, 2);
  await run(deleteItem, { TableName: "Music", Key: item("a", "2") });
  await run(batchWriteItem, { RequestItems: { Music: requests } });
  assert.equal((await run(scan, { TableName: "Music" })).Count, 3);
});

/** An engine in memory whose writes are durable once `flushed` is. */
function slowEngine(flushed: () => Promise<void>): Engine {
  const memory = openMemoryEngine();
  return engineOver(memory, {
    async write(body) {
      const result = await memory.write(body);
      await flushed();
      return result;
    },
  });
}

test("requests for items that a transaction is writing are handed back, and the others are done", async () => {
  let flushed = Promise.resolve();
  const { run, context } = openRunner({ engine: slowEngine(() => flushed) });
  for (const TableName of ["Music", "Other"]) await run(createTable, tableRequest({ TableName }));
  const table = await activeTable(context, "Music");
  let flush: () => void = () => undefined;
  flushed = new Promise<void>((resolve) => {
    flush = resolve;
  });
  const transaction = context.store.transact([
    putWrite(table, { item: { pk: { S: "held" } }, sizeBytes: 6 }),
  ]);
  const held = { DeleteRequest: { Key: { pk: { S: "held" } } } };
  const batch = run(batchWriteItem, {
    RequestItems: {
      Music: [held, { PutRequest: { Item: { pk: { S: "free" } } } }],
      Other: [{ PutRequest: { Item: { pk: { S: "free" } } } }],
    },
    ReturnConsumedCapacity: "TOTAL",
  });
  const nothing = run(batchWriteItem, { RequestItems: { Music: [held] }, ReturnConsumedCapacity: "TOTAL" });
  const conflict = {
    name: "TransactionConflictException",
    message: "Transaction is ongoing for the item",
  };
  await assert.rejects(run(putItem, { TableName: "Music", Item: { pk: { S: "held" } } }), conflict);
  flush();
  await transaction;
  assert.deepEqual(JSON.parse(JSON.stringify(await batch)), {
    UnprocessedItems: { Music: [held] },
    ConsumedCapacity: [
      { TableName: "Music", CapacityUnits: 1 },
      { TableName: "Other", CapacityUnits: 1 },
    ],
  });
  assert.deepEqual(JSON.parse(JSON.stringify(await nothing)), {
    UnprocessedItems: { Music: [held] },
    ConsumedCapacity: [],
  });
  assert.equal((await run(scan, { TableName: "Music" })).Count, 2);
});
