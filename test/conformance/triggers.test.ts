import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { pathToFileURL } from "node:url";
import { setTimeout as delay } from "node:timers/promises";
import {
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import { openTestStorage } from "./server.ts";
import { idsOf, listen, startTriggerBed, until } from "./trigger-bed.ts";

let bed: Awaited<ReturnType<typeof startTriggerBed>>;
let stream: string;

beforeEach(async () => {
  bed = await startTriggerBed();
  stream = await bed.table("Music");
});
afterEach(() => bed.stop());

/** Waits until so many records came, and looks whether more do. */
async function delivered(records: number): Promise<string[][]> {
  const count = () => idsOf(bed.events).flat().length;
  await until(
    () => count() >= records,
    () => idsOf(bed.events),
  );
  await delay(50);
  return idsOf(bed.events);
}

test("a function is called with Lambda's event, to the letter", async () => {
  await bed.put("Music", { id: { S: "a" }, title: { S: "Sinnerman" } });
  await bed.remove("Music", "a");
  await bed.map({ EventSourceArn: stream });
  await delivered(2);
  const records = bed.events.flatMap(({ Records }) => Records);
  const [inserted, removed] = records.map(({ eventID, dynamodb, ...record }) => {
    const { SequenceNumber, ApproximateCreationDateTime, ...rest } = dynamodb as typeof dynamodb & {
      ApproximateCreationDateTime: number;
    };
    assert.match(String(eventID), /^[0-9a-f]{32}$/);
    assert.match(SequenceNumber, /^\d{21,40}$/);
    assert.ok(Number.isInteger(ApproximateCreationDateTime));
    return { ...record, dynamodb: rest };
  });
  const common = {
    eventVersion: "1.1",
    eventSource: "aws:dynamodb",
    awsRegion: "us-east-1",
    eventSourceARN: stream,
  };
  assert.deepEqual(inserted, {
    ...common,
    eventName: "INSERT",
    dynamodb: {
      Keys: { id: { S: "a" } },
      NewImage: { id: { S: "a" }, title: { S: "Sinnerman" } },
      SizeBytes: 20,
      StreamViewType: "NEW_IMAGE",
    },
  });
  assert.deepEqual(removed, {
    ...common,
    eventName: "REMOVE",
    dynamodb: { Keys: { id: { S: "a" } }, SizeBytes: 3, StreamViewType: "NEW_IMAGE" },
  });
  assert.deepEqual(Object.keys(bed.events[0] ?? {}), ["Records"]);
});

test("TRIM_HORIZON begins with what there is, LATEST with what comes", async () => {
  await bed.put("Music", "before");
  await delay(5);
  const id = await bed.map({ EventSourceArn: stream, StartingPosition: "LATEST" });
  await bed.put("Music", "after");
  assert.deepEqual(await delivered(1), [["after"]]);
  await bed.lambda.send(new DeleteEventSourceMappingCommand({ UUID: id }));
  await until(async () => {
    try {
      await bed.lambda.send(new GetEventSourceMappingCommand({ UUID: id }));
      return false;
    } catch {
      return true;
    }
  });
  bed.events = [];
  await bed.map({ EventSourceArn: stream });
  assert.deepEqual((await delivered(2)).flat(), ["before", "after"]);
});

test("a batch holds as many records as the mapping says", async () => {
  await bed.put("Music", "a", "b", "c", "d", "e");
  await bed.map({ EventSourceArn: stream, BatchSize: 2 });
  assert.deepEqual(await delivered(5), [["a", "b"], ["c", "d"], ["e"]]);
});

test("a batching window gathers records that come one by one", async () => {
  await bed.map({ EventSourceArn: stream, MaximumBatchingWindowInSeconds: 1 });
  await bed.put("Music", "a", "b");
  await delay(100);
  await bed.put("Music", "c");
  assert.deepEqual(bed.events, []);
  assert.deepEqual(await delivered(3), [["a", "b", "c"]]);
});

test("a full batch does not wait for its window", async () => {
  await bed.map({ EventSourceArn: stream, MaximumBatchingWindowInSeconds: 60, BatchSize: 2 });
  await bed.put("Music", "a", "b", "c");
  assert.deepEqual(await delivered(2), [["a", "b"]]);
});

test("only what a filter matches is delivered, and the rest is passed by", async () => {
  const filter = { dynamodb: { NewImage: { kind: { S: ["song"] } } } };
  await bed.map({
    EventSourceArn: stream,
    FilterCriteria: {
      Filters: [{ Pattern: JSON.stringify(filter) }, { Pattern: '{"eventName":["REMOVE"]}' }],
    },
  });
  const song = (id: string) => ({ id: { S: id }, kind: { S: "song" } });
  await bed.put("Music", "a", song("b"), "c", song("d"));
  await bed.remove("Music", "a");
  assert.deepEqual((await delivered(3)).flat(), ["b", "d", "a"]);
});

test("a batch that fails is tried again until it succeeds, before anything else", async () => {
  let failures = 2;
  bed.call = () => {
    failures -= 1;
    if (failures >= 0) throw new Error("not yet");
  };
  await bed.put("Music", "a");
  const UUID = await bed.map({ EventSourceArn: stream, BatchSize: 1 });
  await bed.put("Music", "b");
  assert.deepEqual(await delivered(4), [["a"], ["a"], ["a"], ["b"]]);
  const shown = async () =>
    (await bed.lambda.send(new GetEventSourceMappingCommand({ UUID }))).LastProcessingResult;
  await until(async () => (await shown()) === "OK");
});

test("bisecting finds the record that fails, and its place is told to a file", async () => {
  const folder = await mkdtemp(join(tmpdir(), "stator-triggers-"));
  const file = join(folder, "failures.jsonl");
  bed.call = ({ Records }) => {
    if (Records.some(({ dynamodb }) => dynamodb.Keys.id.S === "poison")) throw new Error("poisoned");
  };
  await bed.put("Music", "a", "b", "poison", "c");
  await bed.map({
    EventSourceArn: stream,
    BisectBatchOnFunctionError: true,
    MaximumRetryAttempts: 1,
    DestinationConfig: { OnFailure: { Destination: pathToFileURL(file).href } },
  });
  assert.deepEqual(await delivered(11), [
    ["a", "b", "poison", "c"],
    ["a", "b"],
    ["poison", "c"],
    ["poison"],
    ["poison"],
    ["c"],
  ]);
  const lines = (await readFile(file, "utf8")).trimEnd().split("\n");
  assert.equal(lines.length, 1);
  const {
    requestContext,
    DDBStreamBatchInfo: info,
    timestamp,
    ...rest
  } = JSON.parse(lines[0] ?? "") as {
    requestContext: Record<string, unknown>;
    DDBStreamBatchInfo: Record<string, unknown>;
    timestamp: string;
  };
  assert.match(timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  const { requestId, ...context } = requestContext;
  assert.match(String(requestId), /^[0-9a-f-]{36}$/);
  assert.deepEqual(context, {
    functionArn: "arn:aws:lambda:us-east-1:000000000000:function:test",
    condition: "RetryAttemptsExhausted",
    approximateInvokeCount: 2,
  });
  assert.deepEqual(rest, {
    responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
    version: "1.0",
  });
  const poison = bed.events[3]?.Records[0]?.dynamodb.SequenceNumber;
  const {
    shardId,
    approximateArrivalOfFirstRecord: first,
    approximateArrivalOfLastRecord: last,
    ...place
  } = info;
  assert.match(String(shardId), /^shardId-\d{20}-[0-9a-f]{8}$/);
  assert.match(String(first), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.equal(first, last);
  assert.deepEqual(place, {
    startSequenceNumber: poison,
    endSequenceNumber: poison,
    batchSize: 1,
    streamArn: stream,
  });
  await rm(folder, { recursive: true });
});

test("batches given up are told to an HTTP endpoint, a queue and a topic", async () => {
  const told: [path: string, body: string][] = [];
  const endpoint = await listen((body, path) => {
    told.push([path, body]);
    return path === "/sns" ? "<PublishResponse><PublishResult/></PublishResponse>" : "{}";
  });
  await bed.stop();
  bed = await startTriggerBed({ sqsEndpoint: `${endpoint.url}/sqs`, snsEndpoint: `${endpoint.url}/sns` });
  bed.call = () => {
    throw new Error("never");
  };
  const destinations = [
    `${endpoint.url}/plain`,
    "arn:aws:sqs:us-east-1:000000000000:failures",
    "arn:aws:sns:us-east-1:000000000000:failures",
  ];
  for (const [index, Destination] of destinations.entries()) {
    const table = `Music${index}`;
    const EventSourceArn = await bed.table(table);
    await bed.map({
      EventSourceArn,
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination } },
    });
    await bed.put(table, "a");
  }
  await until(
    () => told.length === 3,
    () => told,
  );
  const bodyOf = (path: string) => told.find(([at]) => at.startsWith(path))?.[1] ?? "";
  const plain = JSON.parse(bodyOf("/plain")) as { DDBStreamBatchInfo: { batchSize: number } };
  assert.equal(plain.DDBStreamBatchInfo.batchSize, 1);
  const sent = JSON.parse(bodyOf("/sqs")) as { QueueUrl: string; MessageBody: string };
  assert.equal(sent.QueueUrl, `${endpoint.url}/sqs/000000000000/failures`);
  assert.match(sent.MessageBody, /"DDBStreamBatchInfo":\{"shardId"/);
  const published = new URLSearchParams(bodyOf("/sns"));
  assert.equal(published.get("Action"), "Publish");
  assert.equal(published.get("TopicArn"), destinations[2]);
  assert.match(published.get("Message") ?? "", /"DDBStreamBatchInfo":\{"shardId"/);
  endpoint.close();
});

test("a function can report which record failed: what is before it is done", async () => {
  let reported = false;
  bed.call = ({ Records }) => {
    if (reported) return { batchItemFailures: [] };
    reported = true;
    // The lowest counts, in whatever order they come.
    const places = [Records[2], Records[1]].map((record) => record?.dynamodb.SequenceNumber);
    return { batchItemFailures: places.map((itemIdentifier) => ({ itemIdentifier })) };
  };
  await bed.put("Music", "a", "b", "c");
  await bed.map({ EventSourceArn: stream, FunctionResponseTypes: ["ReportBatchItemFailures"] });
  assert.deepEqual(await delivered(5), [
    ["a", "b", "c"],
    ["b", "c"],
  ]);
});

test("a report that makes no sense fails the whole batch", async () => {
  const answers = [
    { batchItemFailures: [{ itemIdentifier: "" }] },
    { batchItemFailures: [{ itemIdentifier: null }] },
    { batchItemFailures: [{ wrong: "1" }] },
    { batchItemFailures: "none" },
    {},
  ];
  bed.call = () => answers.shift();
  await bed.put("Music", "a");
  await bed.map({ EventSourceArn: stream, FunctionResponseTypes: ["ReportBatchItemFailures"] });
  assert.deepEqual(await delivered(5), [["a"], ["a"], ["a"], ["a"], ["a"]]);
});

test("a local module that takes too long is given up in its time, and goes on with the next batch", async () => {
  await bed.stop();
  const notes = join(import.meta.dirname, "../fixtures/functions/notes.mjs");
  bed = await startTriggerBed({ functions: { notes }, functionTimeoutMs: 300, failureFolder: tmpdir() });
  stream = await bed.table("Music");
  const folder = await mkdtemp(join(tmpdir(), "stator-triggers-"));
  const [file, failures] = [join(folder, "notes"), join(folder, "failures")];
  await bed.map({
    FunctionName: "notes",
    EventSourceArn: stream,
    BatchSize: 1,
    MaximumRetryAttempts: 0,
    DestinationConfig: { OnFailure: { Destination: pathToFileURL(failures).href } },
  });
  const noted = (id: string) => ({ id: { S: id }, file: { S: file } });
  await bed.put("Music", noted("a"), noted("hang"), noted("b"));
  const written = () => readFile(file, "utf8").catch(() => "");
  await until(async () => (await written()) === "a\nb\n", written);
  assert.match(await readFile(failures, "utf8"), /"condition":"RetryAttemptsExhausted"/);
  await rm(folder, { recursive: true });
});

test("records that became too old are given up", async () => {
  await bed.stop();
  bed = await startTriggerBed({ devClock: true });
  stream = await bed.table("Music");
  await bed.put("Music", "old");
  await fetch(`${bed.endpoint}/_stator/clock`, { method: "PUT", body: '{"advanceMs": 120000}' });
  await bed.put("Music", "young");
  await bed.map({ EventSourceArn: stream, MaximumRecordAgeInSeconds: 60 });
  assert.deepEqual(await delivered(1), [["young"]]);
});

test("batches of different items can be under way at once, those of one item never", async () => {
  let underWay = 0;
  let most = 0;
  const busy = new Set<string>();
  bed.call = async ({ Records }) => {
    const ids = new Set(Records.map(({ dynamodb }) => dynamodb.Keys.id.S));
    for (const id of ids) assert.ok(!busy.has(id), `${id} is under way`);
    for (const id of ids) busy.add(id);
    underWay += 1;
    most = Math.max(most, underWay);
    await delay(20);
    underWay -= 1;
    for (const id of ids) busy.delete(id);
  };
  const numbered = (id: string, n: number) => ({ id: { S: id }, n: { N: String(n) } });
  const ids = ["a", "b", "c", "d", "e", "f"];
  for (const n of [1, 2, 3]) await bed.put("Music", ...ids.map((id) => numbered(id, n)));
  await bed.map({ EventSourceArn: stream, ParallelizationFactor: 4, BatchSize: 1 });
  await delivered(18);
  assert.ok(most > 1 && most <= 4, `${most} at once`);
  const records = bed.events.flatMap(({ Records }) => Records);
  for (const id of ids) {
    const order = records.filter(({ dynamodb }) => dynamodb.Keys.id.S === id);
    assert.deepEqual(
      order.map(({ dynamodb }) => dynamodb.NewImage?.["n"]?.N),
      ["1", "2", "3"],
    );
  }
});

test("a tumbling window passes its state on, and is closed at its end", async () => {
  bed.call = ({ Records, state }) => {
    const { count = 0 } = state as { count?: number };
    return { state: { count: count + Records.length } };
  };
  // At the beginning of a second, so that one window has all three.
  await delay(1_000 - (Date.now() % 1_000));
  await bed.put("Music", "a", "b", "c");
  await bed.map({ EventSourceArn: stream, TumblingWindowInSeconds: 1, BatchSize: 2 });
  await until(() => bed.events.some(({ isFinalInvokeForWindow }) => isFinalInvokeForWindow === true));
  const told = bed.events.map(({ Records, state, isFinalInvokeForWindow: final }) => [
    Records.length,
    state,
    final,
  ]);
  const sum = told.reduce((total, [records]) => total + Number(records), 0);
  assert.equal(sum, 3);
  assert.deepEqual(told.at(-1), [0, { count: 3 }, true]);
  const { window, shardId, eventSourceARN, isWindowTerminatedEarly } = bed.events[0] ?? { Records: [] };
  const { start, end } = window as { start: string; end: string };
  assert.equal(Date.parse(end) - Date.parse(start), 1_000);
  assert.match(String(shardId), /^shardId-/);
  assert.deepEqual([eventSourceARN, isWindowTerminatedEarly], [stream, false]);
});

test("a mapping that is disabled, changed, enabled or deleted is served so at once", async () => {
  const UUID = await bed.map({ EventSourceArn: stream });
  await bed.put("Music", "a");
  await delivered(1);
  const update = async (change: object, state: string) => {
    await bed.lambda.send(new UpdateEventSourceMappingCommand({ UUID, ...change }));
    await until(async () => {
      const { State } = await bed.lambda.send(new GetEventSourceMappingCommand({ UUID }));
      return State === state;
    });
  };
  await update({ Enabled: false }, "Disabled");
  await delay(50);
  await bed.put("Music", "b", "c");
  await delay(100);
  assert.deepEqual(idsOf(bed.events), [["a"]]);
  await update({ Enabled: true, BatchSize: 1 }, "Enabled");
  assert.deepEqual(await delivered(3), [["a"], ["b"], ["c"]]);
  await bed.lambda.send(new DeleteEventSourceMappingCommand({ UUID }));
  await delay(100);
  await bed.put("Music", "d");
  await delay(100);
  assert.deepEqual(idsOf(bed.events).flat(), ["a", "b", "c"]);
});

test("what was not delivered when the server stopped is delivered by the next one, in order", async () => {
  await bed.stop();
  const storage = await openTestStorage();
  bed = await startTriggerBed(storage.serverOptions);
  stream = await bed.table("Music");
  const seen: string[] = [];
  bed.call = ({ Records }) => {
    const ids = Records.map(({ dynamodb }) => dynamodb.Keys.id.S);
    if (ids.includes("3")) throw new Error("not now");
    seen.push(...ids);
  };
  await bed.map({ EventSourceArn: stream, BatchSize: 1 });
  await bed.put("Music", "1", "2", "3", "4");
  await until(() => seen.length === 2 && bed.events.length > 2);
  await bed.stop();
  bed = await startTriggerBed(storage.serverOptions);
  assert.deepEqual(await delivered(2), [["3"], ["4"]]);
  await bed.stop();
  bed = await startTriggerBed(storage.serverOptions);
  await bed.put("Music", "5");
  assert.deepEqual(await delivered(1), [["5"]]);
  await bed.stop();
  bed = await startTriggerBed();
  await storage.close();
});
