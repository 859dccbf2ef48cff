import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { DeleteTableCommand } from "@aws-sdk/client-dynamodb";
import {
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
  paginateListEventSourceMappings,
  type CreateEventSourceMappingCommandInput,
  type EventSourceMappingConfiguration,
} from "@aws-sdk/client-lambda";
import { createStream, startLambdaServer, type LambdaServer } from "./lambda-server.ts";
import { refusalOf } from "./refusals.ts";
import { openTestStorage } from "./server.ts";

let now = Date.UTC(2026, 10, 21, 12);
const server = await startLambdaServer({ clock: { now: () => now }, failureFolder: "/var/log/" });
after(() => server.close());
const { client, lambda } = server;
const music = await createStream(client, "Music");

const functionArn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
const gone = { name: "ResourceNotFoundException", message: "The resource you requested does not exist." };

type Creation = Partial<CreateEventSourceMappingCommandInput>;

async function create({ lambda: to }: Pick<LambdaServer, "lambda">, creation: Creation) {
  const defaults = { FunctionName: "welcome", StartingPosition: "TRIM_HORIZON" } as const;
  return answerOf(await to.send(new CreateEventSourceMappingCommand({ ...defaults, ...creation })));
}

/** What was answered, without the SDK's own part. */
function answerOf<Answer extends { $metadata: { httpStatusCode?: number | undefined } }>(answer: Answer) {
  const { $metadata: metadata, ...rest } = answer;
  return { status: metadata.httpStatusCode, ...rest };
}

async function get(UUID: string | undefined) {
  return answerOf(await lambda.send(new GetEventSourceMappingCommand({ UUID })));
}

async function remove(UUID: string | undefined) {
  return answerOf(await lambda.send(new DeleteEventSourceMappingCommand({ UUID })));
}

