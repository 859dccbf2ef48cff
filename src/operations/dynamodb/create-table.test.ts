import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openRunner, provisionedRequest, startMs, tableRequest } from "../../../test/fixtures/operations.ts";
import { createTable } from "./create-table.ts";
import { describeTable } from "./describe-table.ts";

const wrong = "One or more parameter values were invalid: ";
const definition = (name: string, type = "S") => ({ AttributeName: name, AttributeType: type });
const hash = (name: string) => ({ AttributeName: name, KeyType: "HASH" });
const range = (name: string) => ({ AttributeName: name, KeyType: "RANGE" });

/** In the order in which the service checks. */
const refusals: readonly [what: string, request: object, message: string][] = [
  [
    "throughput of an on-demand table",
    tableRequest({
      ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
      KeySchema: [range("b")],
    }),
    `${wrong}Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST`,
  ],
  [
    "no throughput of a provisioned table",
    tableRequest({ BillingMode: "PROVISIONED", KeySchema: [range("b")] }),
    `${wrong}ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED`,
  ],
  [
    "no billing mode and no throughput",
    tableRequest({ BillingMode: undefined }),
    `${wrong}ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED`,
  ],
  [
    "more read units than there are",
    provisionedRequest(1_000_000_000_001, 1_000_000_000_001, { KeySchema: [range("b")] }),
    "Given value 1000000000001 for ReadCapacityUnits is out of bounds",
  ],
  [
    "more write units than there are",
    provisionedRequest(1_000_000_000_000, 1_000_000_000_001),
    "Given value 1000000000001 for WriteCapacityUnits is out of bounds",
  ],
  [
    "an on-demand limit of a provisioned table",
    provisionedRequest(1, 1, { OnDemandThroughput: { MaxWriteRequestUnits: 5 } }),
    `${wrong}MaxWriteRequestUnits for OnDemandThroughput cannot be specified when table BillingMode is PROVISIONED.`,
  ],
  [
    "an attribute defined twice",
    tableRequest({ AttributeDefinitions: [definition("pk"), definition("pk", "N")] }),
    "Attribute Name is duplicated: pk",
  ],
  [
    "no definitions",
    tableRequest({ AttributeDefinitions: [] }),
    "Invalid KeySchema: Some index key attribute have no definition",
  ],
  [
    "fewer definitions than keys",
    tableRequest({ KeySchema: [hash("pk"), hash("pk")] }),
    "Invalid KeySchema: Some index key attribute have no definition",
  ],
  [
    "a key without its definition",
    tableRequest({ KeySchema: [hash("constructor")] }),
    `${wrong}Some index key attributes are not defined in AttributeDefinitions. Keys: [constructor], AttributeDefinitions: [pk]`,
  ],
  [
    "one attribute as both keys",
    tableRequest({
      AttributeDefinitions: [definition("pk"), definition("b")],
      KeySchema: [hash("pk"), hash("pk")],
    }),
    "Both the Hash Key and the Range Key element in the KeySchema have the same name",
  ],
  [
    "a sort key first",
    tableRequest({
      AttributeDefinitions: [definition("pk"), definition("b")],
      KeySchema: [range("pk"), range("b")],
    }),
    "Invalid KeySchema: The first KeySchemaElement is not a HASH key type",
  ],
  [
    "two partition keys",
    tableRequest({
      AttributeDefinitions: [definition("pk"), definition("b")],
      KeySchema: [hash("pk"), hash("b")],
    }),
    "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type",
  ],
  [
    "an empty list of local indexes",
    tableRequest({ AttributeDefinitions: [definition("pk"), definition("b")], LocalSecondaryIndexes: [] }),
    `${wrong}List of LocalSecondaryIndexes is empty`,
  ],
  [
    "an empty list of global indexes",
    tableRequest({ GlobalSecondaryIndexes: [] }),
    `${wrong}List of GlobalSecondaryIndexes is empty`,
  ],
  [
    "a definition too many",
    tableRequest({ AttributeDefinitions: [definition("pk"), definition("b")] }),
    `${wrong}Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions`,
  ],
  [
    "an on-demand limit below one",
    tableRequest({ OnDemandThroughput: { MaxReadRequestUnits: -1 } }),
    `${wrong}Requested MaxReadRequestUnits for OnDemandThroughput for table is outside of valid range`,
  ],
  [
    "a reserved tag",
    tableRequest({ Tags: [{ Key: "aws:foo", Value: "x" }] }),
    "Tag Key cannot be prefixed with aws:, Key: aws:foo",
  ],
  [
    "warm throughput below what on-demand gives",
    tableRequest({ WarmThroughput: { ReadUnitsPerSecond: 1 } }),
    `${wrong}Requested ReadUnitsPerSecond for WarmThroughput for table is lower than initial throughput for OnDemand. See: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html#on-demand-capacity-mode-initial`,
  ],
  [
    "warm throughput below the provisioned units",
    provisionedRequest(10, 10, { WarmThroughput: { ReadUnitsPerSecond: 10, WriteUnitsPerSecond: 5 } }),
    `${wrong}Requested WriteUnitsPerSecond for WarmThroughput for table is lower than WriteCapacityUnits of ProvisionedThroughput`,
  ],
  [
    "a stream without its view",
    tableRequest({ StreamSpecification: { StreamEnabled: true } }),
    `${wrong}Table is being created with a stream enabled, UpdateViewType is required`,
  ],
  [
    "the view of no stream",
    tableRequest({ StreamSpecification: { StreamEnabled: false, StreamViewType: "KEYS_ONLY" } }),
    `${wrong}Table is being created with a stream disabled, UpdateViewType should not be specified`,
  ],
  [
    "a key for no encryption",
    tableRequest({ SSESpecification: { Enabled: false, KMSMasterKeyId: "k" } }),
    `${wrong}KMSMasterKeyId can not be specified if Enabled is false`,
  ],
  [
    "a key without its kind of encryption",
    tableRequest({ SSESpecification: { Enabled: true, KMSMasterKeyId: "k" } }),
    `${wrong}SSEType KMS is required if KMSMasterKeyId is specified`,
  ],
  [
    "encryption",
    tableRequest({ SSESpecification: { Enabled: true } }),
    `${wrong}SSESpecification is not supported yet by Stator`,
  ],
  [
    "a policy",
    tableRequest({ ResourcePolicy: "{}" }),
    `${wrong}ResourcePolicy is not supported yet by Stator`,
  ],
  [
    "vector indexes",
    tableRequest({
      AttributeDefinitions: [definition("pk"), definition("b")],
      VectorIndexes: [
        {
          IndexName: "by-x",
          VectorAttribute: { AttributeName: "x" },
          Dimensions: 3,
          DistanceFunction: "COSINE",
          Projection: { ProjectionType: "ALL" },
        },
      ],
    }),
    `${wrong}VectorIndexes is not supported yet by Stator`,
  ],
  [
    "settings of replicas",
    tableRequest({ GlobalTableSettingsReplicationMode: "ENABLED" }),
    `${wrong}GlobalTableSettingsReplicationMode is not supported yet by Stator`,
  ],
  [
    "no key schema",
    tableRequest({ KeySchema: undefined, AttributeDefinitions: undefined }),
    "2 validation errors detected: Value null at 'attributeDefinitions' failed to satisfy constraint: Member must not be null; Value null at 'keySchema' failed to satisfy constraint: Member must not be null",
  ],
  [
    "a table of another region",
    tableRequest({ TableName: "arn:aws:dynamodb:eu-west-1:000000000000:table/Music" }),
    "1 validation error detected: Invalid AWS region in 'arn:aws:dynamodb:eu-west-1:000000000000:table/Music'",
  ],
];

