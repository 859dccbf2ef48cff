import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openRunner, tableRequest } from "../../../test/fixtures/operations.ts";
import { createTable } from "./create-table.ts";
import { listTagsOfResource } from "./list-tags-of-resource.ts";

const ResourceArn = "arn:aws:dynamodb:us-east-1:000000000000:table/Music";

describe("ListTagsOfResource", () => {
  test("tells all tags a table can have at once, whatever token is sent", async () => {
    const { run } = openRunner();
    const Tags = Array.from({ length: 50 }, (_, index) => ({ Key: `key-${index}`, Value: "x" }));
    await run(createTable, tableRequest({ Tags }));
    assert.deepEqual(await run(listTagsOfResource, { ResourceArn, NextToken: "nonsense" }), { Tags });
  });

  test("refuses a request without an ARN", async () => {
    await assert.rejects(openRunner().run(listTagsOfResource, {}), {
      name: "ValidationException",
      message: "Invalid TableArn",
    });
  });

  test("refuses a table that is not there", async () => {
    await assert.rejects(openRunner().run(listTagsOfResource, { ResourceArn }), {
      name: "ResourceNotFoundException",
      message: `Requested resource not found: ResourceArn: ${ResourceArn} not found`,
    });
  });
});