test("a mapping is created with the service's defaults, and shows them until it is deleted", async () => {
  const created = await create(server, { EventSourceArn: music });
  const { UUID = "" } = created;
  assert.match(UUID, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  const expected = {
    UUID,
    StartingPosition: "TRIM_HORIZON",
    BatchSize: 100,
    MaximumBatchingWindowInSeconds: 0,
    ParallelizationFactor: 1,
    EventSourceArn: music,
    FunctionArn: functionArn("welcome"),
    LastModified: new Date(now),
    LastProcessingResult: "No records processed",
    StateTransitionReason: "User action",
    DestinationConfig: { OnFailure: {} },
    MaximumRecordAgeInSeconds: -1,
    BisectBatchOnFunctionError: false,
    MaximumRetryAttempts: -1,
    TumblingWindowInSeconds: 0,
    FunctionResponseTypes: [],
    EventSourceMappingArn: `arn:aws:lambda:us-east-1:000000000000:event-source-mapping:${UUID}`,
  };
  assert.deepEqual(created, { status: 202, State: "Creating", ...expected });
  assert.deepEqual(await get(UUID), { status: 200, State: "Enabled", ...expected });
  assert.deepEqual(await remove(UUID), { status: 202, State: "Deleting", ...expected });
  assert.deepEqual(await refusalOf(get(UUID)), gone);
});

const settings = {
  BatchSize: 10_000,
  MaximumBatchingWindowInSeconds: 300,
  ParallelizationFactor: 10,
  FilterCriteria: {
    Filters: [{ Pattern: '{"eventName":["INSERT"]}' }, { Pattern: '{"eventName":["REMOVE"]}' }],
  },
  DestinationConfig: { OnFailure: { Destination: "arn:aws:sqs:us-east-1:000000000000:failed" } },
  MaximumRecordAgeInSeconds: 604_800,
  BisectBatchOnFunctionError: true,
  MaximumRetryAttempts: 10_000,
  TumblingWindowInSeconds: 900,
  FunctionResponseTypes: ["ReportBatchItemFailures"],
} satisfies Creation;

test("every setting is kept, and an update changes those alone that it names", async () => {
  const { UUID } = await create(server, {
    EventSourceArn: music,
    Enabled: false,
    StartingPosition: "LATEST",
    ...settings,
  });
  const before = await get(UUID);
  assert.deepEqual({ ...before, ...settings, StartingPosition: "LATEST", State: "Disabled" }, before);
  now += 1_500;
  const updated = answerOf(await lambda.send(new UpdateEventSourceMappingCommand({ UUID, BatchSize: 7 })));
  const after = { ...before, BatchSize: 7, LastModified: new Date(now) };
  assert.deepEqual(updated, { ...after, status: 202, State: "Updating" });
  assert.deepEqual(await get(UUID), after);
  await remove(UUID);
});

test("settings are taken back by their empty values", async () => {
  const { UUID } = await create(server, { EventSourceArn: music, ...settings });
  await lambda.send(
    new UpdateEventSourceMappingCommand({
      UUID,
      FilterCriteria: {},
      DestinationConfig: { OnFailure: {} },
      MaximumRecordAgeInSeconds: -1,
      MaximumRetryAttempts: -1,
      FunctionResponseTypes: [],
    }),
  );
  const mapping = await get(UUID);
  assert.equal(mapping.FilterCriteria, undefined);
  assert.deepEqual(mapping.DestinationConfig, { OnFailure: {} });
  assert.deepEqual(
    [mapping.MaximumRecordAgeInSeconds, mapping.MaximumRetryAttempts, mapping.FunctionResponseTypes],
    [-1, -1, []],
  );
  await remove(UUID);
});

test("a mapping is disabled and enabled, and its states tell which way it goes", async () => {
  const { UUID } = await create(server, { EventSourceArn: music });
  const enable = async (Enabled: boolean) =>
    (await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled }))).State;
  const states: unknown[] = [];
  for (const enabled of [false, false, true, true])
    states.push(await enable(enabled), (await get(UUID)).State);
  assert.deepEqual(states, [
    ...["Disabling", "Disabled", "Updating", "Disabled"],
    ...["Enabling", "Enabled", "Updating", "Enabled"],
  ]);
  await remove(UUID);
});

test("destinations may be topics, HTTP endpoints and files, too", async () => {
  for (const destination of [
    "arn:aws:sns:us-east-1:000000000000:failed",
    "http://127.0.0.1:9000/failed?of=x",
    "https://example.com/",
    "file:///var/log/failed.jsonl",
  ]) {
    const DestinationConfig = { OnFailure: { Destination: destination } };
    const { UUID } = await create(server, { EventSourceArn: music, DestinationConfig });
    assert.deepEqual((await get(UUID)).DestinationConfig, DestinationConfig);
    await remove(UUID);
  }
});

test("a function is called by its name, a part of its ARN or all of it, with a qualifier or without", async () => {
  const arn = functionArn("welcome");
  const names: [name: string, arn: string][] = [
    ["welcome", arn],
    ["function:welcome", arn],
    ["000000000000:function:welcome", arn],
    [arn, arn],
    ["welcome:live", `${arn}:live`],
    ["000000000000:function:welcome:1", `${arn}:1`],
    [`${arn}:$LATEST`, `${arn}:$LATEST`],
  ];
  for (const [FunctionName, FunctionArn] of names) {
    const mapping = await create(server, { EventSourceArn: music, FunctionName });
    assert.equal(mapping.FunctionArn, FunctionArn, FunctionName);
    await remove(mapping.UUID);
  }
});

