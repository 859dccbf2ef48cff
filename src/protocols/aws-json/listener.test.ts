import assert from "node:assert/strict";
import test from "node:test";
import { deflateRawSync, deflateSync, gunzipSync, gzipSync, inflateSync } from "node:zlib";
import { nowText, requestId, send, startProtocol } from "../../../test/fixtures/protocol-server.ts";
import { EncodedItem } from "../../model/encoded-item.ts";
import { ServiceError } from "../../model/errors.ts";
import type { Call } from "../../operations/call.ts";

const calls: Call[] = [];
const stored = new EncodedItem(Buffer.from('{"a":{"S":"h\u00e9"}}'));
let answer: () => object = () => ({});

const server = await startProtocol((call) => {
  calls.push(call);
  return new Promise((resolve) => {
    resolve(answer());
  });
});

function answering(output: object | Error): void {
  answer = () => {
    if (output instanceof Error) throw output;
    return output;
  };
}

async function json(sent: Parameters<typeof send>[1]): Promise<[status: number, body: unknown]> {
  const { status, body } = await send(server, sent);
  return [status, JSON.parse(body.toString())];
}

test("a call gets the request, the caller and the operation; its output is the answer", async () => {
  answering({ Item: stored, ConsumedCapacity: undefined });
  calls.length = 0;
  const { status, headers, body } = await send(server, {
    body: '{"TableName":"t","Key":{"a":{"S":"\u00e9"}}}',
  });
  assert.deepEqual(calls, [
    {
      operation: "GetItem",
      request: { TableName: "t", Key: { a: { S: "\u00e9" } } },
      caller: { accountId: "123456789012", region: "us-east-1", accessKeyId: "123456789012" },
      requestId,
    },
  ]);
  assert.equal(status, 200);
  assert.equal(body.toString(), '{"Item":{"a":{"S":"h\u00e9"}}}');
  assert.deepEqual(headers, {
    server: "Server",
    date: nowText,
    "x-amzn-requestid": requestId,
    "x-amz-crc32": "1395808036",
    "content-length": "26",
    "content-type": "application/x-amz-json-1.0",
    connection: "keep-alive",
    "keep-alive": "timeout=5",
  });
});

test("the answer's content type is the request's", async () => {
  answering({});
  const types: readonly [sent: string, received: string][] = [
    ["application/x-amz-json-1.0", "application/x-amz-json-1.0"],
    ["application/x-amz-json-1.0; charset=utf-8", "application/x-amz-json-1.0"],
    ["application/json", "application/json"],
    ["Application/JSON;charset=UTF-8", "application/json"],
  ];
  for (const [sent, received] of types) {
    const { status, headers } = await send(server, { headers: { "Content-Type": sent } });
    assert.deepEqual([status, headers["content-type"]], [200, received]);
  }
});

test("another content type is no operation of the protocol", async () => {
  for (const type of ["text/plain", "application/x-amz-json-1.1", "application/cbor", undefined]) {
    const { status, headers, body } = await send(server, { headers: { "Content-Type": type } });
    assert.equal(status, 404);
    assert.equal(body.toString(), "<UnknownOperationException/>\n");
    assert.equal(headers["x-amz-crc32"], "3552371480");
  }
});

const serialization = { __type: "com.amazon.coral.service#SerializationException" };
const unknownOperation = { __type: "com.amazon.coral.service#UnknownOperationException" };
const noToken = {
  __type: "com.amazon.coral.service#MissingAuthenticationTokenException",
  message: "Request is missing Authentication Token",
};
const noTarget = { "X-Amz-Target": undefined, Authorization: undefined };

test("bodies are read before targets, and targets before signatures", async () => {
  assert.deepEqual(await json({ body: "{", headers: noTarget }), [400, serialization]);
  assert.deepEqual(await json({ headers: noTarget }), [400, unknownOperation]);
  assert.deepEqual(await json({ body: "", headers: noTarget }), [400, unknownOperation]);
  assert.deepEqual(await json({ headers: { Authorization: undefined } }), [400, noToken]);
  assert.deepEqual(await json({ body: "", headers: { Authorization: undefined } }), [400, serialization]);
});

