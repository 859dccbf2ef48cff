import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  openRunner,
  provisionedRequest,
  tableRequest,
  type Runner,
} from "../../../test/fixtures/operations.ts";
import { createTable } from "./create-table.ts";
import { listTagsOfResource } from "./list-tags-of-resource.ts";
import { tagResource } from "./tag-resource.ts";
import { updateTable } from "./update-table.ts";

const ResourceArn = "arn:aws:dynamodb:us-east-1:000000000000:table/Music";

async function withTable(overrides = {}): Promise<Runner> {
  const runner = openRunner();
  await runner.run(createTable, tableRequest(overrides));
  return runner;
}

function tags(count: number, from = 0): { Key: string; Value: string }[] {
  return Array.from({ length: count }, (_, index) => ({ Key: `key-${from + index}`, Value: "x" }));
}

async function tagsOf({ run }: Runner) {
  return (await run(listTagsOfResource, { ResourceArn })).Tags;
}

const tag = [{ Key: "a", Value: "b" }];
const refusals: readonly [what: string, request: object, name: string, message: string][] = [
  ["no ARN", { Tags: [] }, "ValidationException", "Invalid TableArn"],
  [
    "a name",
    { ResourceArn: "Music", Tags: [] },
    "ValidationException",
    "One or more parameter values were invalid: ARNs must start with 'arn:': Music",
  ],
  [
    "the ARN of a backup",
    { ResourceArn: `${ResourceArn}/backup/01234567890123-abcdef12`, Tags: [] },
    "ValidationException",
    `One or more parameter values were invalid: Provided Arn is not a DynamoDB resource arn: ${ResourceArn}/backup/01234567890123-abcdef12`,
  ],
  [
    "the ARN of another service",
    { ResourceArn: "arn:aws:s3:::bucket", Tags: [] },
    "ValidationException",
    "One or more parameter values were invalid: Provided Arn is not a DynamoDB resource arn: arn:aws:s3:::bucket",
  ],
  [
    "the ARN of an index",
    { ResourceArn: `${ResourceArn}/index/by-x`, Tags: [] },
    "ValidationException",
    `One or more parameter values were invalid: Invalid resource arn provided, only table or stream is accepted. Provided resource arn: ${ResourceArn}/index/by-x`,
  ],
  [
    "too short a table name",
    { ResourceArn: "arn:aws:dynamodb:us-east-1:000000000000:table/ab", Tags: [] },
    "ValidationException",
    "Invalid TableArn: Invalid ResourceArn provided as input arn:aws:dynamodb:us-east-1:000000000000:table/ab",
  ],
  [
    "no tags",
    { ResourceArn, Tags: [] },
    "ValidationException",
    "Atleast one Tag needs to be provided as Input.",
  ],
  [
    "a tag without a key",
    { ResourceArn, Tags: [{ Value: "x" }] },
    "ValidationException",
    "The Tag Key provided is invalid, Key: null",
  ],
  [
    "an empty key",
    { ResourceArn, Tags: [{ Key: "", Value: "x" }] },
    "ValidationException",
    "The Tag Key provided is invalid, Key: ",
  ],
  [
    "a key that holds #",
    { ResourceArn, Tags: [...tag, { Key: "a#b", Value: "x" }] },
    "ValidationException",
    "The Tag Key provided is invalid, Key: a#b",
  ],
  [
    "a key of 129 characters",
    { ResourceArn, Tags: [{ Key: "k".repeat(129), Value: "x" }] },
    "ValidationException",
    `The Tag Key provided is invalid, Key: ${"k".repeat(129)}`,
  ],
  [
    "a tag without a value",
    { ResourceArn, Tags: [{ Key: "a" }] },
    "ValidationException",
    "The Tag Value provided is invalid, Value: null",
  ],
  [
    "a value that holds a key emoji",
    { ResourceArn, Tags: [{ Key: "a", Value: "🔑" }] },
    "ValidationException",
    "The Tag Value provided is invalid, Value: 🔑",
  ],
  [
    "a value of 257 characters",
    { ResourceArn, Tags: [{ Key: "a", Value: "v".repeat(257) }] },
    "ValidationException",
    `The Tag Value provided is invalid, Value: ${"v".repeat(257)}`,
  ],
  [
    "a reserved key, in any case",
    { ResourceArn, Tags: [{ Key: "AWS:foo", Value: "x" }] },
    "ValidationException",
    "Tag Key cannot be prefixed with aws:, Key: AWS:foo",
  ],
  [
    "one key twice",
    { ResourceArn, Tags: [...tag, { Key: "a", Value: "c" }] },
    "ValidationException",
    "Duplicate Tag Keys provided as input: Duplicate Tag Key found a",
  ],
  [
    "51 tags",
    { ResourceArn, Tags: tags(51) },
    "ValidationException",
    "Number of Tags exceed the current limit for the provided ResourceArn",
  ],
  [
    "another region",
    { ResourceArn: "arn:aws:dynamodb:eu-west-1:000000000000:table/Music", Tags: tag },
    "ValidationException",
    "Invalid TableArn: Invalid ResourceArn provided as input arn:aws:dynamodb:eu-west-1:000000000000:table/Music",
  ],
  [
    "another account",
    { ResourceArn: "arn:aws:dynamodb:us-east-1:123456789012:table/Music", Tags: tag },
    "AccessDeniedException",
    "Access is denied",
  ],
  [
    "a table that is not there",
    { ResourceArn: "arn:aws:dynamodb:us-east-1:000000000000:table/Nowhere", Tags: tag },
    "ResourceNotFoundException",
    "Requested resource not found: ResourceArn: arn:aws:dynamodb:us-east-1:000000000000:table/Nowhere not found",
  ],
];