test("a stream and a function have one mapping; other functions, qualifiers and streams have their own", async () => {
  const movies = await createStream(client, "Movies");
  const first = await create(server, { EventSourceArn: music });
  const others = [
    await create(server, { EventSourceArn: movies }),
    await create(server, { EventSourceArn: music, FunctionName: "audit" }),
    await create(server, { EventSourceArn: music, FunctionName: "welcome:live" }),
  ];
  const taken = {
    name: "ResourceConflictException",
    message:
      `The event source arn (" ${music} ") and function (" welcome ") provided mapping already exists. ` +
      `Please update or delete the existing mapping with UUID ${first.UUID}`,
  };
  assert.deepEqual(await refusalOf(create(server, { EventSourceArn: music, BatchSize: 1 })), taken);
  const toWelcome = new UpdateEventSourceMappingCommand({ UUID: others[1]?.UUID, FunctionName: "welcome" });
  assert.deepEqual(await refusalOf(lambda.send(toWelcome)), taken);
  assert.equal((await get(others[1]?.UUID)).FunctionArn, functionArn("audit"));
  await remove(first.UUID);
  assert.equal((await lambda.send(toWelcome)).FunctionArn, functionArn("welcome"));
  assert.equal((await create(server, { EventSourceArn: music, FunctionName: "audit" })).State, "Creating");
  for await (const { EventSourceMappings = [] } of paginateListEventSourceMappings({ client: lambda }, {})) {
    for (const { UUID } of EventSourceMappings) await remove(UUID);
  }
});

test("mappings are listed in pages: all, those of a stream, those of a function, and those of both", async () => {
  const streams = [music, await createStream(client, "Books"), await createStream(client, "Games")];
  const all: EventSourceMappingConfiguration[] = [];
  for (const EventSourceArn of streams) {
    for (const FunctionName of ["welcome", "audit", "audit:live"]) {
      const { UUID } = await create(server, { EventSourceArn, FunctionName });
      all.push(without("status", await get(UUID)));
    }
  }
  all.sort((one, other) => ((one.UUID ?? "") < (other.UUID ?? "") ? -1 : 1));
  const filters = [
    {},
    { EventSourceArn: music },
    { FunctionName: "audit" },
    { FunctionName: functionArn("audit:live") },
    { EventSourceArn: music, FunctionName: "audit" },
    { EventSourceArn: music.replace("Music", "Nothing") },
    { FunctionName: "nobody" },
  ];
  for (const filter of filters) {
    const FunctionArn =
      filter.FunctionName && functionArn(filter.FunctionName.split("function:").at(-1) ?? "");
    const expected = all.filter(
      (mapping) =>
        (filter.EventSourceArn === undefined || mapping.EventSourceArn === filter.EventSourceArn) &&
        (FunctionArn === undefined || mapping.FunctionArn === FunctionArn),
    );
    for (const MaxItems of [undefined, 1, 2, 9, 10_000]) {
      const listed: EventSourceMappingConfiguration[] = [];
      for (let Marker: string | undefined; ;) {
        const page = await lambda.send(new ListEventSourceMappingsCommand({ ...filter, MaxItems, Marker }));
        assert.ok((page.EventSourceMappings?.length ?? 0) <= (MaxItems ?? 100));
        listed.push(...(page.EventSourceMappings ?? []));
        Marker = page.NextMarker;
        if (Marker === undefined) break;
      }
      assert.deepEqual(listed, expected, JSON.stringify({ ...filter, MaxItems }));
    }
  }
  for (const { UUID } of all) await remove(UUID);
});

/** A copy of `answer` without one of its members. */
function without(name: string, answer: object): object {
  return Object.fromEntries(Object.entries(answer).filter(([member]) => member !== name));
}

test("accounts see their own mappings alone", async () => {
  const { UUID } = await create(server, { EventSourceArn: music });
  const stranger = await startLambdaClient("111111111111");
  assert.deepEqual(await refusalOf(stranger.send(new GetEventSourceMappingCommand({ UUID }))), gone);
  const { EventSourceMappings } = await stranger.send(new ListEventSourceMappingsCommand({}));
  assert.deepEqual(EventSourceMappings, []);
  assert.deepEqual(await refusalOf(create({ lambda: stranger }, { EventSourceArn: music })), {
    name: "InvalidParameterValueException",
    message: `Stream not found: ${music}`,
  });
  stranger.destroy();
  await remove(UUID);
});

