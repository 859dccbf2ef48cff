import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeEndpointsCommand,
  DescribeLimitsCommand,
  DescribeTableCommand,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateTableCommand,
  waitUntilTableExists,
  waitUntilTableNotExists,
  type CreateTableCommandInput,
  type TableDescription,
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

/** Makes a table and waits as clients do. Tests that run on Amazon share an account, so names are new each time. */
async function created(overrides: Partial<CreateTableCommandInput> = {}): Promise<TableDescription> {
  const TableName = `stator-${randomUUID()}`;
  made.push(TableName);
  const { TableDescription: table } = await server.client.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      BillingMode: "PAY_PER_REQUEST",
      ...overrides,
    }),
  );
  assert.equal(table?.TableStatus, "CREATING");
  await waitUntilTableExists({ client: server.client, maxWaitTime: 60 }, { TableName });
  return described(TableName);
}

async function described(TableName: string | undefined): Promise<TableDescription> {
  const { Table: table } = await server.client.send(new DescribeTableCommand({ TableName }));
  assert.ok(table);
  return table;
}

const provisioned = (ReadCapacityUnits: number, WriteCapacityUnits: number) => ({
  BillingMode: "PROVISIONED" as const,
  ProvisionedThroughput: { ReadCapacityUnits, WriteCapacityUnits },
});

describe("A table", () => {
  test("is made, described, listed and deleted", async () => {
    const { TableName, TableArn, TableId, CreationDateTime, ...table } = await created();
    assert.match(TableArn ?? "", new RegExp(`^arn:aws:dynamodb:us-east-1:\\d{12}:table/${TableName}$`));
    assert.match(TableId ?? "", /^[0-9a-f-]{36}$/);
    assert.ok(CreationDateTime instanceof Date);
    assert.ok(Math.abs(Date.now() - CreationDateTime.getTime()) < 60_000);
    assert.equal(table.TableStatus, "ACTIVE");
    assert.deepEqual(table.KeySchema, [{ AttributeName: "pk", KeyType: "HASH" }]);
    assert.deepEqual(table.AttributeDefinitions, [{ AttributeName: "pk", AttributeType: "S" }]);
    assert.deepEqual(table.WarmThroughput, {
      ReadUnitsPerSecond: 12_000,
      WriteUnitsPerSecond: 4_000,
      Status: "ACTIVE",
    });

    const before = TableName?.slice(0, -1) ?? "";
    const listed = await server.client.send(
      new ListTablesCommand({ ExclusiveStartTableName: before, Limit: 1 }),
    );
    assert.deepEqual(listed.TableNames, [TableName]);

    const { TableDescription: going } = await server.client.send(new DeleteTableCommand({ TableName }));
    assert.equal(going?.TableStatus, "DELETING");
    await waitUntilTableNotExists({ client: server.client, maxWaitTime: 60 }, { TableName: TableName ?? "" });
    assert.deepEqual(await refusalOf(described(TableName)), {
      name: "ResourceNotFoundException",
      message: `Requested resource not found: Table: ${TableName} not found`,
    });
  });

  test("can be called by its ARN", async () => {
    const { TableName, TableArn } = await created();
    assert.equal((await described(TableArn)).TableName, TableName);
    await server.client.send(new PutItemCommand({ TableName: TableArn, Item: { pk: { S: "1" } } }));
    const { TableDescription: going } = await server.client.send(
      new DeleteTableCommand({ TableName: TableArn }),
    );
    assert.equal(going?.TableName, TableName);
  });

  test("has one name", async () => {
    const { TableName } = await created();
    const again = new CreateTableCommand({
      TableName,
      AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "N" }],
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      ...provisioned(1, 1),
    });
    assert.deepEqual(await refusalOf(server.client.send(again)), {
      name: "ResourceInUseException",
      message: `Table already exists: ${TableName}`,
    });
  });

  test("counts its items and their bytes", { skip: !testsOwnServer && "others count later" }, async () => {
    const { TableName } = await created();
    for (const pk of ["1", "22", "22"]) {
      await server.client.send(new PutItemCommand({ TableName, Item: { pk: { S: pk }, n: { N: "7" } } }));
    }
    const { ItemCount, TableSizeBytes } = await described(TableName);
    assert.deepEqual({ ItemCount, TableSizeBytes }, { ItemCount: 2, TableSizeBytes: 13 });
  });

  test("is not deleted while it is protected", async () => {
    const { TableName } = await created({ DeletionProtectionEnabled: true });
    assert.deepEqual(
      await refusalOf(server.client.send(new DeleteTableCommand({ TableName }))),
      validation(
        "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.",
      ),
    );
    const { TableDescription: table } = await server.client.send(
      new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }),
    );
    assert.equal(table?.DeletionProtectionEnabled, false);
  });

  test("changes its units and its billing mode", async () => {
    const { TableName } = await created(provisioned(2, 2));
    const { TableDescription: changing } = await server.client.send(
      new UpdateTableCommand({ TableName, ...provisioned(3, 1) }),
    );
    assert.equal(changing?.TableStatus, "UPDATING");
    assert.equal(changing.ProvisionedThroughput?.ReadCapacityUnits, 2);
    await waitUntilTableExists({ client: server.client, maxWaitTime: 60 }, { TableName });
    const { ProvisionedThroughput: units, BillingModeSummary } = await described(TableName);
    assert.equal(units?.ReadCapacityUnits, 3);
    assert.equal(units.WriteCapacityUnits, 1);
    assert.equal(units.NumberOfDecreasesToday, 1);
    assert.ok(units.LastIncreaseDateTime instanceof Date);
    assert.equal(BillingModeSummary, undefined);

    await server.client.send(new UpdateTableCommand({ TableName, BillingMode: "PAY_PER_REQUEST" }));
    await waitUntilTableExists({ client: server.client, maxWaitTime: 300 }, { TableName });
    const onDemand = await described(TableName);
    assert.equal(onDemand.BillingModeSummary?.BillingMode, "PAY_PER_REQUEST");
    assert.ok(onDemand.BillingModeSummary.LastUpdateToPayPerRequestDateTime instanceof Date);
    assert.equal(onDemand.ProvisionedThroughput?.ReadCapacityUnits, 0);
  });

  test("refuses what the service refuses, in its words", async () => {
    const TableName = "stator-never-made";
    const calls: readonly [call: Promise<unknown>, message: string][] = [
      [
        server.client.send(new CreateTableCommand({ TableName, AttributeDefinitions: [], KeySchema: [] })),
        "1 validation error detected: Value '[]' at 'keySchema' failed to satisfy constraint: Member must have length greater than or equal to 1",
      ],
      [
        server.client.send(new DescribeTableCommand({ TableName: "ab" })),
        "1 validation error detected: Value 'ab' at 'tableName' failed to satisfy constraint: Member must have length greater than or equal to 3",
      ],
      [
        server.client.send(new UpdateTableCommand({ TableName, BillingMode: "PROVISIONED" })),
        "One or more parameter values were invalid: ProvisionedThroughput must be specified when BillingMode is PROVISIONED",
      ],
      [
        server.client.send(new ListTablesCommand({ Limit: 101 })),
        "1 validation error detected: Value '101' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 100",
      ],
    ];
    for (const [call, message] of calls) assert.deepEqual(await refusalOf(call), validation(message));
  });
});

