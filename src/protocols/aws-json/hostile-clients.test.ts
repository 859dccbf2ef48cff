import assert from "node:assert/strict";
import { connect } from "node:net";
import test from "node:test";
import { gzipSync } from "node:zlib";
import {
  rawRequest,
  send,
  sendRaw,
  signedHeaders,
  startProtocol,
} from "../../../test/fixtures/protocol-server.ts";

const waiting: (() => void)[] = [];
let slow = false;

const server = await startProtocol(async () => {
  if (slow) await new Promise<void>((resolve) => waiting.push(resolve));
  return {};
});

const close = "Connection: close\r\n";
const headers = Object.entries(signedHeaders)
  .map(([name, value]) => `${name}: ${value}\r\n`)
  .join("");

async function serverIsWell(): Promise<void> {
  assert.equal((await send(server)).status, 200);
  assert.deepEqual(server.bugs, []);
}

function statusesOf(answers: string): string[] {
  return [...answers.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status = ""]) => status);
}

const megabyte = Buffer.alloc(1024 * 1024, " ");

test("a body of exactly 16 MB is read, one byte more is refused", async () => {
  const body = Buffer.alloc(16 * 1024 * 1024, " ");
  body.write("{}");
  assert.equal((await send(server, { body })).status, 200);
  const { status, headers: received } = await send(server, { body: Buffer.concat([body, Buffer.from(" ")]) });
  assert.equal(status, 413);
  assert.equal(received.connection, "close");
  await serverIsWell();
});

test("a body without a length is refused for its size, too", async () => {
  const chunk = Buffer.concat([Buffer.from("100000\r\n"), megabyte, Buffer.from("\r\n")]);
  const chunks = Array.from({ length: 20 }, () => chunk);
  const head = `POST / HTTP/1.1\r\nHost: x\r\n${headers}Transfer-Encoding: chunked\r\n\r\n`;
  assert.deepEqual(statusesOf(await sendRaw(server, [head, ...chunks, "0\r\n\r\n"])), ["413"]);
  await serverIsWell();
});

test("a length far beyond the limit is refused at once", async () => {
  const head = `POST / HTTP/1.1\r\nHost: x\r\n${headers}Content-Length: 1000000000000\r\n\r\n`;
  assert.deepEqual(statusesOf(await sendRaw(server, head)), ["413"]);
  await serverIsWell();
});

test("a hundred megabytes are read to their end, and not kept", async () => {
  const head = `POST / HTTP/1.1\r\nHost: x\r\n${headers}Content-Length: ${100 * megabyte.length}\r\n\r\n`;
  const before = process.memoryUsage().arrayBuffers;
  const answers = await sendRaw(server, [head, ...Array.from({ length: 100 }, () => megabyte)]);
  assert.deepEqual(statusesOf(answers), ["413"]);
  assert.ok(process.memoryUsage().arrayBuffers - before < 64 * megabyte.length);
  await serverIsWell();
});

test("a small stream that swells beyond the limit is refused", async () => {
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, " "), { level: 9 });
  assert.ok(bomb.length < 100_000);
  const { status } = await send(server, { headers: { "Content-Encoding": "gzip" }, body: bomb });
  assert.equal(status, 413);
  await serverIsWell();
});

test("JSON nested a hundred thousand deep reaches the call", async () => {
  const body = `{"Key":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
  assert.equal((await send(server, { body })).status, 200);
});

test("headers above 16 KB are refused", async () => {
  const long = `X-Long: ${"x".repeat(20_000)}\r\n`;
  assert.deepEqual(statusesOf(await sendRaw(server, rawRequest("{}", long))), ["400"]);
  assert.deepEqual(statusesOf(await sendRaw(server, `POST /${"x".repeat(20_000)} HTTP/1.1\r\n\r\n`)), [
    "400",
  ]);
  await serverIsWell();
});

test("what is not HTTP is refused", async () => {
  for (const text of [
    "hello\r\n\r\n",
    "\x16\x03\x01\x02\x00",
    "POST / HTTP/9.9\r\n\r\n",
    "POST / HTTP/1.1\r\nHost x\r\n\r\n",
  ]) {
    assert.deepEqual(statusesOf(await sendRaw(server, text)), ["400"], JSON.stringify(text));
  }
  const both = `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}`;
  assert.deepEqual(statusesOf(await sendRaw(server, both)), ["400"]);
  await serverIsWell();
});

test("requests sent ahead of their answers are answered in turn", async () => {
  const health = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  const answers = await sendRaw(
    server,
    rawRequest("{}") + health + rawRequest("{") + rawRequest("{}", close),
  );
  assert.deepEqual(statusesOf(answers), ["200", "200", "400", "200"]);
});

test("nonsense behind a good request does not spoil its answer", async () => {
  const answers = await sendRaw(server, `${rawRequest("{}")}nonsense\r\n\r\n`);
  assert.ok(["200", "400"].includes(statusesOf(answers)[0] ?? ""), answers);
  await serverIsWell();
});

test("who expects to be told to continue is told", async () => {
  const answers = await sendRaw(server, rawRequest("{}", `Expect: 100-continue\r\n${close}`));
  assert.deepEqual(statusesOf(answers), ["100", "200"]);
});

test("a client that goes away in mid-request harms nobody", async () => {
  for (const text of [
    "P",
    "POST / HTTP/1.1\r\nHo",
    rawRequest("{}").slice(0, -1),
    "GET / HTTP/1.1\r\nHost: x\r\n",
  ]) {
    await new Promise<void>((resolve) => {
      const socket = connect(server.port, "127.0.0.1", () => {
        socket.write(text, () => {
          socket.resetAndDestroy();
        });
      });
      socket.on("close", () => {
        resolve();
      });
    });
  }
  await serverIsWell();
});

test("a client that goes away before its answer harms nobody", async () => {
  slow = true;
  const socket = connect(server.port, "127.0.0.1");
  socket.write(rawRequest("{}"));
  while (waiting.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  const closed = new Promise((resolve) => socket.on("close", resolve));
  socket.resetAndDestroy();
  await closed;
  slow = false;
  for (const resolve of waiting.splice(0)) resolve();
  await serverIsWell();
});
