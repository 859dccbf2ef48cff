import { gzipSync } from "node:zlib";
import type { Draw } from "./draw.ts";

/** A request before it becomes bytes. */
export interface WireRequest {
  readonly target: string;
  readonly body: Buffer;
}

/** What is sent, piece by piece, and whether the client hangs up its side afterwards. */
export interface Transmission {
  readonly pieces: Iterable<Buffer>;
  readonly hangsUp: boolean;
}

type Mutation = (request: WireRequest, draw: Draw) => Transmission;

const credential = "000000000000/20261001/us-east-1/dynamodb/aws4_request";

/** The bytes of a well-formed HTTP request. */
export function encodeRequest(
  { target, body }: WireRequest,
  changes: Readonly<Record<string, string>> = {},
): Buffer {
  const headers: Record<string, string> = {
    host: "127.0.0.1",
    "x-amz-target": target,
    "content-type": "application/x-amz-json-1.0",
    "x-amz-date": "20261001T000000Z",
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host;x-amz-date, Signature=00`,
    "content-length": String(body.length),
    ...changes,
  };
  const lines = Object.entries(headers)
    .filter(([, value]) => value !== absent)
    .map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`POST / HTTP/1.1\r\n${lines.join("")}\r\n`, "latin1"), body]);
}

const absent = "\u0000absent";

/** Breaks the request below JSON: its bytes, its headers, its framing or the connection. */
export function mutateBytes(request: WireRequest, draw: Draw): Transmission {
  if (draw.chance(0.004)) return flood(request, draw);
  return draw.pick(mutations)(request, draw);
}

const mutations: readonly [Mutation, ...Mutation[]] = [
  /** Bytes that are no UTF-8, or no JSON any more. */
  ({ target, body }, draw) => {
    const changed = Buffer.from(body);
    for (let count = draw.below(8); count >= 0; count--)
      changed[draw.below(changed.length)] = draw.below(256);
    return whole(encodeRequest({ target, body: changed }));
  },
  ({ target, body }, draw) =>
    whole(encodeRequest({ target, body: Buffer.concat([body, draw.pick(badUtf8), body]) })),
  ({ target, body }, draw) =>
    whole(encodeRequest({ target, body: body.subarray(0, draw.below(body.length)) })),
  /** Lengths that lie, in both directions or in kind. */
  (request, draw) => cut(encodeRequest(request, { "content-length": draw.pick(lengths) }), draw),
  /** Half requests. */
  (request, draw) => {
    const bytes = encodeRequest(request);
    return { pieces: [bytes.subarray(0, draw.below(bytes.length))], hangsUp: draw.chance(0.7) };
  },
  /** A request in many small pieces. */
  (request, draw) => {
    const bytes = encodeRequest(request);
    const size = 1 + draw.below(200);
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
      bytes.subarray(index * size, (index + 1) * size),
    );
    return { pieces: pieces.length > 500 ? [bytes] : pieces, hangsUp: false };
  },
  /** Several at once, perhaps with garbage behind them. */
  (request, draw) => {
    const one = encodeRequest(request);
    const garbage = draw.chance(0.3) ? [Buffer.from("GARBAGE\r\n\r\n")] : [];
    return whole(Buffer.concat([...Array.from({ length: 1 + draw.below(20) }, () => one), ...garbage]));
  },
  (request, draw) => whole(encodeRequest({ ...request, target: draw.pick(targets) })),
  (request, draw) => whole(encodeRequest(request, { [draw.pick(headerNames)]: draw.pick(headerValues) })),
  (request, draw) =>
    whole(encodeRequest(request, { "x-large": "h".repeat(draw.pick([8000, 16_000, 70_000])) })),
  (request, draw) => whole(encodeRequest(request, manyHeaders(draw.pick([50, 1000, 5000])))),
  /** Bodies in chunks, well or badly framed. */
  (request, draw) => whole(encodeChunked(request, draw)),
  /** Compressed bodies: sound, cut short, not what they say, or swelling to far more than the limit. */
  ({ target, body }, draw) => {
    const packed = draw.pick([gzipSync(body), gzipSync(body).subarray(0, 15), body, bomb()]);
    const encoding = draw.pick(["gzip", "deflate", "br", "gzip, gzip", "identity", ""]);
    return whole(encodeRequest({ target, body: packed }, { "content-encoding": encoding }));
  },
  (request, draw) => {
    const bytes = encodeRequest(request).toString("latin1");
    return whole(Buffer.from(bytes.replace("POST / HTTP/1.1", draw.pick(requestLines)), "latin1"));
  },
  /** No HTTP at all. */
  (_, draw) => whole(Buffer.from(Array.from({ length: 1 + draw.below(3000) }, () => draw.below(256)))),
];

function whole(bytes: Buffer): Transmission {
  return { pieces: [bytes], hangsUp: false };
}

function cut(bytes: Buffer, draw: Draw): Transmission {
  return { pieces: [bytes], hangsUp: draw.chance(0.5) };
}

/** A body of 100 MB: announced, or in one endless chunk. */
function flood({ target }: WireRequest, draw: Draw): Transmission {
  const megabytes = 100;
  const piece = Buffer.alloc(1024 * 1024, draw.pick([" ", "[", "a"]));
  const size = megabytes * piece.length;
  const announced = { "content-length": String(size) };
  const chunked = { "content-length": absent, "transfer-encoding": "chunked" };
  const isChunked = draw.chance(0.5);
  const head = encodeRequest({ target, body: Buffer.alloc(0) }, isChunked ? chunked : announced);
  return { pieces: floodPieces(head, { piece, megabytes, isChunked }), hangsUp: false };
}

function* floodPieces(
  head: Buffer,
  { piece, megabytes, isChunked }: { piece: Buffer; megabytes: number; isChunked: boolean },
): Generator<Buffer> {
  yield isChunked
    ? Buffer.concat([head, Buffer.from(`${(megabytes * piece.length).toString(16)}\r\n`)])
    : head;
  for (let count = 0; count < megabytes; count++) yield piece;
  if (isChunked) yield Buffer.from("\r\n0\r\n\r\n");
}

function encodeChunked({ target, body }: WireRequest, draw: Draw): Buffer {
  const head = encodeRequest(
    { target, body: Buffer.alloc(0) },
    {
      "content-length": draw.chance(0.8) ? absent : "5",
      "transfer-encoding": draw.pick(["chunked", "chunked, chunked", "gzip, chunked", "identity"]),
    },
  );
  const size = draw.pick([body.length.toString(16), "zz", "-1", "ffffffffffffffff", "0"]);
  return Buffer.concat([head, Buffer.from(`${size}\r\n`), body, Buffer.from("\r\n0\r\n\r\n")]);
}

function manyHeaders(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-${index}`, "v"]));
}

