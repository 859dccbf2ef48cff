import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { FunctionUnavailableError, type FunctionTarget } from "../../base/functions.ts";
import { silentLog, type Log } from "../../base/log.ts";
import { openFunctions, type OpenFunctions } from "./open-functions.ts";

const folder = join(import.meta.dirname, "../../../test/fixtures/functions");
const arn = "arn:aws:lambda:eu-west-1:123456789012:function:f";

function module(file: string): FunctionTarget {
  return { kind: "module", path: join(folder, file) };
}

interface Overrides {
  readonly timeLimitMs?: number;
  readonly log?: Log;
  readonly lambdaEndpoint?: string;
}

function open(t: TestContext, target: FunctionTarget | undefined, overrides: Overrides = {}): OpenFunctions {
  const targets = new Map(target === undefined ? [] : [["f", target]]);
  const functions = openFunctions({ targets, timeLimitMs: 5_000, log: silentLog, ...overrides });
  t.after(() => functions.close());
  return functions;
}

async function call(functions: OpenFunctions, event: unknown, requestId = "r-1"): Promise<unknown> {
  const { kind, payload } = await functions.invoke({
    name: "f",
    arn,
    requestId,
    payload: JSON.stringify(event),
  });
  return { [kind]: JSON.parse(payload) as unknown };
}

async function failureOf(functions: OpenFunctions, event: unknown) {
  const answer = (await call(functions, event)) as { failed: { errorType: string; errorMessage: string } };
  assert.ok("failed" in answer, JSON.stringify(answer));
  return [answer.failed.errorType, answer.failed.errorMessage];
}

test("a handler answers by promise, by callback or not at all", async (t) => {
  const functions = open(t, module("styles.mjs"));
  assert.deepEqual(await call(functions, { style: "promise" }), {
    returned: { calls: 1, event: { style: "promise" } },
  });
  assert.deepEqual(await call(functions, { style: "callback" }), { returned: "called back" });
  assert.deepEqual(await call(functions, { style: "done" }), { returned: "done" });
  assert.deepEqual(await call(functions, { style: "nothing" }), { returned: null });
});

test("what a handler throws, rejects with or calls back with is told by type, message and stack", async (t) => {
  const functions = open(t, module("styles.mjs"));
  assert.deepEqual(await failureOf(functions, { style: "rejection" }), ["RangeError", "too far"]);
  assert.deepEqual(await failureOf(functions, { style: "callback error" }), ["TypeError", "wrong"]);
  assert.deepEqual(await failureOf(functions, { style: "throw" }), ["SyntaxError", "thrown"]);
  assert.deepEqual(await failureOf(functions, { style: "throw text" }), ["string", "only text"]);
  assert.deepEqual(
    await failureOf(functions, { style: "cycle" }).then(([type]) => type),
    "Runtime.MarshalError",
  );
  assert.deepEqual(await failureOf(functions, { style: "long" }), [
    "Function.ResponseSizeTooLarge",
    "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
  ]);
  const { failed } = (await call(functions, { style: "throw" })) as { failed: { trace: string[] } };
  assert.equal(failed.trace[0], "SyntaxError: thrown");
  assert.match(failed.trace[1] ?? "", /handler .*styles\.mjs/);
});

test("a promise that nothing can settle any more is a failure", async (t) => {
  const functions = open(t, module("styles.mjs"));
  const [type] = await failureOf(functions, { style: "unsettled" });
  assert.equal(type, "Runtime.ExitError");
});

test("the module is loaded once, and stays for the next call", async (t) => {
  const functions = open(t, module("styles.mjs"));
  assert.deepEqual(await call(functions, { ms: 1 }), { returned: 1 });
  await call(functions, { style: "throw" });
  assert.deepEqual(await call(functions, { ms: 1 }), { returned: 3 });
});

test("calls at once run in threads of their own, of which there are but so many", async (t) => {
  const functions = open(t, module("styles.mjs"));
  const answers = await Promise.all(Array.from({ length: 12 }, () => call(functions, { ms: 100 })));
  const counts = answers.map((answer) => (answer as { returned: number }).returned);
  // Ten are the first of their threads; the two that wait may both come to the one that is free first.
  assert.equal(counts.filter((count) => count === 1).length, 10);
  assert.ok(
    counts.every((count) => count <= 3),
    `counted ${counts.join(", ")}`,
  );
});

test("the context is Lambda's", async (t) => {
  const functions = open(t, module("styles.mjs"));
  assert.deepEqual(await call(functions, { style: "context" }, "r-7"), {
    returned: {
      callbackWaitsForEmptyEventLoop: true,
      functionName: "f",
      functionVersion: "$LATEST",
      invokedFunctionArn: arn,
      memoryLimitInMB: "128",
      awsRequestId: "r-7",
      logGroupName: "/aws/lambda/f",
      logStreamName: "stator",
      isCounting: true,
      variable: "f",
    },
  });
});

