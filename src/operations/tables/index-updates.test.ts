import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  change,
  create,
  defines,
  remove,
  throughput,
  update,
  updates,
} from "../../../test/fixtures/indexed-table.ts";
import { openRunner } from "../../../test/fixtures/operations.ts";
import { updateTable } from "../dynamodb/update-table.ts";

const wrong = "One or more parameter values were invalid: ";
const TableName = "Music";

const nothing =
  "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency, DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is required";

const requestRefusals: readonly [what: string, request: object, message: string][] = [
  ["an empty list alone", { GlobalSecondaryIndexUpdates: [] }, nothing],
  ["an empty list with definitions", { GlobalSecondaryIndexUpdates: [], ...defines("a") }, nothing],
  [
    "an empty list with anything else",
    { GlobalSecondaryIndexUpdates: [], DeletionProtectionEnabled: true },
    `${wrong}List of GlobalSecondaryIndexUpdates is empty`,
  ],
  [
    "an update that does nothing",
    { GlobalSecondaryIndexUpdates: [{}, {}] },
    `${wrong}One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete must not be null`,
  ],
  [
    "an update that does two things",
    { GlobalSecondaryIndexUpdates: [{ ...remove("by-a"), ...update("by-a", throughput(1, 1)) }] },
    `${wrong}Only one global secondary index action is allowed per GlobalSecondaryIndexUpdate object`,
  ],
  [
    "two updates of one index",
    { GlobalSecondaryIndexUpdates: [remove("by-a"), create("by-a", "a")] },
    `${wrong}Only one global secondary index update per index is allowed simultaneously. Index: by-a`,
  ],
  [
    "protection beside an index",
    { GlobalSecondaryIndexUpdates: [create("by-c", "c")], DeletionProtectionEnabled: true },
    `${wrong}DeletionProtection modification must be the only operation in the request`,
  ],
  [
    "warm throughput beside a new index",
    { GlobalSecondaryIndexUpdates: [create("by-c", "c")], WarmThroughput: { ReadUnitsPerSecond: 13_000 } },
    `${wrong}Create global secondary index cannot be specified when updating WarmThroughput`,
  ],
  [
    "warm throughput beside any other change of an index",
    { GlobalSecondaryIndexUpdates: [remove("by-a")], WarmThroughput: { ReadUnitsPerSecond: 13_000 } },
    `${wrong}WarmThroughput must be the only operation in the request`,
  ],
  [
    "units of the table beside a new index",
    { GlobalSecondaryIndexUpdates: [create("by-c", "c")], ...throughput(1, 1) },
    `${wrong}You cannot create or delete index while updating table IOPS`,
  ],
  [
    "units of the table beside an index that goes",
    {
      GlobalSecondaryIndexUpdates: [remove("by-a")],
      BillingMode: "PROVISIONED",
      ...throughput(1, 1),
    },
    `${wrong}You cannot create or delete index while updating table IOPS`,
  ],
  [
    "a stream beside a new index",
    {
      GlobalSecondaryIndexUpdates: [create("by-c", "c")],
      StreamSpecification: { StreamEnabled: true, StreamViewType: "KEYS_ONLY" },
    },
    `${wrong}You cannot create or delete index while changing stream status`,
  ],
];

describe("UpdateTable refuses, before it looks for the table,", () => {
  for (const [what, request, message] of requestRefusals) {
    test(what, async () => {
      const refused = openRunner().run(updateTable, { TableName, ...request });
      await assert.rejects(refused, { name: "ValidationException", message });
    });
  }

  test("nothing that is wrong with units of an index alone", async () => {
    await assert.rejects(change(openRunner(), updates(update("by-a", throughput(1e12 + 1, 1)))), {
      name: "ResourceNotFoundException",
      message: "Requested resource not found: Table: Music not found",
    });
  });
});
