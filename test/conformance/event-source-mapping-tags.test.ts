import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  CreateEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  ListTagsCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-lambda";
import { createStream, startLambdaServer } from "./lambda-server.ts";
import { refusalOf } from "./refusals.ts";

const server = await startLambdaServer();
after(() => server.close());
const { lambda } = server;
const { UUID, EventSourceMappingArn: arn = "" } = await lambda.send(
  new CreateEventSourceMappingCommand({
    EventSourceArn: await createStream(server.client, "Music"),
    FunctionName: "welcome",
    StartingPosition: "LATEST",
    Tags: { team: "a" },
  }),
);

async function tags(): Promise<unknown> {
  return (await lambda.send(new ListTagsCommand({ Resource: arn }))).Tags;
}

test("tags of a mapping are listed, added, changed and taken off, and nothing else changes", async () => {
  const before = await lambda.send(new GetEventSourceMappingCommand({ UUID }));
  assert.deepEqual(await tags(), { team: "a" });
  const answer = await lambda.send(
    new TagResourceCommand({ Resource: arn, Tags: { team: "b", "é /": "", constructor: "c" } }),
  );
  assert.equal(answer.$metadata.httpStatusCode, 204);
  assert.deepEqual(await tags(), { constructor: "c", team: "b", "é /": "" });
  await lambda.send(new UntagResourceCommand({ Resource: arn, TagKeys: ["team", "é /", "none"] }));
  assert.deepEqual(await tags(), { constructor: "c" });
  const mapping = await lambda.send(new GetEventSourceMappingCommand({ UUID }));
  assert.deepEqual({ ...mapping, $metadata: undefined }, { ...before, $metadata: undefined });
});

test("tags out of bounds, and those of what has none, are refused", async () => {
  const parameter = (message: string) => ({ name: "InvalidParameterValueException", message });
  const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`key${index}`, ""]));
  const gone = { name: "ResourceNotFoundException", message: "The resource you requested does not exist." };
  const add = { team: "a" };
  const refusals: readonly [Resource: string, Tags: Record<string, string>, refusal: object][] = [
    [arn, { "": "a" }, parameter("Invalid tags: keys have 1 to 128 characters.")],
    [arn, { ["k".repeat(129)]: "a" }, parameter("Invalid tags: keys have 1 to 128 characters.")],
    [arn, { team: "v".repeat(257) }, parameter("Invalid tags: values have at most 256 characters.")],
    [arn, { "AWS:team": "a" }, parameter("Invalid tags: keys do not begin with aws:.")],
    [arn, many, parameter("Invalid tags: there can be at most 50.")],
    ["x", add, parameter("Invalid resource ARN: x")],
    [
      "arn:aws:lambda:us-east-1:000000000000:function:f",
      add,
      parameter("Invalid resource ARN: arn:aws:lambda:us-east-1:000000000000:function:f"),
    ],
    [arn.slice(0, -1), add, gone],
    [arn.replace("us-east-1", "us-east-2"), add, gone],
    [arn.replace("000000000000", "111111111111"), add, gone],
    [arn.replace(/[^:]*$/, "11111111-2222-3333-4444-555555555555"), add, gone],
  ];
  for (const [Resource, Tags, refusal] of refusals) {
    assert.deepEqual(await refusalOf(lambda.send(new TagResourceCommand({ Resource, Tags }))), refusal);
  }
  assert.deepEqual(await refusalOf(lambda.send(new ListTagsCommand({ Resource: "x" }))), refusals[5]?.[2]);
  assert.deepEqual(await refusalOf(lambda.send(new UntagResourceCommand({ Resource: arn, TagKeys: [] }))), {
    name: "ValidationException",
    message:
      "1 validation error detected: Value null at 'tagKeys' failed to satisfy constraint: Member must not be null",
  });
});
