import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
  type ListEventSourceMappingsCommandInput,
  type UpdateEventSourceMappingCommandInput,
} from "@aws-sdk/client-lambda";
import { createStream, startLambdaServer } from "./lambda-server.ts";
import { refusalOf, validation, type Refusal } from "./refusals.ts";

const server = await startLambdaServer({ failureFolder: "/failed" });
after(() => server.close());
const { lambda, endpoint } = server;
const stream = await createStream(server.client, "Music");
const { UUID } = await lambda.send(
  new CreateEventSourceMappingCommand({
    EventSourceArn: stream,
    FunctionName: "audit",
    StartingPosition: "LATEST",
  }),
);
const neverMade = "11111111-2222-3333-4444-555555555555";

function parameter(message: string): Refusal {
  return { name: "InvalidParameterValueException", message };
}

function constraint(path: string, value: string, rule: string): Refusal {
  return validation(
    `1 validation error detected: Value ${value} at '${path}' failed to satisfy constraint: ${rule}`,
  );
}

const least = (bound: number) => `Member must have value greater than or equal to ${bound}`;
const most = (bound: number) => `Member must have value less than or equal to ${bound}`;
const functionPattern =
  "Member must satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?" +
  "((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)" +
  "(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?";
const sourcePattern =
  "Member must satisfy regular expression pattern: arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:" +
  "((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1})?:(\\d{12})?:(.*)";
const badPattern = parameter("Invalid filter pattern definition.");
const badDestination = (destination: string) =>
  parameter(
    "The provided destination config DestinationConfig(onSuccess=null, " +
      `onFailure=OnFailure(destination=${destination})) is invalid.`,
  );

/** What creating and updating refuse alike. */
const settings: readonly [change: Omit<UpdateEventSourceMappingCommandInput, "UUID">, Refusal][] = [
  [{ BatchSize: 0 }, constraint("batchSize", "'0'", least(1))],
  [{ BatchSize: 10_001 }, constraint("batchSize", "'10001'", most(10_000))],
  [{ MaximumBatchingWindowInSeconds: -1 }, constraint("maximumBatchingWindowInSeconds", "'-1'", least(0))],
  [{ MaximumBatchingWindowInSeconds: 301 }, constraint("maximumBatchingWindowInSeconds", "'301'", most(300))],
  [{ ParallelizationFactor: 0 }, constraint("parallelizationFactor", "'0'", least(1))],
  [{ ParallelizationFactor: 11 }, constraint("parallelizationFactor", "'11'", most(10))],
  [{ MaximumRecordAgeInSeconds: -2 }, constraint("maximumRecordAgeInSeconds", "'-2'", least(-1))],
  [
    { MaximumRecordAgeInSeconds: 604_801 },
    constraint("maximumRecordAgeInSeconds", "'604801'", most(604_800)),
  ],
  [
    { MaximumRecordAgeInSeconds: 59 },
    parameter("MaximumRecordAgeInSeconds must be -1 or between 60 and 604800."),
  ],
  [{ MaximumRetryAttempts: -2 }, constraint("maximumRetryAttempts", "'-2'", least(-1))],
  [{ MaximumRetryAttempts: 10_001 }, constraint("maximumRetryAttempts", "'10001'", most(10_000))],
  [{ TumblingWindowInSeconds: -1 }, constraint("tumblingWindowInSeconds", "'-1'", least(0))],
  [{ TumblingWindowInSeconds: 901 }, constraint("tumblingWindowInSeconds", "'901'", most(900))],
  [{ FilterCriteria: { Filters: [{}] } }, badPattern],
  [{ FilterCriteria: { Filters: [{ Pattern: "" }] } }, badPattern],
  [{ FilterCriteria: { Filters: [{ Pattern: "{" }] } }, badPattern],
  [{ FilterCriteria: { Filters: [{ Pattern: "[]" }] } }, badPattern],
  [{ FilterCriteria: { Filters: [{ Pattern: '{"eventName":"INSERT"}' }] } }, badPattern],
  [{ FilterCriteria: { Filters: [{ Pattern: '{"eventName":[{"unlike":"INSERT"}]}' }] } }, badPattern],
  [
    { FilterCriteria: { Filters: Array.from({ length: 11 }, () => ({ Pattern: '{"a":[1]}' })) } },
    parameter("Filter criteria can have at most 10 filters."),
  ],
  [{ DestinationConfig: { OnFailure: { Destination: "queue" } } }, badDestination("queue")],
  [
    { DestinationConfig: { OnFailure: { Destination: "arn:aws:s3:::bucket" } } },
    badDestination("arn:aws:s3:::bucket"),
  ],
  [{ DestinationConfig: { OnFailure: { Destination: "ftp://a/b" } } }, badDestination("ftp://a/b")],
  [{ DestinationConfig: { OnFailure: { Destination: "file://far/b" } } }, badDestination("file://far/b")],
  [{ DestinationConfig: { OnFailure: { Destination: "file:///a%2Fb" } } }, badDestination("file:///a%2Fb")],
  [{ DestinationConfig: { OnFailure: { Destination: "file:///etc/b" } } }, badDestination("file:///etc/b")],
  [
    { DestinationConfig: { OnFailure: { Destination: "file:///failed/../etc/b" } } },
    badDestination("file:///failed/../etc/b"),
  ],
  [
    { DestinationConfig: { OnSuccess: { Destination: "arn:aws:sqs:us-east-1:000000000000:q" } } },
    parameter("Unsupported DestinationConfig parameter for given event source mapping type."),
  ],
  [
    { ScalingConfig: { MaximumConcurrency: 2 } },
    parameter("Unsupported ScalingConfig parameter for given event source mapping type."),
  ],
  [{ FunctionName: "nobody" }, parameter("Function does not exist")],
  [{ FunctionName: "a/b" }, constraint("functionName", "'a/b'", functionPattern)],
  [
    { FunctionName: "arn:aws:sqs:us-east-1:000000000000:function:audit" },
    constraint("functionName", "'arn:aws:sqs:us-east-1:000000000000:function:audit'", functionPattern),
  ],
  [
    { FunctionName: "arn:aws:lambda:eu-west-1:000000000000:function:audit" },
    {
      name: "ResourceNotFoundException",
      message: "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')",
    },
  ],
  [
    { FunctionName: "111111111111:function:audit" },
    {
      name: "ResourceNotFoundException",
      message: "Function not found: arn:aws:lambda:us-east-1:111111111111:function:audit",
    },
  ],
  [
    { FunctionName: "a".repeat(141) },
    constraint("functionName", `'${"a".repeat(141)}'`, "Member must have length less than or equal to 140"),
  ],
];

