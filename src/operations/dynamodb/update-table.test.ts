import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  openRunner,
  provisionedRequest,
  startMs,
  tableRequest,
  type Runner,
} from "../../../test/fixtures/operations.ts";
import { createTable } from "./create-table.ts";
import { deleteTable } from "./delete-table.ts";
import { describeTable } from "./describe-table.ts";
import { updateTable } from "./update-table.ts";

const wrong = "One or more parameter values were invalid: ";
const TableName = "Music";
const hourMs = 3_600_000;
const units = (ReadCapacityUnits: number, WriteCapacityUnits: number) => ({
  ReadCapacityUnits,
  WriteCapacityUnits,
});

async function onDemand(options = {}): Promise<Runner> {
  const runner = openRunner(options);
  await runner.run(createTable, tableRequest());
  return runner;
}

async function provisioned(read: number, write: number, options = {}): Promise<Runner> {
  const runner = openRunner(options);
  await runner.run(createTable, provisionedRequest(read, write));
  return runner;
}

function change(runner: Runner, request: object) {
  return runner.run(updateTable, { TableName, ...request });
}

async function described(runner: Runner) {
  const { Table: table } = await runner.run(describeTable, { TableName });
  assert.ok(table);
  return table;
}

const oneOf =
  "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency, DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is required";

const requestRefusals: readonly [what: string, request: object, message: string][] = [
  ["nothing", {}, oneOf],
  ["definitions alone", { AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }] }, oneOf],
  ["empty throughputs", { WarmThroughput: {}, OnDemandThroughput: {} }, oneOf],
  ["consistency alone", { MultiRegionConsistency: "STRONG" }, oneOf.replace("MultiRegionConsistency, ", "")],
  [
    "units out of bounds",
    { ProvisionedThroughput: units(1, 1_000_000_000_001), TableClass: "STANDARD" },
    "Given value 1000000000001 for WriteCapacityUnits is out of bounds",
  ],
  [
    "the provisioned mode without units",
    { BillingMode: "PROVISIONED" },
    `${wrong}ProvisionedThroughput must be specified when BillingMode is PROVISIONED`,
  ],
  [
    "the on-demand mode with units",
    { BillingMode: "PAY_PER_REQUEST", ProvisionedThroughput: units(1, 1) },
    `${wrong}ProvisionedThroughput cannot be specified when BillingMode is PAY_PER_REQUEST`,
  ],
  [
    "an on-demand limit of nothing",
    { OnDemandThroughput: { MaxWriteRequestUnits: 0 } },
    `${wrong}Requested MaxWriteRequestUnits for OnDemandThroughput for table is outside of valid range`,
  ],
  [
    "protection with anything else",
    { DeletionProtectionEnabled: true, WarmThroughput: { ReadUnitsPerSecond: 13_000 } },
    `${wrong}DeletionProtection modification must be the only operation in the request`,
  ],
  [
    "encryption with anything else",
    { SSESpecification: { Enabled: false }, TableClass: "STANDARD" },
    `${wrong}Server-Side Encryption modification must be the only operation in the request`,
  ],
  [
    "a class with anything else",
    { TableClass: "STANDARD", DeletionProtectionEnabled: true },
    `${wrong}TableClass modification must be the only operation in the request`,
  ],
  [
    "warm throughput with anything else",
    { WarmThroughput: { ReadUnitsPerSecond: 13_000 }, BillingMode: "PAY_PER_REQUEST" },
    `${wrong}WarmThroughput must be the only operation in the request`,
  ],
  [
    "an on-demand limit with units",
    { OnDemandThroughput: { MaxReadRequestUnits: 5 }, ProvisionedThroughput: units(1, 1) },
    `${wrong}OnDemandThroughput can only be combined with BillingMode in an UpdateTable request`,
  ],
  [
    "a stream with units",
    {
      StreamSpecification: { StreamEnabled: true, StreamViewType: "KEYS_ONLY" },
      ProvisionedThroughput: units(1, 1),
    },
    `${wrong}You cannot modify stream status while updating table IOPS`,
  ],
  [
    "a stream without its view",
    { StreamSpecification: { StreamEnabled: true } },
    `${wrong}If stream is being enabled then UpdateViewType is required`,
  ],
  [
    "a replica",
    { ReplicaUpdates: [{ Create: { RegionName: "eu-west-1" } }] },
    `${wrong}ReplicaUpdates is not supported yet by Stator`,
  ],
  [
    "encryption",
    { SSESpecification: { Enabled: true, SSEType: "KMS" } },
    `${wrong}SSESpecification is not supported yet by Stator`,
  ],
];

