import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { openMemoryEngine } from "../engine/memory/open-memory-engine.ts";
import { EngineBusyError, EngineError, type Engine } from "../engine/engine.ts";
import type { ServiceError } from "../model/errors.ts";
import { openStore } from "../store/open-store.ts";
import type { Call, Dispatch } from "./call.ts";
import { createDispatch } from "./dispatch.ts";
import type { Output } from "./operation.ts";

const clock = { now: () => 1_790_000_000_000 };
const caller = { accountId: "000000000000", region: "us-east-1", accessKeyId: "local" };

let engine: Engine;
let failures: unknown[];

beforeEach(() => {
  engine = openMemoryEngine();
  failures = [];
});

/** A server of its own on the engine that all share. */
function openServer(on: Engine = engine) {
  const store = openStore({ engine: on, clock, onWork: () => undefined });
  const onFailure = (error: unknown) => failures.push(error);
  const dispatch: Dispatch = createDispatch({ store, clock, settings: { tableDelayMs: 0 }, onFailure });
  return (operation: Call["operation"], request: object) =>
    dispatch({ operation, request, caller, requestId: "request" });
}

function tableWith(keyName: string): object {
  return {
    TableName: "Music",
    BillingMode: "PAY_PER_REQUEST",
    KeySchema: [{ AttributeName: keyName, KeyType: "HASH" }],
    AttributeDefinitions: [{ AttributeName: keyName, AttributeType: "S" }],
  };
}

async function refusalOf(call: Promise<object>): Promise<string> {
  try {
    await call;
  } catch (error) {
    const { name, message } = error as ServiceError; // Dispatch promises to throw nothing else.
    return `${name}: ${message}`;
  }
  return assert.fail("the call was answered");
}

test("a table that another server made anew is used as it is now, by reads, writes and pages", async () => {
  const [one, other] = [openServer(), openServer()];
  await one("CreateTable", tableWith("artist"));
  const item = (name: string) => ({ TableName: "Music", Item: { [name]: { S: "Nina" } } });
  await one("PutItem", item("artist"));
  for (const name of ["title", "label", "year"]) {
    await other("DeleteTable", { TableName: "Music" });
    await other("CreateTable", tableWith(name));
    if (name === "title") await one("PutItem", item(name));
    else await other("PutItem", item(name));
    const key = { TableName: "Music", Key: { [name]: { S: "Nina" } }, ConsistentRead: true };
    const scan = { TableName: "Music", Select: "COUNT" };
    if (name === "label")
      assert.deepEqual(Object.keys(await one("GetItem", key)), ["Item", "ConsumedCapacity"]);
    assert.equal(((await one("Scan", scan)) as { Count: number }).Count, 1);
  }
  assert.deepEqual(failures, []);
});

test("statements of a batch take effect once, though their tables changed under them", async () => {
  const [one, other] = [openServer(), openServer()];
  await one("CreateTable", tableWith("artist"));
  const statements = ["Nina", "Miles", "Etta"].map((artist) => ({
    Statement: "UPDATE Music SET plays = plays + 1 WHERE artist = ?",
    Parameters: [{ S: artist }],
  }));
  for (const { Parameters } of statements) {
    await one("ExecuteStatement", {
      Statement: "INSERT INTO Music VALUE {'artist': ?, 'plays': 0}",
      Parameters,
    });
  }
  for (const deletionProtected of [true, false]) {
    await other("UpdateTable", { TableName: "Music", DeletionProtectionEnabled: deletionProtected });
    await one("BatchExecuteStatement", { Statements: statements });
    await one("ExecuteTransaction", { TransactStatements: statements });
  }
  const { Responses } = (await one("BatchExecuteStatement", {
    Statements: statements.map(({ Parameters }) => ({
      Statement: "SELECT plays FROM Music WHERE artist = ?",
      Parameters,
    })),
  })) as Output<"BatchExecuteStatement">;
  const counted = JSON.stringify({ TableName: "Music", Item: { plays: { N: "4" } } });
  assert.deepEqual(
    Responses?.map((response) => JSON.stringify(response)),
    [counted, counted, counted],
  );
  assert.deepEqual(failures, []);
});

