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

async function openTable(): Promise<Runner> {
  const runner = openRunner();
  await runner.run(createTable, tableRequest());
  return runner;
}

function refusal(message: string, name = "ValidationException"): { name: string; message: string } {
  return { name, message };
}

test("time to live is enabled, and disabled again, and the answer repeats the request", async () => {
  const runner = await openTable();
  assert.deepEqual(await described(runner), { TimeToLiveStatus: "DISABLED" });
  const enabled = { TimeToLiveSpecification: { AttributeName: "end", Enabled: true } };
  assert.deepEqual(await change(runner, "end", true), enabled);
  assert.deepEqual(await described(runner), { TimeToLiveStatus: "ENABLED", AttributeName: "end" });
  runner.wait(hour);
  const disabled = { TimeToLiveSpecification: { AttributeName: "end", Enabled: false } };
  assert.deepEqual(await change(runner, "end", false), disabled);
  assert.deepEqual(await described(runner), { TimeToLiveStatus: "DISABLED" });
});

test("what is so already is refused, and so is another attribute, before how soon it comes", async () => {
  const runner = await openTable();
  await assert.rejects(change(runner, "end", false), refusal("TimeToLive is already disabled"));
  await change(runner, "end", true);
  const other = "TimeToLive is active on a different AttributeName: current AttributeName is end";
  await assert.rejects(change(runner, "end", true), refusal("TimeToLive is already enabled"));
  await assert.rejects(change(runner, "other", true), refusal(other));
  await assert.rejects(change(runner, "other", false), refusal(other));
  runner.wait(hour);
  await change(runner, "end", false);
  await assert.rejects(change(runner, "other", false), refusal("TimeToLive is already disabled"));
  runner.wait(hour);
  await change(runner, "other", true);
  assert.deepEqual(await described(runner), { TimeToLiveStatus: "ENABLED", AttributeName: "other" });
});

test("there is one change an hour, and refused ones do not count", async () => {
  const runner = await openTable();
  const tooOften = refusal("Time to live has been modified multiple times within a fixed interval");
  await change(runner, "end", true);
  runner.wait(hour - 1);
  await assert.rejects(change(runner, "end", false), tooOften);
  runner.wait(1);
  await change(runner, "end", false);
  await assert.rejects(change(runner, "end", true), tooOften);
  await runner.run(deleteTable, { TableName: "Music" });
  await runner.run(createTable, tableRequest());
  await change(runner, "end", true);
});

test("a key attribute may be the one, and names are anything", async () => {
  for (const name of ["pk", "__proto__", "constructor", "a\0b", "x".repeat(255)]) {
    const runner = await openTable();
    await change(runner, name, true);
    assert.deepEqual(await described(runner), { TimeToLiveStatus: "ENABLED", AttributeName: name });
  }
});

test("requests that are wrong whatever the table", async () => {
  const runner = await openTable();
  const constraint = "1 validation error detected: Value '";
  const name =
    "' at 'timeToLiveSpecification.attributeName' failed to satisfy constraint: Member must have length";
  const long = "x".repeat(256);
  await assert.rejects(change(runner, "", true), refusal(`${constraint}${name} greater than or equal to 1`));
  await assert.rejects(
    change(runner, long, true),
    refusal(`${constraint}${long}${name} less than or equal to 255`),
  );
});

test("a table that is not there, is being made or is going", async () => {
  const runner = openRunner({ tableDelayMs: 1_000 });
  const missing = refusal(
    "Requested resource not found: Table: Music not found",
    "ResourceNotFoundException",
  );
  await assert.rejects(change(runner, "end", true), missing);
  await runner.run(createTable, tableRequest());
  const inUse = "Attempt to change a resource which is still in use: Table Music is being created";
  await assert.rejects(change(runner, "end", true), refusal(inUse, "ResourceInUseException"));
  runner.wait(1_000);
  await runner.run(deleteTable, { TableName: "Music" });
  await change(runner, "end", true);
  runner.wait(1_000);
  await assert.rejects(change(runner, "end", false), missing);
});