describe("UpdateTable refuses, before it looks for the table,", () => {
  for (const [what, request, message] of requestRefusals) {
    test(what, async () => {
      const runner = openRunner();
      await assert.rejects(change(runner, request), { name: "ValidationException", message });
    });
  }
});

const tableRefusals: readonly [what: string, request: object, message: string][] = [
  [
    "units of an on-demand table",
    { ProvisionedThroughput: units(1, 1) },
    `${wrong}Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST`,
  ],
  [
    "less warm throughput than there is",
    { WarmThroughput: { WriteUnitsPerSecond: 3_999 } },
    `${wrong}Requested WriteUnitsPerSecond for WarmThroughput for table is lower than current WarmThroughput, decreasing WarmThroughput is not supported`,
  ],
  [
    "to turn off a stream that is off",
    { StreamSpecification: { StreamEnabled: false } },
    "Table has no stream to disable: TableName: Music",
  ],
  [
    "to turn off encryption that is off",
    { SSESpecification: { Enabled: false } },
    `${wrong}Table is already encrypted by default`,
  ],
];

describe("UpdateTable refuses", () => {
  for (const [what, request, message] of tableRefusals) {
    test(what, async () => {
      await assert.rejects(change(await onDemand(), request), { name: "ValidationException", message });
    });
  }

  test("a table that is not there", async () => {
    await assert.rejects(change(openRunner(), { DeletionProtectionEnabled: true }), {
      name: "ResourceNotFoundException",
      message: "Requested resource not found: Table: Music not found",
    });
  });

  test("an on-demand limit of a provisioned table", async () => {
    const runner = await provisioned(1, 1);
    await assert.rejects(change(runner, { OnDemandThroughput: { MaxReadRequestUnits: 1 } }), {
      message: `${wrong}MaxReadRequestUnits for OnDemandThroughput cannot be specified when the table BillingMode is PROVISIONED`,
    });
  });

  test("the units a table has", async () => {
    const runner = await provisioned(3, 2);
    const request = { BillingMode: "PROVISIONED", ProvisionedThroughput: units(3, 2) };
    await assert.rejects(change(runner, request), {
      name: "ValidationException",
      message:
        "The provisioned throughput for the table will not change. The requested value equals the current value. Current ReadCapacityUnits provisioned for the table: 3. Requested ReadCapacityUnits: 3. Current WriteCapacityUnits provisioned for the table: 2. Requested WriteCapacityUnits: 2. Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.",
    });
  });

  test("more than the quotas of a table", async () => {
    const runner = await onDemand();
    const quotas: readonly [request: object, message: string][] = [
      [
        { OnDemandThroughput: { MaxReadRequestUnits: 40_001 } },
        "Subscriber limit exceeded: Requested MaxReadRequestUnits for OnDemandThroughput for table exceeds TableMaxReadCapacityUnits of the account in region us-east-1",
      ],
      [
        { WarmThroughput: { ReadUnitsPerSecond: 40_001 } },
        "Subscriber limit exceeded: Requested ReadUnitsPerSecond for WarmThroughput for table exceeds TableMaxReadCapacityUnits of the account in region us-east-1",
      ],
      [
        { BillingMode: "PROVISIONED", ProvisionedThroughput: units(1, 40_001) },
        "The requested WriteCapacityUnits, 40001, is above the per table maximum for the account in us-east-1. Per table maximum: 40000. Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.",
      ],
    ];
    for (const [request, message] of quotas) {
      await assert.rejects(change(runner, request), { name: "LimitExceededException", message });
    }
  });
});