async function startLambdaClient(accessKeyId: string) {
  const { LambdaClient } = await import("@aws-sdk/client-lambda");
  const credentials = { accessKeyId, secretAccessKey: "test" };
  return new LambdaClient({ region: "us-east-1", endpoint: server.endpoint, maxAttempts: 1, credentials });
}

test(
  "a mapping outlives its table and its stream, says so, and can still be deleted",
  { timeout: 20_000 },
  async () => {
    const passing = await startLambdaServer({ devClock: true });
    const stream = await createStream(passing.client, "Passing");
    const { UUID } = await create(passing, { EventSourceArn: stream });
    const read = () => passing.lambda.send(new GetEventSourceMappingCommand({ UUID }));
    await passing.client.send(new DeleteTableCommand({ TableName: "Passing" }));
    assert.equal((await read()).LastProcessingResult, "No records processed");
    passing.advanceClock(24 * 3_600_000 + 1);
    while ((await read()).LastProcessingResult !== "PROBLEM: Stream not found") await delay(20);
    const { State, EventSourceArn } = await read();
    assert.deepEqual([State, EventSourceArn], ["Enabled", stream]);
    await passing.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
    await passing.lambda.send(new DeleteEventSourceMappingCommand({ UUID }));
    assert.deepEqual(await refusalOf(read()), gone);
    await passing.close();
  },
);

test("where changes take their time, states last, nothing is changed meanwhile, and deletion ends", async () => {
  const slow = await startLambdaServer({ clock: { now: () => now }, tableDelayMs: 1_000 });
  const stream = await createStream(slow.client, "Slow");
  now += 1_000;
  const { UUID } = await create(slow, { EventSourceArn: stream });
  const update = new UpdateEventSourceMappingCommand({ UUID, Enabled: false });
  const read = async () => (await slow.lambda.send(new GetEventSourceMappingCommand({ UUID }))).State;
  const inUse = (action: string) => ({
    name: "ResourceInUseException",
    message: `Cannot ${action} the event source mapping because it is in use.`,
  });
  assert.equal(await read(), "Creating");
  assert.deepEqual(await refusalOf(slow.lambda.send(update)), inUse("update"));
  assert.deepEqual(
    await refusalOf(slow.lambda.send(new DeleteEventSourceMappingCommand({ UUID }))),
    inUse("delete"),
  );
  now += 1_000;
  assert.equal(await read(), "Enabled");
  await slow.lambda.send(update);
  assert.equal(await read(), "Disabling");
  now += 1_000;
  assert.equal(await read(), "Disabled");
  await slow.lambda.send(new DeleteEventSourceMappingCommand({ UUID }));
  assert.equal(await read(), "Deleting");
  assert.equal((await refusalOf(create(slow, { EventSourceArn: stream }))).name, "ResourceConflictException");
  now += 1_000;
  assert.equal((await create(slow, { EventSourceArn: stream })).State, "Creating");
  assert.deepEqual(await refusalOf(read()), gone);
  await slow.close();
});

test("mappings are still there after a restart", async () => {
  const storage = await openTestStorage();
  const before = await startLambdaServer(storage.serverOptions);
  const stream = await createStream(before.client, "Kept");
  const { UUID } = await create(before, { EventSourceArn: stream, ...settings });
  const kept = await before.lambda.send(new GetEventSourceMappingCommand({ UUID }));
  await before.close();
  const again = await startLambdaServer(storage.serverOptions);
  const found = await again.lambda.send(new GetEventSourceMappingCommand({ UUID }));
  assert.deepEqual(without("$metadata", found), without("$metadata", kept));
  assert.equal(
    (await refusalOf(create(again, { EventSourceArn: stream }))).name,
    "ResourceConflictException",
  );
  await again.close();
  await storage.close();
});
