/** Making, changing and describing secondary indexes, as clients and their tools do it. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  ScanCommand,
  TagResourceCommand,
  UpdateTableCommand,
  waitUntilTableExists,
  waitUntilTableNotExists,
  type CreateTableCommandInput,
  type GlobalSecondaryIndexDescription,
  type TableDescription,
  type UpdateTableCommandInput,
} from "@aws-sdk/client-dynamodb";
import { refusalOf, validation } from "./refusals.ts";
import { startTestServer, testsOwnServer, type TestServer } from "./server.ts";

let server: TestServer;
const made: string[] = [];

before(async () => {
  server = await startTestServer();
});

after(async () => {
  for (const TableName of made)
    await server.client.send(new DeleteTableCommand({ TableName })).catch(() => {});
  await server.close();
});

const all = { ProjectionType: "ALL" as const };
const hash = (name: string) => ({ AttributeName: name, KeyType: "HASH" as const });
const range = (name: string) => ({ AttributeName: name, KeyType: "RANGE" as const });
const strings = (...names: string[]) =>
  names.map((name) => ({ AttributeName: name, AttributeType: "S" as const }));
const units = (ReadCapacityUnits: number, WriteCapacityUnits: number) => ({
  ReadCapacityUnits,
  WriteCapacityUnits,
});
const globalIndex = (name: string, ...keys: string[]) => ({
  IndexName: name,
  KeySchema: keys.map((key, position) => (position === 0 ? hash(key) : range(key))),
  Projection: all,
});
const addition = (name: string, ...keys: string[]) => ({
  AttributeDefinitions: strings(...keys),
  GlobalSecondaryIndexUpdates: [{ Create: globalIndex(name, ...keys) }],
});
const removal = (IndexName: string) => ({ GlobalSecondaryIndexUpdates: [{ Delete: { IndexName } }] });

/** Makes a table with the keys `pk` and `sk`, and waits as clients do. */
async function created(
  members: Partial<CreateTableCommandInput>,
  { client }: TestServer = server,
): Promise<string> {
  const TableName = `stator-${randomUUID()}`;
  made.push(TableName);
  await client.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: strings("pk", "sk"),
      KeySchema: [hash("pk"), range("sk")],
      BillingMode: "PAY_PER_REQUEST",
      ...members,
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 1, maxDelay: 1 }, { TableName });
  return TableName;
}

async function described(TableName: string, { client }: TestServer = server): Promise<TableDescription> {
  const { Table: table } = await client.send(new DescribeTableCommand({ TableName }));
  assert.ok(table);
  return table;
}

async function updated(
  TableName: string,
  members: Partial<UpdateTableCommandInput>,
  { client }: TestServer = server,
): Promise<TableDescription> {
  const { TableDescription: table } = await client.send(new UpdateTableCommand({ TableName, ...members }));
  assert.ok(table);
  return table;
}

function indexOf(table: TableDescription, name: string): GlobalSecondaryIndexDescription | undefined {
  return table.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === name);
}

/** Asks again and again until the table and its indexes are at rest; answers what was seen on the way. */
async function settled(TableName: string, from: TestServer = server): Promise<readonly TableDescription[]> {
  const seen: TableDescription[] = [];
  for (const end = Date.now() + (testsOwnServer ? 20_000 : 2_400_000); Date.now() < end;) {
    const table = await described(TableName, from);
    seen.push(table);
    const statuses = [table.TableStatus, ...(table.GlobalSecondaryIndexes ?? []).map((i) => i.IndexStatus)];
    if (statuses.every((status) => status === "ACTIVE")) return seen;
    await pause(testsOwnServer ? 10 : 2_000);
  }
  throw new assert.AssertionError({ message: `${TableName} does not come to rest`, actual: seen.at(-1) });
}

