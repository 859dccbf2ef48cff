import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openRunner, tableRequest } from "../../../test/fixtures/operations.ts";
import { createTable } from "./create-table.ts";
import { listTagsOfResource } from "./list-tags-of-resource.ts";
import { untagResource } from "./untag-resource.ts";

const ResourceArn = "arn:aws:dynamodb:us-east-1:000000000000:table/Music";
const keys = Array.from({ length: 51 }, (_, index) => `key-${index}`);

const refusals: readonly [what: string, request: object, message: string][] = [
  ["no ARN", { TagKeys: ["a"] }, "Invalid TableArn"],
  ["no keys", { ResourceArn, TagKeys: [] }, "Atleast one Tag Key needs to be provided as Input."],
  ["an empty key", { ResourceArn, TagKeys: ["a", ""] }, "The Tag Key provided is invalid, Key: "],
  [
    "a reserved key",
    { ResourceArn, TagKeys: ["aws:foo"] },
    "Tag Key cannot be prefixed with aws:, Key: aws:foo",
  ],
  [
    "51 keys",
    { ResourceArn, TagKeys: keys },
    "Number of Tags exceed the current limit for the provided ResourceArn",
  ],
];

describe("UntagResource", () => {
  for (const [what, request, message] of refusals) {
    test(`refuses ${what}`, async () => {
      await assert.rejects(openRunner().run(untagResource, request), {
        name: "ValidationException",
        message,
      });
    });
  }

  test("refuses a table that is not there", async () => {
    await assert.rejects(openRunner().run(untagResource, { ResourceArn, TagKeys: ["a"] }), {
      name: "ResourceNotFoundException",
      message: `Requested resource not found: ResourceArn: ${ResourceArn} not found`,
    });
  });

  test("takes off the tags that are there and answers nothing", async () => {
    const { run } = openRunner();
    await run(
      createTable,
      tableRequest({
        Tags: [
          { Key: "a", Value: "1" },
          { Key: "b", Value: "2" },
        ],
      }),
    );
    assert.deepEqual(await run(untagResource, { ResourceArn, TagKeys: ["a", "never-there"] }), {});
    assert.deepEqual((await run(listTagsOfResource, { ResourceArn })).Tags, [{ Key: "b", Value: "2" }]);
  });
});