describe("Tags", () => {
  test("are given, read and taken", async () => {
    const Tags = [{ Key: "env", Value: "test" }];
    const { TableArn: ResourceArn } = await created({ Tags });
    const tagsOf = async () =>
      (await server.client.send(new ListTagsOfResourceCommand({ ResourceArn }))).Tags;
    assert.deepEqual(await tagsOf(), Tags);
    if (!testsOwnServer) return; // Elsewhere, tags can be read back and changed again only some seconds later.
    await server.client.send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: "owner", Value: "" }] }));
    assert.deepEqual(await tagsOf(), [...Tags, { Key: "owner", Value: "" }]);
    await server.client.send(new UntagResourceCommand({ ResourceArn, TagKeys: ["env"] }));
    assert.deepEqual(await tagsOf(), [{ Key: "owner", Value: "" }]);
  });

  test("are refused for a table that is not there", async () => {
    const { TableArn } = await created();
    const ResourceArn = `${TableArn}-not`;
    assert.deepEqual(await refusalOf(server.client.send(new ListTagsOfResourceCommand({ ResourceArn }))), {
      name: "ResourceNotFoundException",
      message: `Requested resource not found: ResourceArn: ${ResourceArn} not found`,
    });
  });
});

describe("The account", () => {
  test("has limits and an endpoint", async () => {
    const limits = await server.client.send(new DescribeLimitsCommand({}));
    assert.ok((limits.TableMaxReadCapacityUnits ?? 0) >= 40_000);
    const { Endpoints: endpoints } = await server.client.send(new DescribeEndpointsCommand({}));
    assert.deepEqual(endpoints, [
      { Address: "dynamodb.us-east-1.amazonaws.com", CachePeriodInMinutes: 1440 },
    ]);
  });
});

describe("With a delay", { skip: !testsOwnServer && "another server's options are its own" }, () => {
  test("tables are made and deleted while clients wait", async () => {
    const slow = await startTestServer({ tableDelayMs: 300 });
    try {
      const TableName = "slow";
      const request = {
        TableName,
        AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" as const }],
        KeySchema: [{ AttributeName: "pk", KeyType: "HASH" as const }],
        BillingMode: "PAY_PER_REQUEST" as const,
      };
      await slow.client.send(new CreateTableCommand(request));
      const put = new PutItemCommand({ TableName, Item: { pk: { S: "1" } } });
      assert.deepEqual(await refusalOf(slow.client.send(put)), {
        name: "ResourceNotFoundException",
        message: "Requested resource not found",
      });
      const waiting = { client: slow.client, maxWaitTime: 10, minDelay: 0.1, maxDelay: 0.1 };
      await waitUntilTableExists(waiting, { TableName });
      await slow.client.send(new PutItemCommand({ TableName, Item: { pk: { S: "1" } } }));
      await slow.client.send(new DeleteTableCommand({ TableName }));
      assert.deepEqual((await slow.client.send(new ListTablesCommand({}))).TableNames, [TableName]);
      await waitUntilTableNotExists(waiting, { TableName });
      assert.deepEqual((await slow.client.send(new ListTablesCommand({}))).TableNames, []);
    } finally {
      await slow.close();
    }
  });
});
