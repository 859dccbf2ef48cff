/**
 * A server in memory for tests, and an SDK client that talks to it. With STATOR_TEST_ENGINE=postgres each server has a
 * database of its own. With STATOR_TEST_ENDPOINT the suite runs against that endpoint instead, and with
 * STATOR_TEST_ENDPOINT=aws against Amazon, with the credentials the SDK finds.
 */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { startServer, type RunningServer, type ServerOptions } from "../../src/server/start-server.ts";
import { openTestDatabase, testDialect } from "../postgres/test-database.ts";
import { openStorage, type Storage } from "../storage.ts";

export interface TestServer {
  readonly client: DynamoDBClient;
  readonly endpoint: string;
  /** Moves the time of a server that was started with `devClock`. */
  advanceClock(ms: number): void;
  close(): Promise<void>;
}

const region = "us-east-1";
const elsewhere = process.env["STATOR_TEST_ENDPOINT"];
const isOnPostgres = process.env["STATOR_TEST_ENGINE"] === "postgres";

/** False where tests meet another server: they cannot set its options. */
export const testsOwnServer = elsewhere === undefined;

/** Starts a server on a free port. It fails where the server answers with an error of its own, as retries are off. */
export async function startTestServer(options: ServerOptions = {}): Promise<TestServer> {
  const server = testsOwnServer ? await startOwnServer(options) : otherServer;
  const client = new DynamoDBClient({
    region,
    maxAttempts: 1,
    ...(elsewhere === "aws"
      ? {}
      : { endpoint: server.endpoint, credentials: { accessKeyId: "test", secretAccessKey: "test" } }),
  });
  return {
    client,
    endpoint: server.endpoint,
    advanceClock(ms) {
      server.advanceClock(ms);
    },
    async close() {
      client.destroy();
      await server.close();
    },
  };
}

/** Where tables outlive their servers: its `serverOptions` are handed to one server after another. */
export function openTestStorage(): Promise<Storage> {
  return openStorage(isOnPostgres ? "postgres" : "lmdb");
}

async function startOwnServer(options: ServerOptions): Promise<RunningServer> {
  if (!isOnPostgres || options.engine !== undefined) return startServer(options);
  const database = await openTestDatabase();
  const server = await startServer({ postgres: { dialect: testDialect }, ...options, engine: database.url });
  return {
    ...server,
    close: async () => {
      await server.close();
      await database.close();
    },
  };
}

const otherServer: RunningServer = {
  endpoint: elsewhere === "aws" ? `https://dynamodb.${region}.amazonaws.com` : (elsewhere ?? ""),
  advanceClock() {
    throw new Error("nobody moves the clock of another server");
  },
  close: () => Promise.resolve(),
};