test("what a function prints goes to the log, line by line", async (t) => {
  const lines: unknown[] = [];
  const at = (level: string) => (message: string, fields?: object) => lines.push([level, message, fields]);
  const log = { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
  const functions = open(t, module("styles.mjs"), { log });
  await call(functions, { style: "say" });
  for (let turn = 0; lines.length < 3 && turn < 100; turn += 1) await call(functions, { ms: 1 });
  const printed = lines.map((line) => {
    const [level, , { line: text }] = line as [string, string, { line: string }];
    return [level, text];
  });
  assert.deepEqual(printed.sort(), [
    ["info", "and another"],
    ["info", "one line"],
    ["warn", "a complaint"],
  ]);
});

test("a function that takes too long is ended, and the next call finds a new one", async (t) => {
  const functions = open(t, module("styles.mjs"), { timeLimitMs: 300 });
  assert.deepEqual(await failureOf(functions, { style: "hang" }), [
    "Sandbox.Timedout",
    "Task timed out after 0.30 seconds",
  ]);
  assert.deepEqual(await failureOf(functions, { ms: 60_000 }), [
    "Sandbox.Timedout",
    "Task timed out after 0.30 seconds",
  ]);
  assert.deepEqual(await call(functions, { ms: 1 }), { returned: 1 });
});

test("a thread that dies fails its call alone", async (t) => {
  const functions = open(t, module("styles.mjs"));
  assert.deepEqual(await failureOf(functions, { style: "exit" }), [
    "Runtime.ExitError",
    "Runtime exited with error: exit status 3",
  ]);
  assert.deepEqual(await failureOf(functions, { style: "crash" }), ["Error", "later"]);
  assert.deepEqual(await call(functions, { ms: 1 }), { returned: 1 });
});

test("modules are ES modules, CommonJS, or TypeScript where something can load that", async (t) => {
  assert.deepEqual(await call(open(t, module("common.cjs")), 7), {
    returned: { from: "CommonJS", event: 7 },
  });
  assert.deepEqual(await call(open(t, module("typed.ts")), { name: "module" }), { returned: "typed module" });
});

test("a module that cannot be loaded is told", async (t) => {
  const noHandler = open(t, module("no-handler.mjs"));
  assert.deepEqual(await failureOf(noHandler, 1), [
    "Runtime.HandlerNotFound",
    "the module exports no handler",
  ]);
  assert.deepEqual(await failureOf(open(t, module("fails-to-load.mjs")), 1), ["EvalError", "at load"]);
  const missing = open(t, module("missing.mjs"));
  await assert.rejects(call(missing, 1), FunctionUnavailableError);
});

async function listen(
  t: TestContext,
  answer: (request: IncomingMessage, response: ServerResponse, body: string) => void,
) {
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part: Buffer) => (body += part.toString()));
    request.on("end", () => {
      answer(request, response, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("a function behind a URL is called by POST, and its status, header or body tell of failures", async (t) => {
  const url = await listen(t, (request, response, body) => {
    const event = JSON.parse(body) as { status?: number; header?: boolean; body?: string };
    assert.equal(request.method, "POST");
    assert.equal(request.headers["content-type"], "application/json");
    if (event.header === true) response.setHeader("X-Amz-Function-Error", "Unhandled");
    response.writeHead(event.status ?? 200).end(event.body ?? body);
  });
  const functions = open(t, { kind: "url", url });
  assert.deepEqual(await call(functions, { a: 1 }), { returned: { a: 1 } });
  assert.deepEqual(await call(functions, { body: "" }), { returned: null });
  assert.deepEqual(await call(functions, { body: "fine" }), { returned: "fine" });
  assert.deepEqual(await call(functions, { header: true, body: "{}" }), { failed: {} });
  const emulated = { errorType: "Error", errorMessage: "no" };
  assert.deepEqual(await call(functions, { body: JSON.stringify(emulated) }), { failed: emulated });
  assert.deepEqual(await failureOf(functions, { status: 500, body: "oh" }), ["Http500", "oh"]);
  await assert.rejects(call(functions, { status: 503 }), FunctionUnavailableError);
  await assert.rejects(
    call(open(t, { kind: "url", url: "http://127.0.0.1:1" }), 1),
    FunctionUnavailableError,
  );
});

test("functions without a target are those of the Lambda endpoint, if there is one", async (t) => {
  const seen: unknown[] = [];
  const lambdaEndpoint = await listen(t, (request, response, body) => {
    seen.push([
      request.method,
      request.url,
      body,
      request.headers.authorization?.split("/").slice(2).join("/"),
    ]);
    if (body === "404")
      response.setHeader("x-amzn-errortype", "ResourceNotFoundException").writeHead(404).end("{}");
    else if (body === "2")
      response.setHeader("X-Amz-Function-Error", "Unhandled").end('{"errorMessage":"no"}');
    else response.end('{"batchItemFailures":[]}');
  });
  const functions = open(t, undefined, { lambdaEndpoint });
  assert.equal(functions.has("f"), true);
  assert.deepEqual(await call(functions, 1), { returned: { batchItemFailures: [] } });
  assert.deepEqual(await call(functions, 2), { failed: { errorMessage: "no" } });
  await assert.rejects(call(functions, 404), FunctionUnavailableError);
  const [method, path, body, authorization] = seen[0] as string[];
  assert.deepEqual([method, path, body], ["POST", "/2015-03-31/functions/f/invocations", "1"]);
  assert.match(authorization ?? "", /^eu-west-1\/lambda\/aws4_request/);
  const none = open(t, undefined);
  assert.equal(none.has("f"), false);
  await assert.rejects(call(none, 1), FunctionUnavailableError);
});
