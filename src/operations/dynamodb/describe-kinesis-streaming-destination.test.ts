import assert from "node:assert/strict";
import { test } from "node:test";
import { streamArn, turnDestination } from "../../../test/fixtures/destinations.ts";
import { openRunner, tableRequest } from "../../../test/fixtures/operations.ts";
import type { KinesisDestination } from "../../store/kinesis-destination.ts";
import { createTable } from "./create-table.ts";
import { deleteTable } from "./delete-table.ts";
import { describeKinesisStreamingDestination } from "./describe-kinesis-streaming-destination.ts";
import { enableKinesisStreamingDestination } from "./enable-kinesis-streaming-destination.ts";

const TableName = "Music";

test("every state has its status, and a failed one its reason", async () => {
  const runner = openRunner();
  await runner.run(createTable, tableRequest());
  await runner.run(enableKinesisStreamingDestination, { TableName, StreamArn: streamArn });
  const statuses: readonly [Partial<KinesisDestination>, object][] = [
    [{ state: "enabling" }, { DestinationStatus: "ENABLING" }],
    [{ state: "active" }, { DestinationStatus: "ACTIVE" }],
    [
      { precision: "MICROSECOND" },
      { DestinationStatus: "ACTIVE", ApproximateCreationDateTimePrecision: "MICROSECOND" },
    ],
    [{ precision: undefined, state: "disabling" }, { DestinationStatus: "DISABLING" }],
    [{ state: "disabled" }, { DestinationStatus: "DISABLED" }],
    [
      { state: "failed", reason: "why" },
      { DestinationStatus: "ENABLE_FAILED", DestinationStatusDescription: "why" },
    ],
  ];
  for (const [change, members] of statuses) {
    await turnDestination(runner, change);
    const answer = await runner.run(describeKinesisStreamingDestination, { TableName });
    assert.deepEqual(JSON.parse(JSON.stringify(answer)), {
      TableName,
      KinesisDataStreamDestinations: [{ StreamArn: streamArn, ...members }],
    });
  }
});

test("a table that is being deleted still tells", async () => {
  const runner = openRunner({ tableDelayMs: 1_000 });
  await runner.run(createTable, tableRequest());
  runner.wait(1_000);
  await runner.run(enableKinesisStreamingDestination, { TableName, StreamArn: streamArn });
  await runner.run(deleteTable, { TableName });
  const answer = await runner.run(describeKinesisStreamingDestination, { TableName });
  assert.equal(answer.KinesisDataStreamDestinations?.length, 1);
  runner.wait(1_000);
  await assert.rejects(runner.run(describeKinesisStreamingDestination, { TableName }), {
    name: "ResourceNotFoundException",
    message: "Requested resource not found: Table: Music not found",
  });
});