test("targets of other services and operations are unknown", async () => {
  for (const target of [
    "GetItem",
    "DynamoDB_20120810",
    "DynamoDB_20120810.getItem",
    "DynamoDB_20120810.__proto__",
    "x",
  ]) {
    assert.deepEqual(await json({ headers: { "X-Amz-Target": target } }), [400, unknownOperation]);
  }
});

test("what is no JSON in UTF-8 is refused without a text", async () => {
  for (const body of ["{", "hello", "{} {}", "\ufeff{}", Buffer.from([0x22, 0xff, 0x22]), Buffer.alloc(3)]) {
    assert.deepEqual(await json({ body }), [400, serialization]);
  }
});

test("a signature may stand in the query", async () => {
  answering({});
  const query =
    "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=key%2F20261121%2Flocal%2Fdynamodb%2Faws4_request" +
    "&X-Amz-Date=20261121T120000Z&X-Amz-SignedHeaders=host&X-Amz-Signature=abc";
  const { status } = await send(server, { path: `/?${query}`, headers: { Authorization: undefined } });
  assert.equal(status, 200);
  assert.deepEqual(calls.at(-1)?.caller, { accountId: "000000000000", region: "local", accessKeyId: "key" });
});

const model = "com.amazonaws.dynamodb.v20120810";
const refusals: readonly [error: ServiceError, status: number, body: object][] = [
  [
    new ServiceError("ValidationException", "no"),
    400,
    { __type: "com.amazon.coral.validate#ValidationException", message: "no" },
  ],
  [
    new ServiceError("ResourceNotFoundException", "no"),
    400,
    { __type: `${model}#ResourceNotFoundException`, message: "no" },
  ],
  [
    new ServiceError("SerializationException", "no"),
    400,
    { __type: "com.amazon.coral.service#SerializationException", Message: "no" },
  ],
  [
    new ServiceError("AccessDeniedException", "no"),
    400,
    { __type: "com.amazon.coral.service#AccessDeniedException", Message: "no" },
  ],
  [
    new ServiceError("ConditionalCheckFailedException", "no", { Item: stored }),
    400,
    { __type: `${model}#ConditionalCheckFailedException`, Item: { a: { S: "h\u00e9" } }, message: "no" },
  ],
  [
    new ServiceError("TransactionCanceledException", "no", {
      CancellationReasons: [{ Code: "None" }, { Code: "ConditionalCheckFailed", Item: stored }],
    }),
    400,
    {
      __type: `${model}#TransactionCanceledException`,
      CancellationReasons: [
        { Code: "None" },
        { Code: "ConditionalCheckFailed", Item: { a: { S: "h\u00e9" } } },
      ],
      Message: "no",
    },
  ],
  [
    new ServiceError("InternalServerError", "no"),
    500,
    { __type: `${model}#InternalServerError`, message: "no" },
  ],
  [
    new ServiceError("ServiceUnavailable", "no"),
    503,
    { __type: "com.amazon.coral.service#ServiceUnavailable", message: "no" },
  ],
];

for (const [error, status, body] of refusals) {
  test(`a ${error.name} is answered with ${status}`, async () => {
    answering(error);
    assert.deepEqual(await json({}), [status, body]);
    assert.deepEqual(server.bugs, []);
  });
}

test("anything else that is thrown is a bug: reported, and answered with 500", async () => {
  const bug = new TypeError("secret");
  answering(bug);
  const [status, body] = await json({});
  assert.equal(status, 500);
  assert.ok(!JSON.stringify(body).includes("secret"));
  assert.deepEqual(server.bugs.splice(0), [bug]);
});

test("tagging is answered with no body, everything else with an object", async () => {
  answering({});
  const tagged = await send(server, { headers: { "X-Amz-Target": "DynamoDB_20120810.TagResource" } });
  assert.deepEqual([tagged.status, tagged.body.length, tagged.headers["x-amz-crc32"]], [200, 0, "0"]);
  assert.equal((await send(server)).body.toString(), "{}");
});

