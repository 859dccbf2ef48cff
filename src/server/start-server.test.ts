import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { inspect } from "node:util";
import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { openTestDatabase } from "../../test/postgres/test-database.ts";
import { nextTurn } from "../base/next-turn.ts";
import { startServer } from "./index.ts";

const folder = await mkdtemp(join(tmpdir(), "stator-library-"));
after(() => rm(folder, { recursive: true, force: true }));

function clientOf(endpoint: string): DynamoDBClient {
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  return new DynamoDBClient({ endpoint, region: "us-east-1", credentials, maxAttempts: 1 });
}

async function createTable(endpoint: string, name: string): Promise<void> {
  const client = clientOf(endpoint);
  await client.send(
    new CreateTableCommand({
      TableName: name,
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
  client.destroy();
}

async function tablesOf(endpoint: string): Promise<readonly string[]> {
  const client = clientOf(endpoint);
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  client.destroy();
  return TableNames;
}

test("many servers run at once in one process, each with tables of its own", async () => {
  const servers = await Promise.all(Array.from({ length: 20 }, () => startServer()));
  await Promise.all(servers.map(({ endpoint }, index) => createTable(endpoint, `table-${index}`)));
  for (const [index, { endpoint }] of servers.entries()) {
    assert.deepEqual(await tablesOf(endpoint), [`table-${index}`]);
  }
  await Promise.all(servers.map((server) => server.close()));
});

test("nothing is left behind after close: no handle, no connection, no port", async () => {
  const before = process.getActiveResourcesInfo().length;
  const server = await startServer();
  const { port } = new URL(server.endpoint);
  const idle = connect(Number(port), "127.0.0.1");
  await createTable(server.endpoint, "Music");
  const ended = new Promise((resolve) => idle.once("close", resolve));
  idle.on("error", () => undefined);
  await server.close();
  await ended;
  await assert.rejects(fetch(server.endpoint));
  await nextTurn();
  assert.ok(process.getActiveResourcesInfo().length <= before, process.getActiveResourcesInfo().join());
});

test("a data folder keeps the tables for the next server, and takes one server at a time", async () => {
  const first = await startServer({ dataFolder: folder });
  await createTable(first.endpoint, "Music");
  await assert.rejects(startServer({ dataFolder: folder }), /in use/);
  await first.close();
  const second = await startServer({ dataFolder: folder, durability: "relaxed" });
  assert.deepEqual(await tablesOf(second.endpoint), ["Music"]);
  await second.close();
});

test("an engine is named by its URL, and servers share a database", async () => {
  const database = await openTestDatabase();
  const servers = await Promise.all([1, 2].map(() => startServer({ engine: database.url })));
  await createTable(servers[0]?.endpoint ?? "", "Music");
  for (const { endpoint } of servers) assert.deepEqual(await tablesOf(endpoint), ["Music"]);
  await Promise.all(servers.map((server) => server.close()));
  await database.close();

  const other = await startServer({ engine: `lmdb:${folder}` });
  await assert.rejects(startServer({ dataFolder: folder }), /in use/);
  await other.close();
  await (await startServer({ engine: "memory:" })).close();
  await assert.rejects(startServer({ engine: "memory:", dataFolder: folder }), /exclude each other/);
  await assert.rejects(startServer({ engine: folder }), /engine takes memory:, lmdb:DIR or postgres:/);
});

test("a database that cannot be had rejects, and nothing repeats its password", async () => {
  const engine = "postgres://ann:secret@127.0.0.1:1/tables";
  await assert.rejects(startServer({ engine, postgres: { failoverMsMax: 100 } }), (error) => {
    assert.ok(error instanceof Error);
    assert.equal(
      error.message,
      "no primary of the database can be used (127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1)",
    );
    assert.doesNotMatch(inspect(error, { depth: 20, showHidden: true }), /secret/);
    return true;
  });
});

test("a port in use rejects, and lets go of the data folder", async () => {
  const server = await startServer();
  const port = Number(new URL(server.endpoint).port);
  await assert.rejects(startServer({ port, dataFolder: folder }), { code: "EADDRINUSE" });
  await (await startServer({ dataFolder: folder })).close();
  await server.close();
});

test("an address that other machines reach is refused", async () => {
  for (const host of ["0.0.0.0", "::", "192.0.2.1"]) {
    await assert.rejects(startServer({ host }), /insecureAllowRemote/);
  }
});

test("a development clock moves by the library and over HTTP, on this machine only", async () => {
  const server = await startServer({ devClock: true, clock: { now: () => 1_000 } });
  server.advanceClock(500);
  const page = `${server.endpoint}/_stator/clock`;
  assert.deepEqual(await (await fetch(page)).json(), { now: "1970-01-01T00:00:01.500Z", nowMs: 1_500 });
  await fetch(page, { method: "PUT", body: '{"advanceMs": 1000}' });
  const { headers } = await fetch(server.endpoint);
  assert.equal(headers.get("date"), "Thu, 01 Jan 1970 00:00:02 GMT");
  await server.close();
  const insecure = { host: "0.0.0.0", insecureAllowRemote: true };
  await assert.rejects(startServer({ ...insecure, devClock: true }), /devClock/);
});

test("without the option nothing moves the clock", async () => {
  const server = await startServer();
  assert.throws(() => {
    server.advanceClock(1);
  }, /devClock/);
  const page = `${server.endpoint}/_stator/clock`;
  assert.equal((await fetch(page)).status, 404);
  assert.equal((await fetch(page, { method: "PUT", body: '{"advanceMs": 1000}' })).status, 404);
  await server.close();
});
