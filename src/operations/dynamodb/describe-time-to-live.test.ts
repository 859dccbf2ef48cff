import assert from "node:assert/strict";
import { test } from "node:test";
import { openRunner, tableRequest, type Runner } from "../../../test/fixtures/operations.ts";
import { createTable } from "./create-table.ts";
import { deleteTable } from "./delete-table.ts";
import { describeTimeToLive } from "./describe-time-to-live.ts";
import { updateTimeToLive } from "./update-time-to-live.ts";

const hour = 3_600_000;

function change(runner: Runner, AttributeName: string, Enabled: boolean): Promise<unknown> {
  const TimeToLiveSpecification = { AttributeName, Enabled };
  return runner.run(updateTimeToLive, { TableName: "Music", TimeToLiveSpecification });
}

async function described(runner: Runner): Promise<unknown> {
  const { TimeToLiveDescription } = await runner.run(describeTimeToLive, { TableName: "Music" });
  return TimeToLiveDescription;
}

test("with a table delay the change shows as under way", async () => {
  const runner = openRunner({ tableDelayMs: 5_000 });
  await runner.run(createTable, tableRequest());
  runner.wait(5_000);
  await change(runner, "end", true);
  assert.deepEqual(await described(runner), { TimeToLiveStatus: "ENABLING", AttributeName: "end" });
  runner.wait(5_000);
  assert.deepEqual(await described(runner), { TimeToLiveStatus: "ENABLED", AttributeName: "end" });
  runner.wait(hour);
  await change(runner, "end", false);
  assert.deepEqual(await described(runner), { TimeToLiveStatus: "DISABLING", AttributeName: "end" });
  runner.wait(5_000);
  assert.deepEqual(await described(runner), { TimeToLiveStatus: "DISABLED" });
});

test("a table that is not there, is being made or is going is not described", async () => {
  const runner = openRunner({ tableDelayMs: 1_000 });
  const missing = {
    name: "ResourceNotFoundException",
    message: "Requested resource not found: Table: Music not found",
  };
  const inState = (state: string) => ({
    name: "ValidationException",
    message: `Cannot describe time to live while table is in ${state} state: Current table state is ${state}`,
  });
  await assert.rejects(described(runner), missing);
  await runner.run(createTable, tableRequest());
  await assert.rejects(described(runner), inState("CREATING"));
  runner.wait(1_000);
  assert.deepEqual(await described(runner), { TimeToLiveStatus: "DISABLED" });
  await runner.run(deleteTable, { TableName: "Music" });
  await assert.rejects(described(runner), inState("DELETING"));
  runner.wait(1_000);
  await assert.rejects(described(runner), missing);
});
