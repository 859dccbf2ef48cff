import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  openRunner,
  provisionedRequest,
  startMs,
  tableRequest,
  type Runner,
} from "../../../test/fixtures/operations.ts";
import { createTable } from "../dynamodb/create-table.ts";
import { deleteTable } from "../dynamodb/delete-table.ts";
import { describeTable } from "../dynamodb/describe-table.ts";
import { updateTable } from "../dynamodb/update-table.ts";
import { describeStream } from "../dynamodb-streams/describe-stream.ts";
import { listStreams } from "../dynamodb-streams/list-streams.ts";

const enabled = (StreamViewType: string) => ({
  StreamSpecification: { StreamEnabled: true, StreamViewType },
});
const disabled = { StreamSpecification: { StreamEnabled: false } };
const inUse = "Attempt to change a resource which is still in use: ";
const arnOf = (label: string) => `arn:aws:dynamodb:us-east-1:000000000000:table/Music/stream/${label}`;
const firstLabel = "2026-10-08T23:20:00.000";

function update(runner: Runner, request: object) {
  return runner.run(updateTable, { TableName: "Music", ...request });
}

async function told(runner: Runner): Promise<object> {
  const { Table: table } = await runner.run(describeTable, { TableName: "Music" });
  const { TableStatus, StreamSpecification, LatestStreamLabel, LatestStreamArn } = table ?? {};
  return { TableStatus, StreamSpecification, LatestStreamLabel, LatestStreamArn };
}

async function statusOf(runner: Runner, label: string): Promise<string | undefined> {
  const { StreamDescription: stream } = await runner.run(describeStream, { StreamArn: arnOf(label) });
  return stream?.StreamStatus;
}

describe("A table", () => {
  test("has the stream it is made with", async () => {
    const runner = openRunner();
    const { TableDescription: made } = await runner.run(createTable, tableRequest(enabled("OLD_IMAGE")));
    const stream = {
      StreamSpecification: { StreamEnabled: true, StreamViewType: "OLD_IMAGE" },
      LatestStreamLabel: firstLabel,
      LatestStreamArn: arnOf(firstLabel),
    };
    const { StreamSpecification, LatestStreamLabel, LatestStreamArn } = made ?? {};
    assert.deepEqual({ StreamSpecification, LatestStreamLabel, LatestStreamArn }, stream);
    assert.deepEqual(await told(runner), { TableStatus: "ACTIVE", ...stream });
  });

  test("has none where that is asked for", async () => {
    const runner = openRunner();
    await runner.run(createTable, tableRequest(disabled));
    assert.deepEqual(await told(runner), {
      TableStatus: "ACTIVE",
      StreamSpecification: undefined,
      LatestStreamLabel: undefined,
      LatestStreamArn: undefined,
    });
  });

  test("gets a stream, loses it and gets another one; the last one is still told of", async () => {
    const runner = openRunner();
    await runner.run(createTable, tableRequest());
    await update(runner, enabled("KEYS_ONLY"));
    assert.deepEqual(await told(runner), {
      TableStatus: "ACTIVE",
      StreamSpecification: { StreamEnabled: true, StreamViewType: "KEYS_ONLY" },
      LatestStreamLabel: firstLabel,
      LatestStreamArn: arnOf(firstLabel),
    });
    const { TableDescription: answered } = await update(runner, disabled);
    assert.equal(answered?.StreamSpecification, undefined);
    assert.equal(answered?.LatestStreamLabel, firstLabel);
    assert.deepEqual(await told(runner), {
      TableStatus: "ACTIVE",
      StreamSpecification: undefined,
      LatestStreamLabel: firstLabel,
      LatestStreamArn: arnOf(firstLabel),
    });
    runner.wait(1);
    await update(runner, enabled("NEW_IMAGE"));
    assert.deepEqual(await told(runner), {
      TableStatus: "ACTIVE",
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" },
      LatestStreamLabel: "2026-10-08T23:20:00.001",
      LatestStreamArn: arnOf("2026-10-08T23:20:00.001"),
    });
  });

  test("never gives two streams one label, not even within a millisecond or after it was dropped", async () => {
    const runner = openRunner();
    await runner.run(createTable, tableRequest(enabled("KEYS_ONLY")));
    await update(runner, disabled);
    await update(runner, enabled("KEYS_ONLY"));
    await runner.run(deleteTable, { TableName: "Music" });
    await runner.run(createTable, tableRequest(enabled("KEYS_ONLY")));
    await update(runner, disabled);
    await update(runner, enabled("KEYS_ONLY"));
    const { Streams: streams = [] } = await runner.run(listStreams, { TableName: "Music" });
    assert.deepEqual(
      streams.map(({ StreamLabel }) => StreamLabel),
      ["000", "001", "002", "003"].map((ms) => `2026-10-08T23:20:00.${ms}`),
    );
  });

  test("may become on-demand and get a stream at once", async () => {
    const runner = openRunner({ tableDelayMs: 1000 });
    await runner.run(createTable, provisionedRequest(5, 5));
    runner.wait(1000);
    const { TableDescription: table } = await update(runner, {
      ...enabled("KEYS_ONLY"),
      BillingMode: "PAY_PER_REQUEST",
    });
    assert.equal(table?.TableStatus, "UPDATING");
    runner.wait(1000);
    const { Table: settled } = await runner.run(describeTable, { TableName: "Music" });
    assert.equal(settled?.BillingModeSummary?.BillingMode, "PAY_PER_REQUEST");
    assert.equal(settled.StreamSpecification?.StreamViewType, "KEYS_ONLY");
  });
});