describe("UpdateTable of provisioned units", () => {
  test("answers with the units before and the new dates, and DescribeTable has the new units", async () => {
    const runner = await provisioned(10, 10);
    const { TableDescription: answer } = await change(runner, { ProvisionedThroughput: units(20, 5) });
    assert.equal(answer?.TableStatus, "UPDATING");
    assert.deepEqual(answer.ProvisionedThroughput, {
      ...units(10, 10),
      NumberOfDecreasesToday: 0,
      LastIncreaseDateTime: startMs / 1000,
      LastDecreaseDateTime: startMs / 1000,
    });
    const table = await described(runner);
    assert.equal(table.TableStatus, "ACTIVE");
    assert.deepEqual(table.ProvisionedThroughput, {
      ...units(20, 5),
      NumberOfDecreasesToday: 1,
      LastIncreaseDateTime: startMs / 1000,
      LastDecreaseDateTime: startMs / 1000,
    });
  });

  test("keeps the most a table ever had as its warm throughput", async () => {
    const runner = await provisioned(1, 1);
    await change(runner, { ProvisionedThroughput: units(30, 20) });
    await change(runner, { ProvisionedThroughput: units(2, 2) });
    const { WarmThroughput: warm } = await described(runner);
    assert.deepEqual(warm, { ReadUnitsPerSecond: 30, WriteUnitsPerSecond: 20, Status: "ACTIVE" });
  });

  test("allows four decreases and then one an hour after the last, and counts anew from midnight UTC", async () => {
    const runner = await provisioned(10, 10);
    for (const write of [9, 8, 7, 6]) await change(runner, { ProvisionedThroughput: units(10, write) });
    const fifth = { ProvisionedThroughput: units(9, 11) };
    await assert.rejects(change(runner, fifth), {
      name: "LimitExceededException",
      message:
        "Subscriber limit exceeded: Provisioned throughput decreases are limited within a given UTC day. After the first 4 decreases, each subsequent decrease in the same UTC day can be performed at most once every 3600 seconds. Number of decreases today: 4. Last decrease at Thursday, October 8, 2026 at 11:20:00 PM Coordinated Universal Time. Next decrease can be made at Friday, October 9, 2026 at 12:00:00 AM Coordinated Universal Time",
    });
    await change(runner, { ProvisionedThroughput: units(11, 11) });
    assert.equal((await described(runner)).ProvisionedThroughput?.NumberOfDecreasesToday, 4);

    runner.wait(40 * 60_000);
    const midnight = (await described(runner)).ProvisionedThroughput;
    assert.equal(midnight?.NumberOfDecreasesToday, 0);
    assert.equal(midnight.LastDecreaseDateTime, startMs / 1000);
    for (const write of [10, 9, 8, 7]) await change(runner, { ProvisionedThroughput: units(11, write) });
    runner.wait(hourMs - 1);
    await assert.rejects(change(runner, { ProvisionedThroughput: units(11, 6) }), {
      name: "LimitExceededException",
      message:
        /Next decrease can be made at Friday, October 9, 2026 at 1:00:00 AM Coordinated Universal Time$/,
    });
    runner.wait(1);
    await change(runner, { ProvisionedThroughput: units(11, 6) });
    assert.equal((await described(runner)).ProvisionedThroughput?.NumberOfDecreasesToday, 5);
  });
});

