import assert from "node:assert/strict";
import { test } from "node:test";
import { openRunner } from "../../../test/fixtures/operations.ts";
import { describeEndpoints } from "./describe-endpoints.ts";

test("DescribeEndpoints tells the host of the caller's region", async () => {
  assert.deepEqual(await openRunner({ region: "eu-west-2" }).run(describeEndpoints, {}), {
    Endpoints: [{ Address: "dynamodb.eu-west-2.amazonaws.com", CachePeriodInMinutes: 1440 }],
  });
});
