/** A table with a stream, a function that the test itself is, and mappings between them. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { DeleteItemCommand, PutItemCommand, type AttributeValue } from "@aws-sdk/client-dynamodb";
import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
} from "@aws-sdk/client-lambda";
import type { ServerOptions } from "../../src/server/start-server.ts";
import { createStream, startLambdaServer } from "./lambda-server.ts";

export interface StreamEvent {
  readonly Records: readonly EventRecord[];
  readonly [member: string]: unknown;
}

export interface EventRecord {
  readonly eventName: string;
  readonly dynamodb: {
    readonly Keys: { readonly id: { readonly S: string } };
    readonly NewImage?: Readonly<Record<string, AttributeValue>>;
    readonly SequenceNumber: string;
  };
  readonly [member: string]: unknown;
}

/** What the function does with an event; what it throws is a failure. */
export type TestFunction = (event: StreamEvent) => unknown;

/** Somebody who listens on this machine: answers each POST by what `answer` makes of its body. */
export async function listen(answer: (body: string, path: string) => Promise<string> | string) {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      Promise.resolve(Buffer.concat(parts).toString())
        .then((body) => answer(body, request.url ?? ""))
        .then(
          (text) => response.end(text),
          (error: unknown) => {
            response.setHeader("x-amz-function-error", "Unhandled");
            response.end(JSON.stringify({ errorType: "Error", errorMessage: String(error) }));
          },
        );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Starts a server whose function `test` is `call`, which can be replaced, and a table `Music` with a stream. */
export async function startTriggerBed(options: ServerOptions = {}) {
  const bed = { call: ((): unknown => undefined) as TestFunction, events: [] as StreamEvent[] };
  const endpoint = await listen(async (body) => {
    const event = JSON.parse(body) as StreamEvent;
    bed.events.push(event);
    return JSON.stringify((await bed.call(event)) ?? null);
  });
  const server = await startLambdaServer({
    functions: { test: endpoint.url },
    failureFolder: tmpdir(),
    ...options,
  });
  const { client, lambda } = server;

  async function map(creation: Partial<CreateEventSourceMappingCommandInput>): Promise<string> {
    const defaults = { FunctionName: "test", StartingPosition: "TRIM_HORIZON" } as const;
    const { UUID } = await lambda.send(new CreateEventSourceMappingCommand({ ...defaults, ...creation }));
    assert.ok(UUID);
    return UUID;
  }

  return Object.assign(bed, server, {
    map,
    async put(tableName: string, ...items: readonly (string | Record<string, AttributeValue>)[]) {
      for (const item of items) {
        const Item = typeof item === "string" ? { id: { S: item } } : item;
        await client.send(new PutItemCommand({ TableName: tableName, Item }));
      }
    },
    async remove(tableName: string, id: string) {
      await client.send(new DeleteItemCommand({ TableName: tableName, Key: { id: { S: id } } }));
    },
    table: (name: string) => createStream(client, name),
    async stop() {
      await server.close();
      endpoint.close();
    },
  });
}

export function idsOf(events: readonly StreamEvent[]): string[][] {
  return events.map(({ Records }) => Records.map(({ dynamodb }) => dynamodb.Keys.id.S));
}

export async function until(
  condition: () => boolean | Promise<boolean>,
  what: () => unknown = () => "",
): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (await condition()) return;
    await delay(20);
  }
  assert.fail(`it did not come to pass: ${JSON.stringify(what())}`);
}