test("settings out of their bounds are refused, by creating and by updating", async () => {
  const base = { EventSourceArn: stream, FunctionName: "welcome", StartingPosition: "LATEST" } as const;
  for (const [change, refusal] of settings) {
    const text = JSON.stringify(change);
    const create = new CreateEventSourceMappingCommand({ ...base, ...change });
    assert.deepEqual(await refusalOf(lambda.send(create)), refusal, text);
    const update = new UpdateEventSourceMappingCommand({ UUID, ...change });
    assert.deepEqual(await refusalOf(lambda.send(update)), refusal, text);
  }
});

const absent = (member: string) => constraint(member, "null", "Member must not be null");
const queue = "arn:aws:sqs:us-east-1:000000000000:q";
const unknown = stream.replace("Music", "Unknown");

/** The order of the rows shows which error wins. Requests as bodies, since the SDK would not send them all. */
const creations: readonly [request: unknown, Refusal][] = [
  [{}, absent("functionName")],
  [
    { FunctionName: "" },
    constraint("functionName", "''", "Member must have length greater than or equal to 1"),
  ],
  [
    { FunctionName: "welcome", StartingPosition: "0" },
    constraint(
      "startingPosition",
      "'0'",
      "Member must satisfy enum value set: [LATEST, AT_TIMESTAMP, TRIM_HORIZON]",
    ),
  ],
  [
    { FunctionName: "welcome", FunctionResponseTypes: ["All"] },
    constraint(
      "functionResponseTypes.1.member",
      "'All'",
      "Member must satisfy enum value set: [ReportBatchItemFailures]",
    ),
  ],
  [
    { FunctionName: "welcome", Topics: ["a"] },
    parameter("Unsupported Topics parameter for given event source mapping type."),
  ],
  [{ FunctionName: "welcome" }, parameter("Unrecognized event source.")],
  [
    { FunctionName: "welcome", EventSourceArn: "Music" },
    constraint("eventSourceArn", "'Music'", sourcePattern),
  ],
  [{ FunctionName: "welcome", EventSourceArn: queue }, parameter("Unrecognized event source.")],
  [
    { FunctionName: "welcome", EventSourceArn: stream.replace(/\/stream.*/, "") },
    parameter("Unrecognized event source."),
  ],
  [{ FunctionName: "a b", EventSourceArn: stream }, constraint("functionName", "'a b'", functionPattern)],
  [
    { FunctionName: "welcome", EventSourceArn: unknown },
    parameter(
      "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: " +
        "Member must not be null.",
    ),
  ],
  [
    { FunctionName: "welcome", EventSourceArn: unknown, StartingPosition: "AT_TIMESTAMP" },
    parameter(`Unsupported starting position for arn type: ${unknown}`),
  ],
  [
    {
      FunctionName: "welcome",
      EventSourceArn: unknown,
      StartingPosition: "LATEST",
      StartingPositionTimestamp: 1,
    },
    parameter("Timestamp only valid with StartingPosition AT_TIMESTAMP"),
  ],
  [
    { FunctionName: "nobody", EventSourceArn: unknown, StartingPosition: "LATEST" },
    parameter("Function does not exist"),
  ],
  [
    { FunctionName: "welcome", EventSourceArn: unknown, StartingPosition: "LATEST" },
    parameter(`Stream not found: ${unknown}`),
  ],
  [
    {
      FunctionName: "welcome",
      EventSourceArn: stream.replace("us-east-1", "eu-west-1"),
      StartingPosition: "LATEST",
    },
    parameter(`Stream not found: ${stream.replace("us-east-1", "eu-west-1")}`),
  ],
  [
    { FunctionName: 1 },
    { name: "SerializationException", message: "NUMBER_VALUE cannot be converted to String" },
  ],
  [
    { FunctionName: "welcome", BatchSize: "many" },
    { name: "SerializationException", message: "STRING_VALUE cannot be converted to Integer" },
  ],
  [
    { FunctionName: "welcome", FilterCriteria: { Filters: {} } },
    { name: "SerializationException", message: "Start of structure or map found where not expected" },
  ],
];

