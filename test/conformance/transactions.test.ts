/** Transactions beside each other and beside other writes, and transactions that are sent again. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  BatchWriteItemCommand,
  GetItemCommand,
  TransactGetItemsCommand,
  TransactionCanceledException,
  TransactionConflictException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type DynamoDBClient,
  type TransactWriteItem,
  type TransactWriteItemsCommandInput,
} from "@aws-sdk/client-dynamodb";
import { cancellationOf, cancelled } from "./cancellations.ts";
import type { Item } from "./indexed-tables.ts";
import { createItemTable } from "./item-tables.ts";
import { rawCall, refusalOf } from "./refusals.ts";
import type { Storage } from "../storage.ts";
import { openTestStorage, startTestServer, testsOwnServer, type TestServer } from "./server.ts";

const startMs = Date.UTC(2026, 9, 8, 23, 20);
const conflict = { Code: "TransactionConflict", Message: "Transaction is ongoing for the item." };

function pk(S: string): Item {
  return { pk: { S } };
}

/** Adds one to the counter of an item. */
function count(S: string): TransactWriteItem {
  return { Update: { ...counting(S) } };
}

function counting(S: string) {
  return {
    TableName: "pets",
    Key: pk(S),
    UpdateExpression: "ADD n :one",
    ExpressionAttributeValues: { ":one": { N: "1" } },
  };
}

async function counted(client: DynamoDBClient, S: string): Promise<number> {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: "pets", Key: pk(S), ConsistentRead: true }),
  );
  return Number(Item?.["n"]?.N ?? 0);
}

/** The errors of calls made at once, in their places; undefined where a call succeeded. */
async function failuresOf(calls: readonly Promise<unknown>[]): Promise<readonly (Error | undefined)[]> {
  const settled = await Promise.allSettled(calls);
  return settled.map((outcome) => {
    if (outcome.status === "fulfilled") return undefined;
    const reason: unknown = outcome.reason;
    assert.ok(reason instanceof Error);
    return reason;
  });
}

function successesIn(failures: readonly (Error | undefined)[]): number {
  return failures.filter((failure) => failure === undefined).length;
}

describe("conflicts", () => {
  let storage: Storage;
  let server: TestServer;
  before(async () => {
    // On disk, where a transaction takes as long as a flush.
    storage = await openTestStorage();
    server = await startTestServer({ ...storage.serverOptions, durability: "strict" });
    await createItemTable(server.client, "pets", ["pk", "S"]);
  });
  after(async () => {
    await server.close();
    await storage.close();
  });

  function transactWrite(...TransactItems: TransactWriteItem[]) {
    return server.client.send(new TransactWriteItemsCommand({ TransactItems }));
  }

  test("of many transactions at once each happens wholly or meets a conflict", async () => {
    const failures = await failuresOf(
      Array.from({ length: 200 }, (_, index) => transactWrite(count("busy"), count(`own ${index}`))),
    );
    for (const failure of failures) {
      if (failure === undefined) continue;
      assert.deepEqual(await cancellationOf(Promise.reject(failure)), cancelled(conflict, undefined));
    }
    const successes = successesIn(failures);
    assert.ok(successes > 0 && successes < failures.length, `${successes} of ${failures.length} succeeded`);
    assert.equal(await counted(server.client, "busy"), successes);
    assert.deepEqual(
      await Promise.all(failures.map((_, index) => counted(server.client, `own ${index}`))),
      failures.map((failure) => (failure === undefined ? 1 : 0)),
    );
  });

  test("other writes of an item that a transaction is writing are refused, and none is lost", async () => {
    const failures = await failuresOf(
      Array.from({ length: 200 }, (_, index) =>
        index % 2 === 0
          ? transactWrite(count("mixed"))
          : server.client.send(new UpdateItemCommand(counting("mixed"))),
      ),
    );
    failures.forEach((failure, index) => {
      const kind = index % 2 === 0 ? TransactionCanceledException : TransactionConflictException;
      assert.ok(failure === undefined || failure instanceof kind, String(failure));
    });
    const refused = failures.filter((failure) => failure instanceof TransactionConflictException);
    assert.ok(refused.length > 0);
    for (const { message } of refused) assert.equal(message, "Transaction is ongoing for the item");
    assert.equal(await counted(server.client, "mixed"), successesIn(failures));
  });

  test("a batch leaves items in transactions for later, and reads of them in transactions are cancelled", async () => {
    const many = Array.from({ length: 20 });
    const transactions = failuresOf(many.map(() => transactWrite(count("batched"))));
    const puts = ["batched", "beside"].map((S) => ({ PutRequest: { Item: { ...pk(S), n: { N: "0" } } } }));
    const gets = ["beside", "batched"].map((S) => ({ Get: { TableName: "pets", Key: pk(S) } }));
    const [batches, failures] = await Promise.all([
      Promise.all(
        many.map(() => server.client.send(new BatchWriteItemCommand({ RequestItems: { pets: puts } }))),
      ),
      failuresOf(many.map(() => server.client.send(new TransactGetItemsCommand({ TransactItems: gets })))),
    ]);
    await transactions;
    const unprocessed = batches.flatMap(({ UnprocessedItems }) => UnprocessedItems?.["pets"] ?? []);
    assert.ok(unprocessed.length > 0);
    for (const request of unprocessed) assert.deepEqual(request, puts[0]);
    assert.ok(successesIn(failures) < failures.length);
    for (const failure of failures) {
      if (failure === undefined) continue;
      assert.deepEqual(await cancellationOf(Promise.reject(failure)), cancelled(undefined, conflict));
    }
  });
});

