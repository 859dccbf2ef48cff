import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { InvokeCommand, type InvokeCommandInput } from "@aws-sdk/client-lambda";
import { startLambdaServer } from "./lambda-server.ts";
import { refusalOf } from "./refusals.ts";

const folder = await mkdtemp(join(tmpdir(), "stator-invoke-"));
const path = join(folder, "echo.mjs");
await writeFile(
  path,
  `export async function handler(event, context) {
    if (event.fails) throw new RangeError("too far");
    return { event, arn: context.invokedFunctionArn, requestId: context.awsRequestId };
  }`,
);
const far = createServer((request, response) => {
  request.resume();
  request.on("end", () => response.end('{"far":true}'));
});
await new Promise<void>((resolve) => far.listen(0, "127.0.0.1", resolve));
const server = await startLambdaServer({
  functions: {
    echo: path,
    far: `http://127.0.0.1:${(far.address() as AddressInfo).port}/call`,
    nowhere: "http://127.0.0.1:9/",
  },
});
after(async () => {
  await server.close();
  far.close();
  far.closeAllConnections();
  await rm(folder, { recursive: true });
});

const arn = "arn:aws:lambda:us-east-1:000000000000:function:echo";

async function invoke(input: Partial<InvokeCommandInput>) {
  const {
    $metadata: metadata,
    Payload,
    ...rest
  } = await server.lambda.send(new InvokeCommand({ FunctionName: "echo", ...input }));
  const text = Buffer.from(Payload ?? []).toString();
  const payload = text === "" ? undefined : (JSON.parse(text) as unknown);
  return { ...rest, payload, requestId: metadata.requestId };
}

test("a local function is called with the event, and told by what name and request", async () => {
  for (const [input, event, calledBy] of [
    [{ Payload: '{"a":[1,"é"]}' }, { a: [1, "é"] }, arn],
    [{ FunctionName: arn, InvocationType: "RequestResponse" }, {}, arn],
    [{ Payload: '"text"', Qualifier: "live" }, "text", `${arn}:live`],
  ] as const) {
    const { requestId, ...answer } = await invoke(input);
    assert.deepEqual(answer, {
      StatusCode: 200,
      ExecutedVersion: "$LATEST",
      payload: { event, arn: calledBy, requestId },
    });
  }
});

test("a function that throws is answered as such", async () => {
  const { FunctionError, StatusCode, payload } = await invoke({ Payload: '{"fails":true}' });
  const { errorType, errorMessage } = payload as { errorType: string; errorMessage: string };
  assert.deepEqual(
    [StatusCode, FunctionError, errorType, errorMessage],
    [200, "Unhandled", "RangeError", "too far"],
  );
});

test("a function at a URL answers what is answered there", async () => {
  assert.deepEqual((await invoke({ FunctionName: "far" })).payload, { far: true });
});

test("a dry run calls nothing", async () => {
  const { StatusCode, payload } = await invoke({ InvocationType: "DryRun", Payload: '{"fails":true}' });
  assert.deepEqual([StatusCode, payload], [204, undefined]);
});

test("what cannot be called is refused", async () => {
  const refusals = [
    [
      { FunctionName: "nobody" },
      "ResourceNotFoundException",
      "Function not found: arn:aws:lambda:us-east-1:000000000000:function:nobody",
    ],
    [{ Payload: "{" }, "InvalidRequestContentException", "Could not parse request body into json"],
    [
      { Payload: Buffer.of(0x22, 0xff, 0x22) },
      "InvalidRequestContentException",
      "Could not parse request body into json",
    ],
    [
      { Payload: Buffer.alloc(6_291_457, " ") },
      "RequestTooLargeException",
      "6291457 byte payload is too large for the RequestResponse invocation type (limit 6291456 bytes)",
    ],
    [
      { InvocationType: "Event" },
      "InvalidParameterValueException",
      "The invocation type Event is not supported.",
    ],
    [
      { FunctionName: "nowhere" },
      "ServiceException",
      "An error occurred and the request cannot be processed.",
    ],
  ] as const;
  for (const [input, name, message] of refusals) {
    assert.deepEqual(await refusalOf(invoke(input)), { name, message });
  }
});
