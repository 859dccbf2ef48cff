import assert from "node:assert/strict";
import { test } from "node:test";
import {
  logReadersOf,
  otherStreamArn,
  streamArn,
  turnDestination,
} from "../../../test/fixtures/destinations.ts";
import { openRunner, tableRequest } from "../../../test/fixtures/operations.ts";
import { createTable } from "./create-table.ts";
import { describeKinesisStreamingDestination } from "./describe-kinesis-streaming-destination.ts";
import { enableKinesisStreamingDestination } from "./enable-kinesis-streaming-destination.ts";

const TableName = "Music";
const request = { TableName, StreamArn: streamArn };

test("changes are logged from the moment of the answer, under a new name each time", async () => {
  const runner = openRunner();
  await runner.run(createTable, tableRequest());
  assert.deepEqual(await logReadersOf(runner), []);
  await runner.run(enableKinesisStreamingDestination, request);
  const [first, ...rest] = await logReadersOf(runner);
  assert.match(first ?? "", /^kinesis\/[0-9a-f-]{36}$/);
  assert.deepEqual(rest, []);
  await turnDestination(runner, { state: "failed", reason: "no such stream" });
  assert.deepEqual(await logReadersOf(runner), []);
  await runner.run(enableKinesisStreamingDestination, request);
  const [second] = await logReadersOf(runner);
  assert.notEqual(second, first);
});

test("a stream is enabled again in its old place, without what it was", async () => {
  const runner = openRunner();
  await runner.run(createTable, tableRequest());
  const EnableKinesisStreamingConfiguration = { ApproximateCreationDateTimePrecision: "MICROSECOND" };
  await runner.run(enableKinesisStreamingDestination, { ...request, EnableKinesisStreamingConfiguration });
  await turnDestination(runner, { state: "failed", reason: "no such stream" });
  await runner.run(enableKinesisStreamingDestination, { ...request, StreamArn: otherStreamArn });
  await turnDestination(runner, { state: "disabled" });
  await runner.run(enableKinesisStreamingDestination, request);
  const answer = await runner.run(describeKinesisStreamingDestination, { TableName });
  assert.deepEqual(JSON.parse(JSON.stringify(answer.KinesisDataStreamDestinations)), [
    { StreamArn: otherStreamArn, DestinationStatus: "DISABLED" },
    { StreamArn: streamArn, DestinationStatus: "ENABLING" },
  ]);
});

test("the table may be named by its ARN, and must be there: one being created is not yet", async () => {
  const runner = openRunner({ tableDelayMs: 1_000 });
  const { TableDescription: table } = await runner.run(createTable, tableRequest());
  const absent = {
    name: "ResourceNotFoundException",
    message: "Requested resource not found: Table: Music not found",
  };
  await assert.rejects(runner.run(enableKinesisStreamingDestination, request), absent);
  runner.wait(1_000);
  const answer = await runner.run(enableKinesisStreamingDestination, {
    ...request,
    TableName: table?.TableArn,
  });
  assert.equal(answer.TableName, TableName);
});

test("of those that are over, so many are remembered", async () => {
  const runner = openRunner();
  await runner.run(createTable, tableRequest());
  for (let index = 0; index < 52; index += 1) {
    const StreamArn = `${streamArn}-${index}`;
    await runner.run(enableKinesisStreamingDestination, { TableName, StreamArn });
    await turnDestination(runner, { state: "disabled" });
  }
  const answer = await runner.run(describeKinesisStreamingDestination, { TableName });
  const arns = answer.KinesisDataStreamDestinations?.map(({ StreamArn }) => StreamArn) ?? [];
  assert.equal(arns.length, 50);
  assert.equal(arns[0], `${streamArn}-51`);
});

test("a request lacks nothing and is of the model's words", async () => {
  const { run } = openRunner();
  const refusals: readonly [request: object, message: string][] = [
    [
      {},
      "2 validation errors detected: Value null at 'streamArn' failed to satisfy constraint: Member must not be null; " +
        "Value null at 'tableName' failed to satisfy constraint: Member must not be null",
    ],
    [
      { ...request, EnableKinesisStreamingConfiguration: { ApproximateCreationDateTimePrecision: "SECOND" } },
      "1 validation error detected: Value 'SECOND' at " +
        "'enableKinesisStreamingConfiguration.approximateCreationDateTimePrecision' failed to satisfy constraint: " +
        "Member must satisfy enum value set: [MILLISECOND, MICROSECOND]",
    ],
  ];
  for (const [wrong, message] of refusals) {
    await assert.rejects(run(enableKinesisStreamingDestination, wrong), {
      name: "ValidationException",
      message,
    });
  }
});