let packedBomb: Buffer | undefined;

function bomb(): Buffer {
  packedBomb ??= gzipSync(Buffer.alloc(64 * 1024 * 1024, "a"));
  return packedBomb;
}

const badUtf8 = [
  Buffer.from([0xff, 0xfe]),
  Buffer.from([0xc0, 0xaf]),
  Buffer.from([0xed, 0xa0, 0x80]),
  Buffer.from([0xf4, 0x90, 0x80, 0x80]),
  Buffer.from([0xe2, 0x82]),
] as const;
const lengths = [
  "0",
  "1",
  "10",
  "99999",
  "16777217",
  "-1",
  "1e3",
  "0x10",
  "99999999999999999999",
  "5, 5",
  "",
] as const;
const targets = [
  "",
  "DynamoDB_20120810.",
  "DynamoDB_20120810.getitem",
  "DynamoDB_20120810.constructor",
  "DynamoDB_20120810.__proto__",
  "DynamoDB_20111205.GetItem",
  "DynamoDBStreams_20120810.GetItem",
  "DynamoDBStreams_20120810.ListStreams",
  "GetItem",
  "a.b.c",
  "\u00ff",
  "x".repeat(9000),
  absent,
] as const;
const headerNames = [
  "authorization",
  "x-amz-date",
  "content-type",
  "host",
  "connection",
  "expect",
  "upgrade",
  "accept-encoding",
  "origin",
  "x-amz-target",
  "content-length",
] as const;
const headerValues = [
  absent,
  "",
  " ",
  "gzip;q=1, deflate;q=0",
  "100-continue",
  "websocket",
  "close",
  "AWS4-HMAC-SHA256",
  "AWS4-HMAC-SHA256 Credential=",
  "AWS4-HMAC-SHA256 Credential=a/b/c/d/e/f, SignedHeaders=, Signature=",
  "AWS4-HMAC-SHA256 Credential=////, SignedHeaders=a, Signature=b",
  "Basic dXNlcjpwYXNz",
  "application/json; charset=utf-16",
  "application/x-amz-cbor-1.1",
  "*",
  "\u00e9",
  "v".repeat(5000),
] as const;
const requestLines = [
  "GET / HTTP/1.1",
  "GET /ping HTTP/1.1",
  "PUT / HTTP/1.1",
  "OPTIONS * HTTP/1.1",
  "CONNECT example.com:80 HTTP/1.1",
  "POST /%00 HTTP/1.1",
  "POST //../../etc/passwd HTTP/1.1",
  "POST http://elsewhere/ HTTP/1.1",
  `POST /?${"a=b&".repeat(5000)} HTTP/1.1`,
  "POST /?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=% HTTP/1.1",
  "POST / HTTP/1.0",
  "POST / HTTP/2.0",
  "PRI * HTTP/2.0",
  "post / http/1.1",
] as const;