test("creations that name no function, stream or starting position are refused", async () => {
  for (const [request, refusal] of creations) {
    assert.deepEqual(await rawRefusal("POST", "", JSON.stringify(request)), refusal, JSON.stringify(request));
  }
});

test("what is no JSON object is refused as a body", async () => {
  const refusal = {
    name: "InvalidRequestContentException",
    message: "Could not parse request body into json",
  };
  for (const body of ["{", "[]", "null", "1", '"text"', "\u0000"]) {
    assert.deepEqual(await rawRefusal("POST", "", body), refusal, body);
    assert.deepEqual(await rawRefusal("PUT", String(UUID), body), refusal, body);
  }
  assert.deepEqual(await rawRefusal("POST", "", ""), absent("functionName"));
});

test("mappings that there are not cannot be read, changed or deleted", async () => {
  const gone = { name: "ResourceNotFoundException", message: "The resource you requested does not exist." };
  const ids = [neverMade, "x", "__proto__", "a/b", "%", "é", "x".repeat(5_000), String(UUID).toUpperCase()];
  for (const id of ids) {
    const reference = { UUID: id };
    assert.deepEqual(await refusalOf(lambda.send(new GetEventSourceMappingCommand(reference))), gone, id);
    assert.deepEqual(await refusalOf(lambda.send(new UpdateEventSourceMappingCommand(reference))), gone, id);
    assert.deepEqual(await refusalOf(lambda.send(new DeleteEventSourceMappingCommand(reference))), gone, id);
  }
});

const lists: readonly [request: ListEventSourceMappingsCommandInput, Refusal][] = [
  [{ MaxItems: 0 }, constraint("maxItems", "'0'", least(1))],
  [{ MaxItems: 10_001 }, constraint("maxItems", "'10001'", most(10_000))],
  [{ Marker: "nowhere" }, parameter("Invalid Marker.")],
  [{ Marker: "x".repeat(10_000) }, parameter("Invalid Marker.")],
  [{ FunctionName: "a b" }, constraint("functionName", "'a b'", functionPattern)],
];

test("lists with wrong bounds, markers and functions are refused", async () => {
  for (const [request, refusal] of lists) {
    const list = new ListEventSourceMappingsCommand(request);
    assert.deepEqual(await refusalOf(lambda.send(list)), refusal, JSON.stringify(request).slice(0, 100));
  }
  assert.deepEqual(await rawRefusal("GET", "?MaxItems=ten", undefined), {
    name: "SerializationException",
    message: "STRING_VALUE cannot be converted to Integer",
  });
});

/** The error that a request gets which an SDK would not send. */
async function rawRefusal(method: string, rest: string, body: string | undefined): Promise<Refusal> {
  const response = await fetch(`${endpoint}/2015-03-31/event-source-mappings/${rest}`, {
    method,
    headers: {
      "content-type": "application/json",
      "x-amz-date": "20261121T120000Z",
      authorization:
        "AWS4-HMAC-SHA256 Credential=test/20261121/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=0",
    },
    ...(body !== undefined && { body }),
  });
  const answer = (await response.json()) as { readonly message?: string; readonly Message?: string };
  assert.equal(response.status, 400);
  return {
    name: response.headers.get("x-amzn-errortype") ?? "",
    message: answer.message ?? answer.Message ?? "",
  };
}
