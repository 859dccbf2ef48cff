import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { createDraw, type Draw } from "../../fuzz/draw.ts";
import { Client } from "../../oracle/client.ts";
import type { AnyEndpoint } from "../../server-process.ts";
import { anyOf } from "../../servers-on.ts";

/** One of two servers with the same tables, and the clients that ask it. */
export interface Side {
  readonly client: DynamoDBClient;
  readonly streams: DynamoDBStreamsClient;
  readonly plain: Client;
}

/** What a race is run on. */
export interface Bed {
  readonly sides: readonly [Side, Side];
  /** Asks either side, anew for every request. */
  readonly any: Omit<Side, "plain">;
  readonly draw: Draw;
  readonly random: () => number;
  newTableName(): string;
}

export interface OpenBed extends Bed {
  close(): void;
}

/** `endpoints`: of two servers, or of one that is asked as if it were two. */
export function openBed(endpoints: readonly string[], random: () => number): OpenBed {
  const [first = "", second = first] = endpoints;
  const sides = [openSide(first), openSide(second)] as const;
  const any = sdkClients(anyOf(endpoints, random));
  let tables = 0;
  return {
    ...{ sides, any, random, draw: createDraw(random) },
    newTableName: () => `race-${tables++}`,
    close() {
      for (const { client, streams } of [any, ...sides]) {
        client.destroy();
        streams.destroy();
      }
      for (const { plain } of sides) plain.close();
    },
  };
}

/** The two sides, either of them as the first. */
export function drawSides({ sides, draw }: Bed): readonly [Side, Side] {
  const [one, other] = sides;
  return draw.chance(0.5) ? [one, other] : [other, one];
}

/** The name and text of the refusal that came instead of an answer; undefined when there was an answer. */
export async function refusalOf(sent: Promise<unknown>): Promise<string | undefined> {
  try {
    await sent;
    return undefined;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return `${error.name}: ${error.message}`;
  }
}

export function isRefusal(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const { $metadata: metadata } = error as { $metadata?: { httpStatusCode?: number } };
  return metadata?.httpStatusCode === 400;
}

function openSide(endpoint: string): Side {
  const url = new URL(endpoint);
  return { ...sdkClients(() => Promise.resolve({ url })), plain: new Client(endpoint) };
}

function sdkClients(endpoint: AnyEndpoint): Omit<Side, "plain"> {
  const options = {
    endpoint,
    region: "us-east-1",
    // The account of the plain client.
    credentials: { accessKeyId: "000000000000", secretAccessKey: "races" },
    maxAttempts: 1,
  };
  return { client: new DynamoDBClient(options), streams: new DynamoDBStreamsClient(options) };
}
