import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createRandom } from "../../bench/load/random.ts";
import { createStream, startLambdaServer } from "../conformance/lambda-server.ts";
import { createDraw, type Draw } from "./draw.ts";
import { mutateNode, nodeOf, printNode } from "./mutate-json.ts";

const server = await startLambdaServer();
after(() => server.close());
const stream = await createStream(server.client, "Fuzzed");
/** `FUZZ_SEED=…` repeats a run. */
const seed = Number(process.env["FUZZ_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const rounds = 400;
const mappings = "/2015-03-31/event-source-mappings/";

const headers = {
  "content-type": "application/json",
  "x-amz-date": "20261121T120000Z",
  authorization:
    "AWS4-HMAC-SHA256 Credential=test/20261121/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=0",
};

const settings = {
  FunctionName: "welcome",
  Enabled: true,
  BatchSize: 10,
  FilterCriteria: { Filters: [{ Pattern: '{"dynamodb":{"NewImage":{"a":{"N":[{"numeric":[">",0]}]}}}}' }] },
  MaximumBatchingWindowInSeconds: 1,
  ParallelizationFactor: 2,
  DestinationConfig: { OnFailure: { Destination: "arn:aws:sqs:us-east-1:000000000000:failed" } },
  MaximumRecordAgeInSeconds: 60,
  BisectBatchOnFunctionError: true,
  MaximumRetryAttempts: 3,
  TumblingWindowInSeconds: 30,
  FunctionResponseTypes: ["ReportBatchItemFailures"],
};
const creation = { EventSourceArn: stream, StartingPosition: "TRIM_HORIZON", ...settings };

async function send(method: string, path: string, body?: string): Promise<{ status: number; text: string }> {
  const response = await fetch(server.endpoint + path, {
    method,
    headers,
    ...(body !== undefined && { body }),
  });
  return { status: response.status, text: await response.text() };
}

function mutated(request: object, draw: Draw): string {
  let node = nodeOf(request);
  for (let count = 1 + draw.below(3); count > 0; count -= 1) node = mutateNode(node, draw);
  return printNode(node);
}

/** Ids and functions as requests might spell them. */
const names = [
  "",
  "%",
  "%00",
  "%2F",
  "..",
  "__proto__",
  "a%20b",
  "%F0%9F%8E%B5",
  "x".repeat(3_000),
  "$LATEST",
  "a:b:c",
];

type Asked = readonly [method: string, path: string, body?: string];

async function requestOf(draw: Draw): Promise<Asked> {
  const name = names[draw.below(names.length)] ?? "";
  switch (draw.below(5)) {
    case 0:
      return ["POST", mappings, mutated(creation, draw)];
    case 1:
      return ["PUT", mappings + (await anyMapping()), mutated(settings, draw)];
    case 2:
      return [
        "GET",
        `${mappings}?MaxItems=${name}&Marker=${name}&FunctionName=${name}&EventSourceArn=${name}`,
      ];
    case 3:
      return ["POST", `/2017-03-31/tags/${name}`, mutated({ Tags: { a: "b" } }, draw)];
    default:
      return ["POST", `/2015-03-31/functions/${name}/invocations?Qualifier=${name}`, mutated(settings, draw)];
  }
}

async function anyMapping(): Promise<string> {
  const { text } = await send("GET", `${mappings}?MaxItems=1`);
  return (
    (JSON.parse(text) as { EventSourceMappings: { UUID: string }[] }).EventSourceMappings[0]?.UUID ?? "x"
  );
}

test(`whatever is made of requests, the answer never blames the server (seed ${seed})`, async () => {
  const statuses = new Map<number, number>();
  for (let round = 0; round < rounds; round += 1) {
    const asked = await requestOf(createDraw(createRandom(seed + round)));
    const { status, text } = await send(...asked);
    const isWell = [200, 202, 400, 404, 409].includes(status);
    assert.ok(isWell, `round ${round}: ${asked.join(" ")} got ${status} ${text}`);
    if (text !== "") JSON.parse(text);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  for (const status of [202, 400, 404, 409]) assert.ok(statuses.has(status), `no request got ${status}`);
});