describe("UpdateTable of the billing mode", () => {
  test("makes a provisioned table on-demand and keeps the dates of its units", async () => {
    const runner = await provisioned(10, 10);
    await change(runner, { ProvisionedThroughput: units(9, 9) });
    runner.wait(1000);
    const { TableDescription: answer } = await change(runner, { BillingMode: "PAY_PER_REQUEST" });
    assert.equal(answer?.TableStatus, "UPDATING");
    assert.equal(answer.BillingModeSummary?.BillingMode, "PAY_PER_REQUEST");
    assert.equal(answer.BillingModeSummary.LastUpdateToPayPerRequestDateTime, undefined);
    const table = await described(runner);
    assert.deepEqual(table.BillingModeSummary, {
      BillingMode: "PAY_PER_REQUEST",
      LastUpdateToPayPerRequestDateTime: startMs / 1000 + 1,
    });
    assert.equal(table.ProvisionedThroughput?.ReadCapacityUnits, 0);
    assert.equal(table.ProvisionedThroughput.WriteCapacityUnits, 0);
    assert.equal(table.ProvisionedThroughput.NumberOfDecreasesToday, 1);
    assert.equal(table.ProvisionedThroughput.LastDecreaseDateTime, startMs / 1000);
    assert.equal(table.WarmThroughput?.ReadUnitsPerSecond, 12_000);
  });

  test("makes an on-demand table provisioned, which still tells when it was on-demand", async () => {
    const runner = await onDemand();
    await change(runner, { OnDemandThroughput: { MaxReadRequestUnits: 7 } });
    await change(runner, { BillingMode: "PROVISIONED", ProvisionedThroughput: units(2, 1) });
    const table = await described(runner);
    assert.deepEqual(table.BillingModeSummary, {
      BillingMode: "PROVISIONED",
      LastUpdateToPayPerRequestDateTime: startMs / 1000,
    });
    assert.equal(table.ProvisionedThroughput?.ReadCapacityUnits, 2);
    assert.equal(table.OnDemandThroughput, undefined);
    assert.deepEqual(table.WarmThroughput, {
      ReadUnitsPerSecond: 12_000,
      WriteUnitsPerSecond: 4_000,
      Status: "ACTIVE",
    });
  });

  test("answers UPDATING to the mode a table has, and changes nothing", async () => {
    const runner = await onDemand({ tableDelayMs: 1000 });
    runner.wait(1000);
    const { TableDescription: answer } = await change(runner, { BillingMode: "PAY_PER_REQUEST" });
    assert.equal(answer?.TableStatus, "UPDATING");
    assert.equal((await described(runner)).TableStatus, "ACTIVE");
  });

  test("allows four switches to on-demand in 24 hours", async () => {
    const runner = await provisioned(1, 1);
    const back = { BillingMode: "PROVISIONED", ProvisionedThroughput: units(1, 1) };
    for (let times = 0; times < 4; times += 1) {
      await change(runner, { BillingMode: "PAY_PER_REQUEST" });
      await change(runner, back);
    }
    await assert.rejects(change(runner, { BillingMode: "PAY_PER_REQUEST" }), {
      name: "LimitExceededException",
    });
    runner.wait(24 * hourMs);
    await change(runner, { BillingMode: "PAY_PER_REQUEST" });
    assert.equal((await described(runner)).BillingModeSummary?.BillingMode, "PAY_PER_REQUEST");
  });
});

describe("UpdateTable of on-demand limits", () => {
  test("changes the limits that are named and lifts those set to -1", async () => {
    const runner = await onDemand();
    const steps: readonly [request: object, answer: object, kept: object | undefined][] = [
      [
        { MaxReadRequestUnits: 1000, MaxWriteRequestUnits: 500 },
        { MaxReadRequestUnits: 1000, MaxWriteRequestUnits: 500 },
        { MaxReadRequestUnits: 1000, MaxWriteRequestUnits: 500 },
      ],
      [
        { MaxReadRequestUnits: -1 },
        { MaxReadRequestUnits: -1, MaxWriteRequestUnits: 500 },
        { MaxWriteRequestUnits: 500 },
      ],
      [{ MaxWriteRequestUnits: -1 }, { MaxWriteRequestUnits: -1 }, undefined],
    ];
    for (const [OnDemandThroughput, answer, kept] of steps) {
      const { TableDescription: table } = await change(runner, { OnDemandThroughput });
      assert.equal(table?.TableStatus, "ACTIVE");
      assert.deepEqual(table.OnDemandThroughput, answer);
      assert.deepEqual((await described(runner)).OnDemandThroughput, kept);
    }
  });

  test("goes with the switch to on-demand", async () => {
    const runner = await provisioned(1, 1);
    await change(runner, { BillingMode: "PAY_PER_REQUEST", OnDemandThroughput: { MaxReadRequestUnits: 9 } });
    assert.deepEqual((await described(runner)).OnDemandThroughput, { MaxReadRequestUnits: 9 });
  });
});

describe("UpdateTable of warm throughput", () => {
  test("answers with what the table had and raises what is named", async () => {
    const runner = await onDemand();
    const { TableDescription: answer } = await change(runner, {
      WarmThroughput: { WriteUnitsPerSecond: 5_000 },
    });
    assert.equal(answer?.TableStatus, "ACTIVE");
    assert.deepEqual(answer.WarmThroughput, {
      ReadUnitsPerSecond: 12_000,
      WriteUnitsPerSecond: 4_000,
      Status: "UPDATING",
    });
    assert.deepEqual((await described(runner)).WarmThroughput, {
      ReadUnitsPerSecond: 12_000,
      WriteUnitsPerSecond: 5_000,
      Status: "ACTIVE",
    });
  });
});

