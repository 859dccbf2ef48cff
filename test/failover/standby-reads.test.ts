/** Standbys serve the reads that may be late, and no others. */
import {
  BatchGetItemCommand,
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactGetItemsCommand,
  type CreateTableCommandInput,
} from "@aws-sdk/client-dynamodb";
import assert from "node:assert/strict";
import test from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "pg";
import { startServer } from "../../src/server/start-server.ts";
import { skipWithoutPostgres } from "../postgres/binaries.ts";
import { startCluster, type Cluster } from "../postgres/cluster.ts";

const skip =
  process.env["STATOR_TEST_POSTGRES_URL"] === undefined ? skipWithoutPostgres : "meets another server";

function definitionOf(TableName: string): CreateTableCommandInput {
  return {
    TableName,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
  };
}

const TableName = "Late";
const Key = { id: { S: "a" } };
const ofKey = { KeyConditionExpression: "id = :id", ExpressionAttributeValues: { ":id": Key.id } };

type Read = (client: DynamoDBClient, ConsistentRead: boolean) => Promise<string | undefined>;

/** Each answers the version of the item that it saw. */
const reads: Readonly<Record<string, Read>> = {
  GetItem: async (client, ConsistentRead) => {
    const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead }));
    return Item?.["version"]?.S;
  },
  BatchGetItem: async (client, ConsistentRead) => {
    const RequestItems = { [TableName]: { Keys: [Key], ConsistentRead } };
    const { Responses } = await client.send(new BatchGetItemCommand({ RequestItems }));
    return Responses?.[TableName]?.[0]?.["version"]?.S;
  },
  Query: async (client, ConsistentRead) => {
    const { Items } = await client.send(new QueryCommand({ TableName, ...ofKey, ConsistentRead }));
    return Items?.[0]?.["version"]?.S;
  },
  Scan: async (client, ConsistentRead) => {
    const { Items } = await client.send(new ScanCommand({ TableName, ConsistentRead }));
    return Items?.[0]?.["version"]?.S;
  },
};

async function versionsSeen(client: DynamoDBClient, isConsistent: boolean) {
  const seen: Record<string, string | undefined> = {};
  for (const [name, read] of Object.entries(reads)) seen[name] = await read(client, isConsistent);
  return seen;
}

function everywhere(version: string) {
  return Object.fromEntries(Object.keys(reads).map((name) => [name, version]));
}

/** Waits until all reads see a version on both standbys, which take turns. */
async function untilSeen(client: DynamoDBClient, version: string): Promise<void> {
  for (let times = 0; times < 3;) {
    const seen = Object.values(await versionsSeen(client, false));
    times = seen.every((one) => one === version) ? times + 1 : 0;
    if (times === 0) await delay(10);
  }
}

/** Has the standbys receive what is written, as commits want it, but show nothing of it until they resume. */
async function onStandbys(cluster: Cluster, statement: string): Promise<void> {
  for (const name of ["b", "c"] as const) {
    const standby = new Client({ connectionString: cluster.urlOf(name) });
    await standby.connect();
    await standby.query(statement);
    await standby.end();
  }
}

test("eventually consistent reads go to standbys, consistent ones never do", { skip }, async () => {
  const cluster = await startCluster();
  const server = await startServer({ engine: cluster.url, postgres: { eventualReads: "standby" } });
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const client = new DynamoDBClient({
    endpoint: server.endpoint,
    region: "us-east-1",
    credentials,
    maxAttempts: 1,
  });
  const put = (version: string, table = TableName) =>
    client.send(new PutItemCommand({ TableName: table, Item: { ...Key, version: { S: version } } }));
  try {
    await client.send(new CreateTableCommand(definitionOf(TableName)));
    await put("old");
    await untilSeen(client, "old");
    await onStandbys(cluster, "SELECT pg_wal_replay_pause()");
    await delay(100);
    await put("new");
    assert.deepEqual(await versionsSeen(client, true), everywhere("new"));
    assert.deepEqual(await versionsSeen(client, false), everywhere("old"));
    const transaction = new TransactGetItemsCommand({ TransactItems: [{ Get: { TableName, Key } }] });
    const { Responses } = await client.send(transaction);
    assert.equal(Responses?.[0]?.Item?.["version"]?.S, "new");

    // The standbys have not heard of this table: nobody is told that it does not exist.
    await client.send(new CreateTableCommand(definitionOf("Younger")));
    await put("young", "Younger");
    const young = await client.send(new GetItemCommand({ TableName: "Younger", Key }));
    assert.equal(young.Item?.["version"]?.S, "young");

    await onStandbys(cluster, "SELECT pg_wal_replay_resume()");
    await untilSeen(client, "new");
  } finally {
    client.destroy();
    await server.close();
    await cluster.close();
  }
});
