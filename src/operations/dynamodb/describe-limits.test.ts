import assert from "node:assert/strict";
import { test } from "node:test";
import { openRunner } from "../../../test/fixtures/operations.ts";
import { describeLimits } from "./describe-limits.ts";

test("DescribeLimits tells the service's default quotas", async () => {
  assert.deepEqual(await openRunner().run(describeLimits, {}), {
    AccountMaxReadCapacityUnits: 80_000,
    AccountMaxWriteCapacityUnits: 80_000,
    TableMaxReadCapacityUnits: 40_000,
    TableMaxWriteCapacityUnits: 40_000,
  });
});
