import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, beforeEach, test } from "node:test";
import { deflateSync, gzipSync } from "node:zlib";
import { nowText, requestId, send, sendRaw, type Sent } from "../../../test/fixtures/protocol-server.ts";
import { ServiceError } from "../../model/errors.ts";
import type { LambdaCall, LambdaOutput } from "../../operations/lambda/lambda-dispatch.ts";
import { answerClientError } from "../aws-json/client-error.ts";
import { withLambda } from "./lambda-listener.ts";

const calls: LambdaCall[] = [];
const bugs: unknown[] = [];
let answer: () => LambdaOutput;

const http = createServer(
  withLambda(
    {
      dispatch(call) {
        calls.push(call);
        return new Promise((resolve) => {
          resolve(answer());
        });
      },
      defaults: { accountId: "000000000000", region: "us-east-1" },
      clock: { now: () => Date.parse(nowText) },
      newRequestId: () => requestId,
      onBug: (error) => bugs.push(error),
    },
    (_request, response) => response.writeHead(418).end(),
  ),
);
http.on("clientError", answerClientError);
await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
const { port } = http.address() as AddressInfo;
after(() => {
  http.close();
  http.closeAllConnections();
});

const empty: LambdaOutput = { EventSourceMappings: [] };

beforeEach(() => {
  calls.length = 0;
  bugs.length = 0;
  answer = () => empty;
});

const mappings = "/2015-03-31/event-source-mappings/";
const signed = {
  "Content-Type": "application/json",
  "X-Amz-Target": undefined,
  Authorization:
    "AWS4-HMAC-SHA256 Credential=123456789012/20261121/eu-west-1/lambda/aws4_request, " +
    "SignedHeaders=host;x-amz-date, Signature=abc",
};

async function ask({ headers, ...sent }: Sent) {
  const received = await send({ port, bugs, http }, { ...sent, headers: { ...signed, ...headers } });
  return {
    ...received,
    json: received.body.length === 0 ? undefined : (JSON.parse(String(received.body)) as unknown),
  };
}

const id = "11111111-2222-3333-4444-555555555555";

const routes: readonly [method: string, path: string, operation: string, request: object][] = [
  ["POST", mappings, "CreateEventSourceMapping", { BatchSize: 1, UUID: "of the body" }],
  ["POST", mappings.slice(0, -1), "CreateEventSourceMapping", { BatchSize: 1, UUID: "of the body" }],
  ["GET", mappings + id, "GetEventSourceMapping", { UUID: id }],
  ["GET", `${mappings + id}/`, "GetEventSourceMapping", { UUID: id }],
  ["GET", `${mappings}a%2Fb%20%C3%A9`, "GetEventSourceMapping", { UUID: "a/b é" }],
  ["PUT", mappings + id, "UpdateEventSourceMapping", { BatchSize: 1, UUID: id }],
  ["DELETE", `${mappings + id}?a=b`, "DeleteEventSourceMapping", { UUID: id }],
  [
    "GET",
    `${mappings}?EventSourceArn=arn%3Aa&FunctionName=f&Marker=m&MaxItems=10`,
    "ListEventSourceMappings",
    { EventSourceArn: "arn:a", FunctionName: "f", Marker: "m", MaxItems: 10 },
  ],
  [
    "GET",
    `${mappings}?Marker=&MaxItems=1e1&other=x`,
    "ListEventSourceMappings",
    { EventSourceArn: null, FunctionName: null, Marker: null, MaxItems: "1e1" },
  ],
  ["GET", "/2017-03-31/tags/arn%3Aa", "ListTags", { Resource: "arn:a" }],
  ["POST", "/2017-03-31/tags/a", "TagResource", { BatchSize: 1, UUID: "of the body", Resource: "a" }],
  [
    "DELETE",
    "/2017-03-31/tags/a?tagKeys=b&tagKeys=c",
    "UntagResource",
    { Resource: "a", TagKeys: ["b", "c"] },
  ],
  ["DELETE", "/2017-03-31/tags/a", "UntagResource", { Resource: "a" }],
  [
    "POST",
    "/2015-03-31/functions/arn%3Aaws%3Alambda/invocations?Qualifier=live",
    "Invoke",
    { FunctionName: "arn:aws:lambda", Qualifier: "live", InvocationType: undefined },
  ],
];