test("large answers are compressed for those who ask for it", async () => {
  answering({ Text: "x".repeat(5000) });
  const accepted: readonly [header: string | undefined, encoding: string | undefined][] = [
    [undefined, undefined],
    ["identity", undefined],
    ["gzip", "gzip"],
    ["deflate", "deflate"],
    ["gzip, deflate", "gzip"],
    ["gzip;q=0.5, deflate;q=0.8", "deflate"],
    ["GZIP;q=0, deflate;q=0", undefined],
    ["br, gzip;q=nonsense", undefined],
  ];
  for (const [header, encoding] of accepted) {
    const { headers, body } = await send(server, { headers: { "Accept-Encoding": header } });
    assert.equal(headers["content-encoding"], encoding, header);
    const plain = encoding === "gzip" ? gunzipSync(body) : encoding === "deflate" ? inflateSync(body) : body;
    assert.equal(plain.length, 5011);
  }
  answering({ Text: "x".repeat(4000) });
  const small = await send(server, { headers: { "Accept-Encoding": "gzip" } });
  assert.equal(small.headers["content-encoding"], undefined);
});

test("requests may be compressed", async () => {
  answering({});
  const body = Buffer.from('{"TableName":"compressed"}');
  const bodies: readonly [encoding: string, body: Buffer][] = [
    ["gzip", gzipSync(body)],
    ["gzip", Buffer.concat([gzipSync(body.subarray(0, 5)), gzipSync(body.subarray(5))])],
    ["deflate", deflateSync(body)],
    ["deflate", deflateRawSync(body)],
    ["identity", body],
  ];
  for (const [encoding, compressed] of bodies) {
    const { status } = await send(server, { headers: { "Content-Encoding": encoding }, body: compressed });
    assert.equal(status, 200);
    assert.deepEqual(calls.at(-1)?.request, { TableName: "compressed" });
  }
});

// Amazon answers 500 here; a 500 of ours means a fault of ours, and SDKs would repeat the request.
test("streams that cannot be unpacked are refused like bodies that cannot be read", async () => {
  const bodies: readonly [encoding: string, body: Buffer][] = [
    ["gzip", Buffer.from("{}")],
    ["gzip", gzipSync("{}").subarray(0, 12)],
    ["gzip", Buffer.alloc(0)],
    ["deflate", Buffer.from("nonsense")],
    ["br", Buffer.from("{}")],
    ["gzip, gzip", gzipSync(gzipSync("{}"))],
  ];
  for (const [encoding, body] of bodies) {
    assert.deepEqual(await json({ headers: { "Content-Encoding": encoding }, body }), [400, serialization]);
  }
});

test("browsers may call from anywhere", async () => {
  answering({});
  const plain = await send(server, { headers: { Origin: "https://example.com" } });
  assert.equal(plain.headers["access-control-allow-origin"], "*");
  const { status, headers, body } = await send(server, {
    method: "OPTIONS",
    headers: {
      Origin: "https://example.com",
      "Access-Control-Request-Method": "POST",
      "Access-Control-Request-Headers": "x-amz-target,authorization",
    },
    body: "",
  });
  assert.equal(status, 200);
  assert.equal(body.length, 0);
  assert.equal(headers["access-control-allow-origin"], "*");
  assert.equal(headers["access-control-allow-methods"], "POST");
  assert.equal(headers["access-control-allow-headers"], "x-amz-target,authorization");
  assert.equal(headers["access-control-max-age"], "172800");
});

test("GET says that the server is well", async () => {
  for (const path of ["/", "/ping"]) {
    const { status, headers, body } = await send(server, { method: "GET", path });
    assert.equal(status, 200);
    assert.equal(body.toString(), "healthy: dynamodb.us-east-1.amazonaws.com ");
    assert.equal(headers["x-amz-crc32"], "3128867991");
  }
  const head = await send(server, { method: "HEAD" });
  assert.deepEqual([head.status, head.body.length, head.headers["content-length"]], [200, 0, "42"]);
});

test("other methods find no page", async () => {
  for (const method of ["PUT", "DELETE", "OPTIONS", "PATCH"]) {
    assert.equal((await send(server, { method })).status, 404);
  }
  assert.equal((await send(server, { method: "GET", path: "/other" })).status, 404);
});