test("the label of a stream is the time at which it was asked for", async () => {
  const runner = openRunner();
  runner.wait(123);
  await runner.run(createTable, tableRequest(enabled("KEYS_ONLY")));
  const label = "2026-10-08T23:20:00.123";
  const { StreamDescription: stream } = await runner.run(describeStream, { StreamArn: arnOf(label) });
  assert.equal(stream?.StreamLabel, label);
  assert.equal(stream.CreationRequestDateTime, (startMs + 123) / 1000);
});

test("while changes take time, stream and table show that it is under way", async () => {
  const runner = openRunner({ tableDelayMs: 1000 });
  await runner.run(createTable, tableRequest(enabled("KEYS_ONLY")));
  assert.equal(await statusOf(runner, firstLabel), "ENABLING");
  runner.wait(1000);
  assert.equal(await statusOf(runner, firstLabel), "ENABLED");
  const { TableDescription: answered } = await update(runner, disabled);
  assert.equal(answered?.TableStatus, "UPDATING");
  assert.equal(answered.StreamSpecification, undefined);
  assert.equal(await statusOf(runner, firstLabel), "DISABLING");
  runner.wait(1000);
  assert.equal(await statusOf(runner, firstLabel), "DISABLED");
  await update(runner, enabled("KEYS_ONLY"));
  const secondLabel = "2026-10-08T23:20:02.000";
  assert.deepEqual(
    [await statusOf(runner, firstLabel), await statusOf(runner, secondLabel)],
    ["DISABLED", "ENABLING"],
  );
  runner.wait(1000);
  await runner.run(deleteTable, { TableName: "Music" });
  assert.equal(await statusOf(runner, secondLabel), "DISABLING");
  runner.wait(1000);
  assert.equal(await statusOf(runner, secondLabel), "DISABLED");
  await assert.rejects(runner.run(describeTable, { TableName: "Music" }));
  assert.equal(await statusOf(runner, secondLabel), "DISABLED");
});