test("a table that another server removed is not found", async () => {
  const [one, other] = [openServer(), openServer()];
  await one("CreateTable", tableWith("artist"));
  await one("PutItem", { TableName: "Music", Item: { artist: { S: "Nina" } } });
  await other("DeleteTable", { TableName: "Music" });
  const key = { TableName: "Music", Key: { artist: { S: "Nina" } } };
  for (const call of [one("GetItem", key), one("DeleteItem", key), one("Scan", { TableName: "Music" })]) {
    assert.equal(await refusalOf(call), "ResourceNotFoundException: Requested resource not found");
  }
});

test("only refusals of what a request says are enveloped, and only where the operation is", async () => {
  const call = openServer();
  await call("CreateTable", tableWith("artist"));
  const bad = { artist: { N: "x" } };
  const cases: readonly [Promise<object>, string][] = [
    [
      call("PutItem", { TableName: "Music", Item: bad }),
      "1 validation error detected: The parameter cannot be converted to a numeric value: x",
    ],
    [
      call("GetItem", { TableName: "Music", Key: bad }),
      "The parameter cannot be converted to a numeric value: x",
    ],
    [
      call("DeleteItem", { TableName: "Music", Key: { other: { S: "x" } } }),
      "The provided key element does not match the schema",
    ],
  ];
  for (const [answer, message] of cases)
    assert.equal(await refusalOf(answer), `ValidationException: ${message}`);
});

test("failures of storage and bugs are told to the operator, and to the client as 500s without details", async () => {
  const lost = new EngineError("disk full");
  const failing = (error: Error): Engine => ({
    ...engine,
    read: () => Promise.reject(error),
    write: () => Promise.reject(error),
  });
  const bug = new TypeError("undefined is not a function");
  for (const error of [lost, bug]) {
    const refusal = await refusalOf(openServer(failing(error))("ListTables", {}));
    assert.match(refusal, /^InternalServerError: /);
    assert.doesNotMatch(refusal, /disk|undefined/);
  }
  assert.deepEqual(failures, [lost, bug]);
});

test("clients of storage that has too much to do are throttled, and statements of a batch one by one", async () => {
  const call = openServer();
  await call("CreateTable", tableWith("artist"));
  let isBusy = false;
  let writesLeft = 0;
  const busy = new EngineBusyError("1000 requests wait");
  const other = openServer({
    ...engine,
    read: (...read) => (isBusy ? Promise.reject(busy) : engine.read(...read)),
    getMany: (...read) => (isBusy ? Promise.reject(busy) : engine.getMany(...read)),
    exchange: (...exchange) => (writesLeft-- > 0 ? engine.exchange(...exchange) : Promise.reject(busy)),
    write: (body) => (writesLeft-- > 0 ? engine.write(body) : Promise.reject(busy)),
  });
  const throttled = "ThrottlingException: Rate of requests exceeds the allowed throughput.";
  const item = { artist: { S: "Nina" } };
  assert.equal(await refusalOf(other("PutItem", { TableName: "Music", Item: item })), throttled);
  writesLeft = 1;
  const statements = ["Nina", "Miles"].map((artist) => ({
    Statement: `INSERT INTO Music VALUE {'artist': '${artist}'}`,
  }));
  const { Responses } = (await other("BatchExecuteStatement", {
    Statements: statements,
  })) as Output<"BatchExecuteStatement">;
  assert.deepEqual(
    Responses?.map((response) => JSON.stringify(response.Error)),
    [
      undefined,
      JSON.stringify({
        Code: "ThrottlingError",
        Message: "Rate of requests exceeds the allowed throughput.",
      }),
    ],
  );
  isBusy = true;
  assert.equal(await refusalOf(other("Scan", { TableName: "Music" })), throttled);
  assert.equal(await refusalOf(other("ListTables", {})), throttled);
  assert.deepEqual(failures, []);
});