describe("A table with indexes", () => {
  test("is made, described and deleted with them", async () => {
    const TableName = await created({
      AttributeDefinitions: strings("z", "pk", "sk", "m"),
      LocalSecondaryIndexes: [
        {
          IndexName: "local",
          KeySchema: [hash("pk"), range("m")],
          Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["y", "x"] },
        },
      ],
      GlobalSecondaryIndexes: [
        { ...globalIndex("z-global", "z", "pk", "m"), Projection: { ProjectionType: "KEYS_ONLY" } },
        { ...globalIndex("a-global", "sk"), OnDemandThroughput: { MaxReadRequestUnits: 50 } },
      ],
    });
    const table = await described(TableName);
    const arn = (name: string) => `${table.TableArn}/index/${name}`;
    const empty = { IndexSizeBytes: 0, ItemCount: 0 };
    const onDemand = {
      IndexStatus: "ACTIVE",
      ProvisionedThroughput: { ...units(0, 0), NumberOfDecreasesToday: 0 },
      WarmThroughput: { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 4_000, Status: "ACTIVE" },
    };
    assert.deepEqual(table.AttributeDefinitions, strings("m", "pk", "sk", "z"));
    assert.deepEqual(table.LocalSecondaryIndexes, [
      {
        ...empty,
        IndexName: "local",
        KeySchema: [hash("pk"), range("m")],
        Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["x", "y"] },
        IndexArn: arn("local"),
      },
    ]);
    assert.deepEqual(table.GlobalSecondaryIndexes, [
      {
        ...empty,
        ...onDemand,
        IndexName: "z-global",
        KeySchema: [hash("z"), range("pk"), range("m")],
        Projection: { ProjectionType: "KEYS_ONLY" },
        IndexArn: arn("z-global"),
      },
      {
        ...empty,
        ...onDemand,
        IndexName: "a-global",
        KeySchema: [hash("sk")],
        Projection: all,
        IndexArn: arn("a-global"),
        OnDemandThroughput: { MaxReadRequestUnits: 50 },
      },
    ]);
    await server.client.send(new DeleteTableCommand({ TableName }));
    await waitUntilTableNotExists({ client: server.client, maxWaitTime: 60 }, { TableName });
  });

  test("counts the entries of each", { skip: !testsOwnServer && "others count later" }, async () => {
    const TableName = await created({
      AttributeDefinitions: strings("pk", "sk", "g"),
      LocalSecondaryIndexes: [
        {
          IndexName: "local",
          KeySchema: [hash("pk"), range("g")],
          Projection: { ProjectionType: "KEYS_ONLY" },
        },
      ],
      GlobalSecondaryIndexes: [globalIndex("global", "g")],
    });
    for (const sk of ["1", "2", "3"]) {
      const g = sk === "3" ? {} : { g: { S: "x" } };
      const Item = { pk: { S: "p" }, sk: { S: sk }, ...g, more: { S: "12345678" } };
      await server.client.send(new PutItemCommand({ TableName, Item }));
    }
    const { ItemCount, LocalSecondaryIndexes: [local] = [], ...table } = await described(TableName);
    const global = indexOf(table, "global");
    assert.equal(ItemCount, 3);
    assert.deepEqual([local?.ItemCount, global?.ItemCount], [2, 2]);
    // "pk" + "p", "sk" + one digit, "g" + "x"; and "more" with its eight bytes.
    assert.deepEqual([local?.IndexSizeBytes, global?.IndexSizeBytes], [2 * 8, 2 * 20]);
  });

  test("has nothing to tag but itself", async () => {
    const TableName = await created({
      AttributeDefinitions: strings("pk", "sk"),
      GlobalSecondaryIndexes: [globalIndex("global", "sk")],
    });
    const ResourceArn = indexOf(await described(TableName), "global")?.IndexArn ?? "";
    const refusal = validation(
      `One or more parameter values were invalid: Invalid resource arn provided, only table or stream is accepted. Provided resource arn: ${ResourceArn}`,
    );
    const Tags = [{ Key: "env", Value: "test" }];
    assert.deepEqual(
      await refusalOf(server.client.send(new TagResourceCommand({ ResourceArn, Tags }))),
      refusal,
    );
    assert.deepEqual(
      await refusalOf(server.client.send(new ListTagsOfResourceCommand({ ResourceArn }))),
      refusal,
    );
  });
});

