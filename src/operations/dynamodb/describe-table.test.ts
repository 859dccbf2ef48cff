import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openRunner, provisionedRequest, startMs, tableRequest } from "../../../test/fixtures/operations.ts";
import { createTable } from "./create-table.ts";
import { describeTable } from "./describe-table.ts";

const arn = "arn:aws:dynamodb:us-east-1:000000000000:table/Music";

describe("DescribeTable", () => {
  test("says ACTIVE at once, and all that the service says of an on-demand table", async () => {
    const { run } = openRunner();
    await run(createTable, tableRequest());
    const { Table: table } = await run(describeTable, { TableName: "Music" });
    assert.deepEqual(JSON.parse(JSON.stringify({ ...table, TableId: "id" })), {
      TableName: "Music",
      TableStatus: "ACTIVE",
      TableArn: arn,
      TableId: "id",
      ItemCount: 0,
      TableSizeBytes: 0,
      CreationDateTime: startMs / 1000,
      AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      ProvisionedThroughput: { NumberOfDecreasesToday: 0, ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
      BillingModeSummary: {
        BillingMode: "PAY_PER_REQUEST",
        LastUpdateToPayPerRequestDateTime: startMs / 1000,
      },
      WarmThroughput: { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 4_000, Status: "ACTIVE" },
      DeletionProtectionEnabled: false,
    });
  });

  test("does not speak of the billing mode of a table that has always been provisioned", async () => {
    const { run } = openRunner();
    await run(createTable, provisionedRequest(5, 3));
    const { Table: table } = await run(describeTable, { TableName: "Music" });
    assert.equal(table?.BillingModeSummary, undefined);
    assert.deepEqual(table?.WarmThroughput, {
      ReadUnitsPerSecond: 5,
      WriteUnitsPerSecond: 3,
      Status: "ACTIVE",
    });
  });

  test("takes the table's ARN and answers with its name", async () => {
    const { run } = openRunner();
    await run(createTable, tableRequest());
    assert.equal((await run(describeTable, { TableName: arn })).Table?.TableName, "Music");
  });

  test("shows a new table as CREATING until its time has come", async () => {
    const { run, wait } = openRunner({ tableDelayMs: 1000 });
    await run(createTable, tableRequest());
    wait(999);
    const creating = (await run(describeTable, { TableName: "Music" })).Table;
    assert.equal(creating?.TableStatus, "CREATING");
    assert.equal(creating.WarmThroughput, undefined);
    wait(1);
    assert.equal((await run(describeTable, { TableName: "Music" })).Table?.TableStatus, "ACTIVE");
  });

  const notFound = "Requested resource not found: Table: Nowhere not found";
  const refusals: readonly [reference: string, name: string, message: string][] = [
    ["Nowhere", "ResourceNotFoundException", notFound],
    ["arn:aws:dynamodb:us-east-1:000000000000:table/Nowhere", "ResourceNotFoundException", notFound],
    [
      "constructor",
      "ResourceNotFoundException",
      "Requested resource not found: Table: constructor not found",
    ],
    ["arn:aws:dynamodb:us-east-1:123456789012:table/Music", "AccessDeniedException", "Access is denied"],
    [
      "arn:aws:dynamodb:us-west-2:000000000000:table/Music",
      "ValidationException",
      "1 validation error detected: Invalid AWS region in 'arn:aws:dynamodb:us-west-2:000000000000:table/Music'",
    ],
    [
      "arn:aws-cn:dynamodb:us-east-1:000000000000:table/Music",
      "ValidationException",
      "1 validation error detected: Invalid AWS partition in 'arn:aws-cn:dynamodb:us-east-1:000000000000:table/Music'",
    ],
    [
      `${arn}/index/by-year`,
      "ValidationException",
      `1 validation error detected: Invalid resource type in '${arn}/index/by-year'`,
    ],
    [
      "arn:aws:s3:us-east-1:000000000000:table/Music",
      "ValidationException",
      "1 validation error detected: Value 'arn:aws:s3:us-east-1:000000000000:table/Music' at 'tableName' failed to satisfy constraint: Valid ARN format is 'arn:<awsPartition>:<vendor>:<region>:<subscriber>:resourceType/resourceName', where Resource name must have length less than or equal to 255, Resource name must have length greater than or equal to 3, Resource name must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
    ],
  ];
  for (const [reference, name, message] of refusals) {
    test(`refuses ${reference}`, async () => {
      const { run } = openRunner();
      await run(createTable, tableRequest());
      await assert.rejects(run(describeTable, { TableName: reference }), { name, message });
    });
  }
});
