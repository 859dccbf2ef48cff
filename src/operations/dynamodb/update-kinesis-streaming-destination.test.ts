import assert from "node:assert/strict";
import { test } from "node:test";
import { streamArn, turnDestination } from "../../../test/fixtures/destinations.ts";
import { openRunner, tableRequest } from "../../../test/fixtures/operations.ts";
import { createTable } from "./create-table.ts";
import { describeKinesisStreamingDestination } from "./describe-kinesis-streaming-destination.ts";
import { disableKinesisStreamingDestination } from "./disable-kinesis-streaming-destination.ts";
import { enableKinesisStreamingDestination } from "./enable-kinesis-streaming-destination.ts";
import { updateKinesisStreamingDestination } from "./update-kinesis-streaming-destination.ts";

const TableName = "Music";
const request = { TableName, StreamArn: streamArn };

test("while it is being updated the new precision shows, and nothing else may be changed", async () => {
  const runner = openRunner({ tableDelayMs: 1_000 });
  await runner.run(createTable, tableRequest());
  runner.wait(1_000);
  await runner.run(enableKinesisStreamingDestination, request);
  runner.wait(1_000);
  await turnDestination(runner, { state: "active" });
  const configuration = { ApproximateCreationDateTimePrecision: "MICROSECOND" } as const;
  const update = { ...request, UpdateKinesisStreamingConfiguration: configuration };
  await runner.run(updateKinesisStreamingDestination, update);
  const describe = async () =>
    (await runner.run(describeKinesisStreamingDestination, { TableName })).KinesisDataStreamDestinations?.[0];
  assert.equal((await describe())?.DestinationStatus, "UPDATING");
  assert.equal((await describe())?.ApproximateCreationDateTimePrecision, "MICROSECOND");

  const state = "Table is not in a valid state to enable Kinesis Streaming Destination: ";
  await assert.rejects(runner.run(updateKinesisStreamingDestination, update), {
    message:
      `${state}Kinesis streaming is not in ACTIVE state. Updates are only allowed in ACTIVE state. ` +
      `TableName: Music, kdsArn: ${streamArn}`,
  });
  await assert.rejects(runner.run(disableKinesisStreamingDestination, request), {
    message: `${state}KinesisStreamingDestination must be ACTIVE to perform DISABLE operation.`,
  });
  await assert.rejects(runner.run(enableKinesisStreamingDestination, request), {
    message: `${state}EnableKinesisStreamingDestination must be DISABLED or ENABLE_FAILED to perform ENABLE operation.`,
  });
  runner.wait(1_000);
  assert.equal((await describe())?.DestinationStatus, "ACTIVE");
});
