import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openRunner } from "../../test/fixtures/operations.ts";
import type { Operation } from "./operation.ts";
import { operationOf, operations, services } from "./registry.ts";

describe("The registry", () => {
  test("holds every operation under its own name", () => {
    for (const [name, operation] of Object.entries(operations)) assert.equal(operation.name, name);
  });

  test("finds operations by their targets, and nothing by the names that objects inherit", () => {
    assert.equal(operationOf("DynamoDB_20120810.CreateTable"), operations.CreateTable);
    assert.equal(operationOf("DynamoDBStreams_20120810.GetRecords"), operations.GetRecords);
    assert.equal(operationOf("DynamoDB_20120810.GetRecords"), undefined);
    assert.equal(operationOf("DynamoDB_20120810.constructor"), undefined);
    assert.equal(operationOf("CreateTable"), undefined);
    assert.equal(operationOf(""), undefined);
  });

  test("gives each operation to exactly one service", () => {
    const names = services.flatMap((service) => service.operations.map(({ name }) => name));
    assert.deepEqual(names.toSorted(), Object.keys(operations).sort());
  });
});

test("An operation that is still to be built says so", () => {
  const pending = Object.values(operations).filter(({ supported }) => supported === false);
  assert.ok(pending.length > 0);
  for (const operation of pending as readonly Operation[]) {
    assert.throws(() => operation.prepare({}), {
      name: "UnknownOperationException",
      message: `${operation.name} is not supported yet by Stator`,
    });
  }
});

test("What an operation that is still to be built is asked does not matter if it is well-formed", async () => {
  await assert.rejects(openRunner().run(operations.DescribeBackup, { BackupArn: "a".repeat(40) }), {
    message: "DescribeBackup is not supported yet by Stator",
  });
});
