import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { openRunner, tableRequest, type Runner } from "../../../test/fixtures/operations.ts";
import { openMemoryEngine } from "../../engine/memory/open-memory-engine.ts";
import { ServiceError } from "../../model/errors.ts";
import { createTable } from "./create-table.ts";
import { deleteItem } from "./delete-item.ts";
import { getItem } from "./get-item.ts";
import { putItem } from "./put-item.ts";
import { transactGetItems } from "./transact-get-items.ts";
import { transactWriteItems } from "./transact-write-items.ts";
import { updateItem } from "./update-item.ts";
import { engineOver } from "../../../test/fixtures/engine-over.ts";

/** As a cancellation tells it of one action. */
interface Reason {
  readonly Code: string;
  readonly Message?: string;
}

const none: Reason = { Code: "None" };
const conflict: Reason = { Code: "TransactionConflict", Message: "Transaction is ongoing for the item." };

function put(pk: string, attributes: object = {}): object {
  return { Put: { TableName: "Music", Item: { pk: { S: pk }, ...attributes } } };
}

/** How a request is refused; fails the test when it is not. */
async function refusal(request: Promise<unknown>): Promise<object> {
  const error = await request.then(
    () => assert.fail("the request was answered"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ServiceError, String(error));
  return { name: error.name, message: error.message, ...error.members };
}

function cancelled(...reasons: readonly Reason[]): object {
  const codes = reasons.map(({ Code }) => Code).join(", ");
  return {
    name: "TransactionCanceledException",
    message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    CancellationReasons: reasons,
  };
}

describe("while a transaction is on its way to disk", () => {
  let runner: Runner;
  let release: () => void;
  let transaction: Promise<unknown>;

  beforeEach(async () => {
    const memory = openMemoryEngine();
    let flush = Promise.resolve();
    const engine = engineOver(memory, {
      async write(body) {
        const result = await memory.write(body);
        await flush;
        return result;
      },
    });
    runner = openRunner({ engine });
    await runner.run(createTable, tableRequest());
    flush = new Promise((resolve) => {
      release = resolve;
    });
    transaction = runner.run(transactWriteItems, {
      TransactItems: [put("a"), put("b")],
      ClientRequestToken: "t",
    });
  });

  async function end(): Promise<void> {
    release();
    assert.deepEqual(await transaction, { ConsumedCapacity: undefined, ItemCollectionMetrics: undefined });
  }

  test("every other write of its items is refused", async () => {
    const TableName = "Music";
    const Key = { pk: { S: "a" } };
    const refused = { name: "TransactionConflictException", message: "Transaction is ongoing for the item" };
    assert.deepEqual(await refusal(runner.run(putItem, { TableName, Item: Key })), refused);
    assert.deepEqual(await refusal(runner.run(updateItem, { TableName, Key })), refused);
    assert.deepEqual(await refusal(runner.run(deleteItem, { TableName, Key })), refused);
    await end();
    await runner.run(deleteItem, { TableName, Key });
  });

  test("other transactions with one of its items are cancelled", async () => {
    const write = runner.run(transactWriteItems, { TransactItems: [put("c"), put("b"), put("d")] });
    assert.deepEqual(await refusal(write), cancelled(none, conflict, none));
    const gets = ["c", "a"].map((pk) => ({ Get: { TableName: "Music", Key: { pk: { S: pk } } } }));
    const read = runner.run(transactGetItems, { TransactItems: gets });
    assert.deepEqual(await refusal(read), cancelled(none, conflict));
    await end();
    const { Item } = await runner.run(getItem, { TableName: "Music", Key: { pk: { S: "c" } } });
    assert.equal(Item, undefined);
  });

  test("reads outside of transactions go on", async () => {
    await runner.run(getItem, { TableName: "Music", Key: { pk: { S: "a" } }, ConsistentRead: true });
    await end();
  });

  test("its token is in use", async () => {
    const again = { TransactItems: [put("a"), put("b")], ClientRequestToken: "t" };
    assert.deepEqual(await refusal(runner.run(transactWriteItems, again)), {
      name: "TransactionInProgressException",
      message: "Transaction from previous request is still in progress",
    });
    assert.deepEqual(await refusal(runner.run(transactWriteItems, { ...again, TransactItems: [put("c")] })), {
      name: "IdempotentParameterMismatchException",
      message: "The request uses the same client token as a previous, but different, request.",
    });
    await end();
    const capacity = { ReturnConsumedCapacity: "TOTAL" };
    const { ConsumedCapacity } = await runner.run(transactWriteItems, { ...again, ...capacity });
    assert.deepEqual(ConsumedCapacity, [{ TableName: "Music", CapacityUnits: 4, ReadCapacityUnits: 4 }]);
  });
});

test("an item collection that would grow too large cancels a transaction", async () => {
  const runner = openRunner({ collectionBytesMax: 1000 });
  await runner.run(
    createTable,
    tableRequest({
      AttributeDefinitions: ["pk", "sk", "year"].map((AttributeName) => ({
        AttributeName,
        AttributeType: "S",
      })),
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      LocalSecondaryIndexes: [
        {
          IndexName: "ByYear",
          KeySchema: [
            { AttributeName: "pk", KeyType: "HASH" },
            { AttributeName: "year", KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "KEYS_ONLY" },
        },
      ],
    }),
  );
  const song = (pk: string, length: number) => put(pk, { sk: { S: "1" }, text: { S: "x".repeat(length) } });
  const write = runner.run(transactWriteItems, {
    TransactItems: [song("a", 10), song("b", 1000), song("c", 10)],
  });
  assert.deepEqual(
    await refusal(write),
    cancelled(none, { Code: "ItemCollectionSizeLimitExceeded", Message: "Collection size exceeded." }, none),
  );
  const { ItemCollectionMetrics } = await runner.run(transactWriteItems, {
    TransactItems: [song("a", 10), song("b", 100)],
    ReturnItemCollectionMetrics: "SIZE",
  });
  assert.equal(
    JSON.stringify(ItemCollectionMetrics),
    '{"Music":[{"ItemCollectionKey":{"pk":{"S":"a"}},"SizeEstimateRangeGB":[0,1]},{"ItemCollectionKey":{"pk":{"S":"b"}},"SizeEstimateRangeGB":[0,1]}]}',
  );
});