describe("UpdateTable refuses", () => {
  const ofEnabled = "Table already has an enabled stream: TableName: Music";
  const rows: readonly [title: string, made: object, request: object, message: string][] = [
    ["a stream where there is one", enabled("KEYS_ONLY"), enabled("KEYS_ONLY"), ofEnabled],
    ["another view of a stream", enabled("KEYS_ONLY"), enabled("NEW_IMAGE"), ofEnabled],
    ["to disable what is not there", {}, disabled, "Table has no stream to disable: TableName: Music"],
    [
      "a stream beside throughput",
      {},
      { ...enabled("KEYS_ONLY"), ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } },
      "One or more parameter values were invalid: You cannot modify stream status while updating table IOPS",
    ],
  ];
  for (const [title, made, request, message] of rows) {
    test(title, async () => {
      const runner = openRunner();
      await runner.run(createTable, tableRequest(made));
      await assert.rejects(update(runner, request), { name: "ValidationException", message });
    });
  }

  const named = `Table: Music Stream: 2026-10-08T23:20:01.000 Operation: ENABLE`;
  const whileEnabled: readonly [title: string, request: object, message: string][] = [
    ["the same", enabled("KEYS_ONLY"), `A stream status change is currently in progress. ${named}`],
    ["to disable it", disabled, `A stream status change is currently in progress. ${named}`],
    [
      "another class",
      { TableClass: "STANDARD_INFREQUENT_ACCESS" },
      `Can't update table class when stream status is being updated. ${named}`,
    ],
    [
      "throughput",
      {
        BillingMode: "PROVISIONED",
        ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
      },
      `Can't change table IOPS when stream status is being updated. ${named}`,
    ],
    [
      "a maximum",
      { OnDemandThroughput: { MaxReadRequestUnits: 5 } },
      "OnDemandThroughput cannot be updated while stream status update is in progress",
    ],
    [
      "an index",
      {
        AttributeDefinitions: [{ AttributeName: "g", AttributeType: "S" }],
        GlobalSecondaryIndexUpdates: [
          {
            Create: {
              IndexName: "ByG",
              KeySchema: [{ AttributeName: "g", KeyType: "HASH" }],
              Projection: { ProjectionType: "ALL" },
            },
          },
        ],
      },
      `Can't create or delete indexes when stream status is being updated. ${named}`,
    ],
  ];
  for (const [title, request, message] of whileEnabled) {
    test(`${title} while a stream is being enabled`, async () => {
      const runner = openRunner({ tableDelayMs: 1000 });
      await runner.run(createTable, tableRequest());
      runner.wait(1000);
      await update(runner, enabled("KEYS_ONLY"));
      await assert.rejects(update(runner, request), {
        name: "ResourceInUseException",
        message: inUse + message,
      });
      await update(runner, { DeletionProtectionEnabled: true });
    });
  }

  test("a stream while other changes are under way", async () => {
    const runner = openRunner({ tableDelayMs: 1000 });
    await runner.run(createTable, provisionedRequest(1, 1));
    await assert.rejects(update(runner, enabled("KEYS_ONLY")), {
      message: `${inUse}Table is being created: Music`,
    });
    runner.wait(1000);
    await update(runner, { ProvisionedThroughput: { ReadCapacityUnits: 2, WriteCapacityUnits: 2 } });
    await assert.rejects(update(runner, enabled("KEYS_ONLY")), {
      message: `${inUse}Can't enable or disable stream while table IOPS are being updated. Table: Music`,
    });
    runner.wait(1000);
    await update(runner, { TableClass: "STANDARD_INFREQUENT_ACCESS" });
    await assert.rejects(update(runner, enabled("KEYS_ONLY")), {
      message: `${inUse}Can't enable or disable stream when a table class update is in progress.`,
    });
    runner.wait(1000);
    await runner.run(deleteTable, { TableName: "Music" });
    await assert.rejects(update(runner, enabled("KEYS_ONLY")), {
      message: `${inUse}Table is being deleted: Music`,
    });
  });
});

test("a table is not deleted while its stream is being enabled", async () => {
  const runner = openRunner({ tableDelayMs: 1000 });
  await runner.run(createTable, tableRequest());
  runner.wait(1000);
  await update(runner, enabled("KEYS_ONLY"));
  await assert.rejects(runner.run(deleteTable, { TableName: "Music" }), {
    name: "ResourceInUseException",
    message: `${inUse}Cannot delete table while stream is being enabled/disabled.`,
  });
});