test("methods and paths are operations, and what they hold are members", async () => {
  for (const [method, path, operation, request] of routes) {
    calls.length = 0;
    const body = '{"BatchSize":1,"UUID":"of the body"}';
    assert.notEqual((await ask({ method, path, body })).status, 404, path);
    const [call] = calls;
    assert.deepEqual([call?.operation, call?.request], [operation, request]);
    assert.deepEqual(call?.caller, {
      accountId: "123456789012",
      region: "eu-west-1",
      accessKeyId: "123456789012",
    });
    assert.equal(call.requestId, requestId);
  }
});

test("a function is called with the body as it was sent", async () => {
  answer = () => ({ Payload: '{"a":1}', ExecutedVersion: "$LATEST", FunctionError: "Unhandled" });
  const path = "/2015-03-31/functions/f/invocations";
  const body = Buffer.of(0xff, 0, 0x7b);
  const { status, headers, json } = await ask({ path, body, headers: { "X-Amz-Invocation-Type": "Event" } });
  assert.deepEqual([...(calls[0]?.payload ?? [])], [...body]);
  assert.deepEqual((calls[0]?.request as { InvocationType: unknown }).InvocationType, "Event");
  assert.deepEqual([status, json], [200, { a: 1 }]);
  assert.equal(headers["x-amz-function-error"], "Unhandled");
  assert.equal(headers["x-amz-executed-version"], "$LATEST");
});

test("paths and methods without an operation are told so, and other paths are left to others", async () => {
  const strange: [method: string, path: string][] = [
    ["PATCH", mappings],
    ["PUT", mappings],
    ["DELETE", mappings],
    ["POST", mappings + id],
    ["GET", `${mappings}%`],
    ["GET", `${mappings}%ff`],
    ["GET", "/2015-03-31/"],
    ["GET", "/2015-03-31/functions"],
    ["GET", "/2015-03-31/functions/f/invocations"],
    ["POST", "/2015-03-31/functions//invocations"],
    ["POST", "/2015-03-31/functions/%zz/invocations"],
    ["OPTIONS", mappings],
    ["PUT", "/2017-03-31/tags/a"],
    ["GET", "/2017-03-31/tags/%ff"],
  ];
  for (const [method, path] of strange) {
    const { status, headers, json } = await ask({ method, path });
    assert.deepEqual([status, json], [404, {}], `${method} ${path}`);
    assert.equal(headers["x-amzn-errortype"], "UnknownOperationException");
  }
  const bytes = await sendRaw({ port, bugs, http }, "toString /2015-03-31/ HTTP/1.1\r\nHost: x\r\n\r\n");
  assert.match(bytes, /^HTTP\/1.1 400 /);
  const elsewhere = await fetch(`http://127.0.0.1:${port}/2015-03-3`);
  assert.equal(elsewhere.status, 418);
  assert.deepEqual([calls, bugs], [[], []]);
});

const refusals: readonly [error: ServiceError, status: number, body: object][] = [
  [new ServiceError("ValidationException", "a"), 400, { message: "a" }],
  [
    new ServiceError("InvalidParameterValueException", "a", { Type: "User" }),
    400,
    { Type: "User", message: "a" },
  ],
  [new ServiceError("ResourceNotFoundException", "a", { Type: "User" }), 404, { Type: "User", Message: "a" }],
  [new ServiceError("ResourceConflictException", "a", { Type: "User" }), 409, { Type: "User", message: "a" }],
  [new ServiceError("ResourceInUseException", "a", { Type: "User" }), 400, { Type: "User", Message: "a" }],
  [new ServiceError("RequestTooLargeException", "a"), 413, { message: "a" }],
  [new ServiceError("TooManyRequestsException", "a", { Type: "User" }), 429, { Type: "User", message: "a" }],
  [new ServiceError("ServiceException", "a", { Type: "Service" }), 500, { Type: "Service", Message: "a" }],
];