describe("TagResource refuses", () => {
  for (const [what, request, name, message] of refusals) {
    test(what, async () => {
      const runner = await withTable();
      await assert.rejects(runner.run(tagResource, request), { name, message });
      assert.deepEqual(await tagsOf(runner), []);
    });
  }

  test("a table that is being made", async () => {
    const { run } = openRunner({ tableDelayMs: 1000 });
    await run(createTable, tableRequest());
    await assert.rejects(run(tagResource, { ResourceArn, Tags: tag }), {
      name: "ResourceNotFoundException",
      message: `Requested resource not found: ResourceArn: ${ResourceArn} not found`,
    });
  });
});

describe("TagResource", () => {
  test("answers nothing, adds keys and replaces values", async () => {
    const runner = await withTable({ Tags: [{ Key: "env", Value: "test" }] });
    assert.deepEqual(await runner.run(tagResource, { ResourceArn, Tags: tag }), {});
    await runner.run(tagResource, {
      ResourceArn,
      Tags: [
        { Key: "env", Value: "" },
        { Key: "Env", Value: "ключ / 表 +-=._:@" },
      ],
    });
    assert.deepEqual(await tagsOf(runner), [
      { Key: "env", Value: "" },
      { Key: "a", Value: "b" },
      { Key: "Env", Value: "ключ / 表 +-=._:@" },
    ]);
  });

  test("counts the tags there are: 50 may get new values, but no other joins them", async () => {
    const runner = await withTable({ Tags: tags(50) });
    await runner.run(tagResource, { ResourceArn, Tags: tags(50) });
    await assert.rejects(runner.run(tagResource, { ResourceArn, Tags: tags(1, 50) }), {
      name: "ValidationException",
      message: "Number of Tags exceed the current limit for the provided ResourceArn",
    });
    assert.equal((await tagsOf(runner))?.length, 50);
  });

  test("takes a table that is being updated, and the ARN of its stream", async () => {
    const runner = openRunner({ tableDelayMs: 1000 });
    await runner.run(createTable, provisionedRequest(1, 1));
    runner.wait(1000);
    await runner.run(updateTable, {
      TableName: "Music",
      ProvisionedThroughput: { ReadCapacityUnits: 2, WriteCapacityUnits: 2 },
    });
    await runner.run(tagResource, {
      ResourceArn: `${ResourceArn}/stream/2026-10-08T00:00:00.000`,
      Tags: tag,
    });
    assert.deepEqual(await tagsOf(runner), tag);
  });

  test("keeps keys that objects inherit apart from them", async () => {
    const runner = await withTable();
    const odd = [
      { Key: "__proto__", Value: "1" },
      { Key: "constructor", Value: "2" },
    ];
    await runner.run(tagResource, { ResourceArn, Tags: odd });
    assert.deepEqual(await tagsOf(runner), odd);
  });
});