describe("CreateTable refuses", () => {
  for (const [what, request, message] of refusals) {
    test(what, async () => {
      const { run } = openRunner();
      await assert.rejects(run(createTable, request), { name: "ValidationException", message });
    });
  }

  test("more units than the quota of a table", async () => {
    const { run } = openRunner();
    await assert.rejects(run(createTable, provisionedRequest(40_001, 1)), {
      name: "LimitExceededException",
      message:
        "The requested ReadCapacityUnits, 40001, is above the per table maximum for the account in us-east-1. Per table maximum: 40000. Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.",
    });
  });

  test("a name that is taken", async () => {
    const { run } = openRunner();
    await run(createTable, tableRequest());
    await assert.rejects(run(createTable, provisionedRequest(1, 1)), {
      name: "ResourceInUseException",
      message: "Table already exists: Music",
    });
  });

  test("a name whose table is being made or deleted", async () => {
    const { run } = openRunner({ tableDelayMs: 1000 });
    await run(createTable, tableRequest());
    await assert.rejects(run(createTable, tableRequest()), {
      name: "ResourceInUseException",
      message: "Attempt to change a resource which is still in use: Table is being created: Music",
    });
  });
});

describe("CreateTable answers", () => {
  test("with the description of an on-demand table that is being made", async () => {
    const { TableDescription: table } = await openRunner().run(createTable, tableRequest());
    assert.match(
      table?.TableId ?? "",
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    assert.deepEqual(JSON.parse(JSON.stringify({ ...table, TableId: "id" })), {
      TableName: "Music",
      TableStatus: "CREATING",
      TableArn: "arn:aws:dynamodb:us-east-1:000000000000:table/Music",
      TableId: "id",
      ItemCount: 0,
      TableSizeBytes: 0,
      CreationDateTime: startMs / 1000,
      AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      ProvisionedThroughput: { NumberOfDecreasesToday: 0, ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
      BillingModeSummary: { BillingMode: "PAY_PER_REQUEST" },
      DeletionProtectionEnabled: false,
    });
  });

  test("with the class, limits and warm throughput that were asked for", async () => {
    const { TableDescription: table } = await openRunner().run(
      createTable,
      tableRequest({
        TableClass: "STANDARD_INFREQUENT_ACCESS",
        DeletionProtectionEnabled: true,
        OnDemandThroughput: { MaxReadRequestUnits: 100 },
        WarmThroughput: { ReadUnitsPerSecond: 12_001 },
      }),
    );
    assert.equal(table?.DeletionProtectionEnabled, true);
    assert.equal(table.TableClassSummary?.TableClass, "STANDARD_INFREQUENT_ACCESS");
    assert.deepEqual(table.OnDemandThroughput, { MaxReadRequestUnits: 100 });
    assert.deepEqual(table.WarmThroughput, {
      ReadUnitsPerSecond: 12_001,
      WriteUnitsPerSecond: 4_000,
      Status: "UPDATING",
    });
  });

  test("to features that are turned off as if they had not been named", async () => {
    const { run } = openRunner();
    await run(
      createTable,
      tableRequest({
        StreamSpecification: { StreamEnabled: false },
        SSESpecification: { Enabled: false },
        GlobalTableSettingsReplicationMode: "DISABLED",
        OnDemandThroughput: {},
        WarmThroughput: {},
        Tags: [],
      }),
    );
    const { Table: table } = await run(describeTable, { TableName: "Music" });
    assert.equal(table?.StreamSpecification, undefined);
    assert.equal(table?.SSEDescription, undefined);
    assert.equal(table?.OnDemandThroughput, undefined);
  });

  test("to an ARN of the caller's own by its name", async () => {
    const { run } = openRunner();
    const arn = "arn:aws:dynamodb:us-east-1:000000000000:table/Music";
    const { TableDescription: table } = await run(createTable, tableRequest({ TableName: arn }));
    assert.equal(table?.TableName, "Music");
  });

  test("with attribute names that objects inherit as with any other", async () => {
    const { run } = openRunner();
    const { TableDescription: table } = await run(
      createTable,
      tableRequest({
        TableName: "__proto__",
        AttributeDefinitions: [definition("constructor"), definition("__proto__", "N")],
        KeySchema: [hash("__proto__"), range("constructor")],
      }),
    );
    assert.deepEqual(table?.KeySchema, [hash("__proto__"), range("constructor")]);
    const described = await run(describeTable, { TableName: "__proto__" });
    assert.deepEqual(described.Table?.AttributeDefinitions, table.AttributeDefinitions);
  });
});