test("a refusal is told by its status, a header and a body", async () => {
  for (const [error, expectedStatus, body] of refusals) {
    answer = () => {
      throw error;
    };
    const { status, headers, json } = await ask({ method: "GET", path: mappings });
    assert.deepEqual([status, headers["x-amzn-errortype"], json], [expectedStatus, error.name, body]);
    assert.equal(headers["content-type"], "application/json");
  }
  assert.deepEqual(bugs, []);
});

test("a bug is a 500 that says nothing of it", async () => {
  answer = () => {
    throw new TypeError("a secret");
  };
  const { status, json } = await ask({ method: "GET", path: mappings });
  assert.equal(status, 500);
  assert.deepEqual(json, {
    Type: "Service",
    Message: "An error occurred and the request cannot be processed.",
  });
  assert.equal(bugs.length, 1);
});

test("callers are asked who they are, for Lambda and no other service", async () => {
  const refused = async (headers: Sent["headers"]) => {
    const { status, headers: received } = await ask({
      method: "GET",
      path: mappings,
      headers: headers ?? {},
    });
    return [status, received["x-amzn-errortype"]];
  };
  assert.deepEqual(await refused({ Authorization: undefined }), [403, "MissingAuthenticationTokenException"]);
  assert.deepEqual(await refused({ Authorization: "AWS4-HMAC-SHA256 x" }), [
    403,
    "IncompleteSignatureException",
  ]);
  const forTables = signed.Authorization.replace("/lambda/", "/dynamodb/");
  assert.deepEqual(await refused({ Authorization: forTables }), [403, "InvalidSignatureException"]);
  assert.deepEqual(calls, []);
});

test("a page of another origin is refused, one of this server is not", async () => {
  for (const origin of ["http://example.com", "null", "https://127.0.0.1"]) {
    const { status, headers } = await ask({ path: mappings, headers: { Origin: origin } });
    assert.deepEqual([status, headers["x-amzn-errortype"]], [403, "AccessDeniedException"], origin);
  }
  assert.deepEqual(calls, []);
  assert.equal((await ask({ path: mappings, headers: { Origin: `http://127.0.0.1:${port}` } })).status, 202);
});

test("bodies may be compressed, and only so far", async () => {
  const body = '{"BatchSize":1}';
  for (const [encoding, bytes] of [
    ["gzip", gzipSync(body)],
    ["deflate", deflateSync(body)],
    ["identity", Buffer.from(body)],
  ] as const) {
    calls.length = 0;
    await ask({ path: mappings, body: bytes, headers: { "Content-Encoding": encoding } });
    assert.deepEqual(calls[0]?.request, { BatchSize: 1 });
  }
  const bomb = gzipSync(Buffer.alloc(17 * 1024 * 1024, " "));
  const statuses: number[] = [];
  for (const [encoding, bytes] of [
    ["gzip", bomb],
    ["gzip", Buffer.from(body)],
    ["br", Buffer.from(body)],
  ] as const) {
    statuses.push(
      (await ask({ path: mappings, body: bytes, headers: { "Content-Encoding": encoding } })).status,
    );
  }
  assert.deepEqual(statuses, [413, 400, 400]);
});

test("members may have the names of every object's own, and bodies may be deep", async () => {
  await ask({ path: mappings, body: '{"__proto__":{"BatchSize":1},"constructor":1}' });
  const request = calls[0]?.request as object;
  assert.deepEqual(Object.keys(request), ["__proto__", "constructor"]);
  assert.equal(Object.getPrototypeOf(request), Object.prototype);
  const deep = `{"FilterCriteria":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
  assert.equal((await ask({ path: mappings, body: deep })).status, 202);
  assert.equal((await ask({ path: mappings, body: Buffer.of(0x22, 0xff, 0x22) })).status, 400);
});

test("a body larger than 16 MB is refused and the connection ends", async () => {
  const body = Buffer.alloc(16 * 1024 * 1024 + 1, " ");
  const { status, headers } = await ask({ path: mappings, body });
  assert.deepEqual([status, headers.connection], [413, "close"]);
  assert.deepEqual([calls, bugs], [[], []]);
});