describe("UpdateTable of the class", () => {
  test("answers with the class before", async () => {
    const runner = await onDemand();
    const { TableDescription: answer } = await change(runner, { TableClass: "STANDARD_INFREQUENT_ACCESS" });
    assert.equal(answer?.TableStatus, "UPDATING");
    assert.equal(answer.TableClassSummary, undefined);
    assert.deepEqual((await described(runner)).TableClassSummary, {
      TableClass: "STANDARD_INFREQUENT_ACCESS",
      LastUpdateDateTime: startMs / 1000,
    });
  });

  test("allows two changes in 30 days and does not count the class a table has", async () => {
    const runner = await onDemand();
    for (let times = 0; times < 20; times += 1) await change(runner, { TableClass: "STANDARD" });
    assert.equal((await described(runner)).TableClassSummary, undefined);
    await change(runner, { TableClass: "STANDARD_INFREQUENT_ACCESS" });
    runner.wait(24 * hourMs);
    await change(runner, { TableClass: "STANDARD" });
    await assert.rejects(change(runner, { TableClass: "STANDARD_INFREQUENT_ACCESS" }), {
      name: "LimitExceededException",
      message: "Subscriber limit exceeded: Updates to TableClass are limited to 2 times in 30 day(s).",
    });
    runner.wait(29 * 24 * hourMs);
    await change(runner, { TableClass: "STANDARD_INFREQUENT_ACCESS" });
    const { TableClassSummary: summary } = await described(runner);
    assert.equal(summary?.TableClass, "STANDARD_INFREQUENT_ACCESS");
  });
});

describe("While a table is being updated", () => {
  const inUse = "Attempt to change a resource which is still in use: ";

  test("it shows the units before, and takes no other change that needs time", async () => {
    const runner = await provisioned(1, 1, { tableDelayMs: 1000 });
    await assert.rejects(change(runner, { DeletionProtectionEnabled: true }), {
      name: "ResourceInUseException",
      message: `${inUse}Table is being created: Music`,
    });
    runner.wait(1000);
    await change(runner, { ProvisionedThroughput: units(2, 2) });
    const table = await described(runner);
    assert.equal(table.TableStatus, "UPDATING");
    assert.equal(table.ProvisionedThroughput?.ReadCapacityUnits, 1);
    for (const request of [{ ProvisionedThroughput: units(3, 3) }, { BillingMode: "PAY_PER_REQUEST" }]) {
      await assert.rejects(change(runner, request), {
        name: "ResourceInUseException",
        message: `${inUse}Table IOPS are currently being updated. Table: Music`,
      });
    }
    await assert.rejects(runner.run(deleteTable, { TableName }), {
      name: "ResourceInUseException",
      message: `${inUse}Table: Music is in the process of being updated.`,
    });
    const { TableDescription: answer } = await change(runner, { DeletionProtectionEnabled: true });
    assert.equal(answer?.TableStatus, "UPDATING");
    runner.wait(1000);
    const after = await described(runner);
    assert.equal(after.TableStatus, "ACTIVE");
    assert.equal(after.DeletionProtectionEnabled, true);
    assert.equal(after.ProvisionedThroughput?.ReadCapacityUnits, 2);
  });

  test("its on-demand limits wait for its mode", async () => {
    const runner = await provisioned(1, 1, { tableDelayMs: 1000 });
    runner.wait(1000);
    await change(runner, { BillingMode: "PAY_PER_REQUEST" });
    const request = { OnDemandThroughput: { MaxReadRequestUnits: 5 } };
    await assert.rejects(change(runner, request), {
      name: "ResourceInUseException",
      message: `${inUse}OnDemandThroughput cannot be updated while BillingMode update is in progress`,
    });
    runner.wait(1000);
    await change(runner, request);
    assert.deepEqual((await described(runner)).OnDemandThroughput, request.OnDemandThroughput);
  });
});