describe("tokens", { skip: !testsOwnServer }, () => {
  let now = startMs;
  let storage: Storage;
  let server: TestServer;

  async function start(): Promise<void> {
    server = await startTestServer({ ...storage.serverOptions, clock: { now: () => now } });
  }

  before(async () => {
    storage = await openTestStorage();
    await start();
    await createItemTable(server.client, "pets", ["pk", "S"]);
    await createItemTable(server.client, "songs", ["pk", "S"], ["sk", "N"]);
  });
  after(async () => {
    await server.close();
    await storage.close();
  });

  function transactWrite(
    ClientRequestToken: string,
    TransactItems: TransactWriteItem[],
    input: Partial<TransactWriteItemsCommandInput> = {},
  ) {
    return server.client.send(new TransactWriteItemsCommand({ ClientRequestToken, TransactItems, ...input }));
  }

  const mismatch = {
    name: "IdempotentParameterMismatchException",
    message: "The request uses the same client token as a previous, but different, request.",
  };

  test("a transaction that is sent again has happened once, also behind a restart", async () => {
    await transactWrite("again", [count("again")]);
    await transactWrite("again", [count("again")]);
    await server.close();
    await start();
    await transactWrite("again", [count("again")]);
    assert.equal(await counted(server.client, "again"), 1);
    await transactWrite("another", [count("again")]);
    assert.equal(await counted(server.client, "again"), 2);
  });

  test("the order of members says nothing, and how much is to be answered neither", async () => {
    const one =
      '{"ClientRequestToken":"order","TransactItems":[{"Put":{"TableName":"pets","Item":{"pk":{"S":"o"},"a":{"N":"1"}}}}]}';
    const two =
      '{"TransactItems":[{"Put":{"Item":{"a":{"N":"1"},"pk":{"S":"o"}},"TableName":"pets"}}],"ReturnConsumedCapacity":"TOTAL","ClientRequestToken":"order"}';
    assert.deepEqual((await rawCall(server.endpoint, "TransactWriteItems", one)).status, 200);
    assert.deepEqual((await rawCall(server.endpoint, "TransactWriteItems", two)).status, 200);
  });

  test("a token stands for one transaction", async () => {
    await transactWrite("mismatch", [count("first")]);
    assert.deepEqual(await refusalOf(transactWrite("mismatch", [count("second")])), mismatch);
    assert.deepEqual(await refusalOf(transactWrite("mismatch", [count("first"), count("second")])), mismatch);
    assert.equal(await counted(server.client, "second"), 0);
    const { body } = await rawCall(server.endpoint, "TransactWriteItems", {
      ClientRequestToken: "mismatch",
      TransactItems: [count("second")],
    });
    assert.deepEqual(body, {
      __type: `com.amazonaws.dynamodb.v20120810#${mismatch.name}`,
      Message: mismatch.message,
    });
  });

  test("a cancelled transaction leaves its token free", async () => {
    const condition = { ConditionExpression: "attribute_exists(pk)" };
    await cancellationOf(
      transactWrite("cancelled", [{ Update: { ...counting("cancelled"), ...condition } }]),
    );
    await transactWrite("cancelled", [count("cancelled")]);
    assert.equal(await counted(server.client, "cancelled"), 1);
  });

  test("sending again reads what was written, by its size at the time", async () => {
    const items: TransactWriteItem[] = [
      { Put: { TableName: "pets", Item: { ...pk("sized"), a: { S: "x".repeat(1500) } } } },
      { Put: { TableName: "pets", Item: { ...pk("large"), a: { S: "x".repeat(5000) } } } },
      { Delete: { TableName: "songs", Key: { ...pk("none"), sk: { N: "1" } } } },
    ];
    const capacity = { ReturnConsumedCapacity: "INDEXES" } as const;
    const written = (count: number) => ({ CapacityUnits: count, WriteCapacityUnits: count });
    const read = (count: number) => ({ CapacityUnits: count, ReadCapacityUnits: count });
    assert.deepEqual((await transactWrite("sized", items, capacity)).ConsumedCapacity, [
      { TableName: "pets", ...written(14), Table: written(14) },
      { TableName: "songs", ...written(2), Table: written(2) },
    ]);
    for (const S of ["sized", "large"])
      await transactWrite(`no ${S}`, [{ Delete: { TableName: "pets", Key: pk(S) } }]);
    assert.deepEqual((await transactWrite("sized", items, capacity)).ConsumedCapacity, [
      { TableName: "pets", ...read(6), Table: read(6) },
      { TableName: "songs", ...read(2), Table: read(2) },
    ]);
  });

  test("of one transaction sent many times at once one happens, and the others are told so", async () => {
    const failures = await failuresOf(
      Array.from({ length: 50 }, () => transactWrite("at once", [count("at once")])),
    );
    assert.equal(await counted(server.client, "at once"), 1);
    assert.ok(successesIn(failures) < failures.length);
    for (const failure of failures) {
      if (failure === undefined) continue;
      assert.deepEqual(await refusalOf(Promise.reject(failure)), {
        name: "TransactionInProgressException",
        message: "Transaction from previous request is still in progress",
      });
    }
  });

  test("ten minutes later a token is new", async () => {
    await transactWrite("late", [count("late")]);
    now += 10 * 60_000 - 1;
    await transactWrite("late", [count("late")]);
    assert.equal(await counted(server.client, "late"), 1);
    now += 1;
    await transactWrite("late", [count("late"), count("later")]);
    assert.deepEqual([await counted(server.client, "late"), await counted(server.client, "later")], [2, 1]);
  });
});
