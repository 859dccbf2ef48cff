import assert from "node:assert/strict";
import { test } from "node:test";
import { logReadersOf, streamArn, turnDestination } from "../../../test/fixtures/destinations.ts";
import { openRunner, tableRequest } from "../../../test/fixtures/operations.ts";
import { createTable } from "./create-table.ts";
import { disableKinesisStreamingDestination } from "./disable-kinesis-streaming-destination.ts";
import { enableKinesisStreamingDestination } from "./enable-kinesis-streaming-destination.ts";

const request = { TableName: "Music", StreamArn: streamArn };

test("the log is kept while what was written before is delivered", async () => {
  const runner = openRunner();
  await runner.run(createTable, tableRequest());
  await runner.run(enableKinesisStreamingDestination, request);
  const readers = await logReadersOf(runner);
  await turnDestination(runner, { state: "active" });
  await runner.run(disableKinesisStreamingDestination, request);
  assert.deepEqual(await logReadersOf(runner), readers);
  await turnDestination(runner, { state: "disabled" });
  assert.deepEqual(await logReadersOf(runner), []);
});

test("an empty configuration counts as none", async () => {
  const runner = openRunner();
  await runner.run(createTable, tableRequest());
  await runner.run(enableKinesisStreamingDestination, request);
  await turnDestination(runner, { state: "active" });
  const empty = { ...request, EnableKinesisStreamingConfiguration: {} };
  const answer = await runner.run(disableKinesisStreamingDestination, empty);
  assert.deepEqual(answer, { ...request, DestinationStatus: "DISABLING" });
});