describe("An index", () => {
  test("is added to a table with items, and taken away again", async () => {
    const TableName = await created({});
    for (let n = 0; n < 30; n += 1) {
      const Item = { pk: { S: "p" }, sk: { S: String(n) }, g: { S: String(n % 3) } };
      await server.client.send(new PutItemCommand({ TableName, Item }));
    }
    const answer = await updated(TableName, addition("by-g", "g"));
    assert.equal(answer.TableStatus, "UPDATING");
    assert.equal(indexOf(answer, "by-g")?.IndexStatus, "CREATING");
    assert.equal(indexOf(answer, "by-g")?.Backfilling, false);
    assert.deepEqual(answer.AttributeDefinitions, strings("g", "pk", "sk"));
    const seen = await settled(TableName);
    for (const { TableStatus, GlobalSecondaryIndexes: [index] = [] } of seen) {
      assert.equal(index?.Backfilling !== undefined, index?.IndexStatus === "CREATING");
      if (TableStatus === "UPDATING") assert.equal(index?.Backfilling, false);
    }
    const ready = seen.at(-1)?.GlobalSecondaryIndexes?.[0];
    assert.equal(ready?.WarmThroughput?.Status, "ACTIVE");
    if (testsOwnServer) assert.equal(ready.ItemCount, 30);
    const { Count } = await server.client.send(new ScanCommand({ TableName, IndexName: "by-g" }));
    assert.equal(Count, 30);

    const going = await updated(TableName, removal("by-g"));
    assert.equal(going.TableStatus, "UPDATING");
    assert.equal(indexOf(going, "by-g")?.IndexStatus, "DELETING");
    const rest = (await settled(TableName)).at(-1);
    assert.equal(rest?.GlobalSecondaryIndexes, undefined);
    assert.deepEqual(rest?.AttributeDefinitions, strings("pk", "sk"));
  });

  test("changes its units, and goes from mode to mode with its table", async () => {
    const TableName = await created({
      BillingMode: "PROVISIONED",
      ProvisionedThroughput: units(2, 2),
      GlobalSecondaryIndexes: [{ ...globalIndex("global", "sk"), ProvisionedThroughput: units(2, 2) }],
    });
    const update = (read: number, write: number) => ({
      GlobalSecondaryIndexUpdates: [
        { Update: { IndexName: "global", ProvisionedThroughput: units(read, write) } },
      ],
    });
    const changing = await updated(TableName, update(3, 1));
    assert.equal(changing.TableStatus, "ACTIVE");
    assert.equal(indexOf(changing, "global")?.IndexStatus, "UPDATING");
    assert.equal(indexOf(changing, "global")?.ProvisionedThroughput?.ReadCapacityUnits, 2);
    await settled(TableName);
    const changed = indexOf(await described(TableName), "global");
    assert.equal(changed?.ProvisionedThroughput?.ReadCapacityUnits, 3);
    assert.equal(changed.ProvisionedThroughput.NumberOfDecreasesToday, 1);
    assert.ok(changed.ProvisionedThroughput.LastDecreaseDateTime instanceof Date);

    await updated(TableName, { BillingMode: "PAY_PER_REQUEST" });
    await settled(TableName);
    assert.deepEqual(
      await refusalOf(updated(TableName, { BillingMode: "PROVISIONED", ProvisionedThroughput: units(2, 2) })),
      validation(
        "One or more parameter values were invalid: ProvisionedThroughput must be specified for index: global",
      ),
    );
    await updated(TableName, {
      BillingMode: "PROVISIONED",
      ProvisionedThroughput: units(2, 2),
      ...update(4, 4),
    });
    const provisioned = (await settled(TableName)).at(-1);
    assert.equal(provisioned?.GlobalSecondaryIndexes?.[0]?.ProvisionedThroughput?.ReadCapacityUnits, 4);
  });

  test("is refused in the service's words", async () => {
    const TableName = await created({
      LocalSecondaryIndexes: [{ IndexName: "local", KeySchema: [hash("pk"), range("sk")], Projection: all }],
      GlobalSecondaryIndexes: [globalIndex("global", "sk")],
    });
    const refusals: readonly [
      request: Partial<UpdateTableCommandInput>,
      refusal: { name: string; message: string },
    ][] = [
      [addition("global", "sk"), validation("Attempting to create an index which already exists")],
      [removal("local"), validation("Cannot delete an index that is not a GlobalSecondaryIndex: local")],
      [
        removal("ghost"),
        {
          name: "ResourceNotFoundException",
          message: `Requested resource not found: Index ghost for table ${TableName}`,
        },
      ],
      [
        {
          ...addition("one", "g"),
          GlobalSecondaryIndexUpdates: [
            { Create: globalIndex("one", "g") },
            { Create: globalIndex("two", "g") },
          ],
        },
        {
          name: "LimitExceededException",
          message:
            "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table",
        },
      ],
      [
        { ...addition("by-g", "g"), AttributeDefinitions: strings("pk") },
        validation(
          "One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [g], AttributeDefinitions: [pk]",
        ),
      ],
      [
        { ...addition("by-g", "g"), TableName: "stator-never-made" },
        {
          name: "ResourceNotFoundException",
          message: "Requested resource not found: Table: stator-never-made not found",
        },
      ],
    ];
    for (const [request, refusal] of refusals) {
      assert.deepEqual(await refusalOf(updated(TableName, request)), refusal);
    }
  });
});

describe("With a delay", { skip: !testsOwnServer && "another server's options are its own" }, () => {
  test("an index is allocated before it is filled, and holds up its table's end", async () => {
    const slow = await startTestServer({ tableDelayMs: 400 });
    try {
      const TableName = await created({}, slow);
      await updated(TableName, addition("by-g", "g"), slow);
      const inUse = "Attempt to change a resource which is still in use: ";
      assert.deepEqual(await refusalOf(updated(TableName, removal("by-g"), slow)), {
        name: "ResourceInUseException",
        message: `${inUse}Index creation is in resource allocation phase. Retry deletion during backfilling phase or when the index is active. Table: ${TableName} Index: by-g`,
      });
      assert.deepEqual(await refusalOf(slow.client.send(new DeleteTableCommand({ TableName }))), {
        name: "ResourceInUseException",
        message: `${inUse}Cannot delete table while indexes are being created, updated, or deleted.`,
      });
      const [first] = await settled(TableName, slow);
      assert.equal(first?.TableStatus, "UPDATING");
      assert.equal(first.GlobalSecondaryIndexes?.[0]?.Backfilling, false);
      await slow.client.send(new DeleteTableCommand({ TableName }));
      await waitUntilTableNotExists(
        { client: slow.client, maxWaitTime: 10, minDelay: 0.1, maxDelay: 0.1 },
        { TableName },
      );
    } finally {
      await slow.close();
    }
  });
});
