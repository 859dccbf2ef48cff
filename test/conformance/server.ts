/** A server in memory for tests, and an SDK client that talks to it. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { startServer } from "../../src/server/start-server.ts";

export interface TestServer {
  readonly client: DynamoDBClient;
  readonly endpoint: string;
  close(): Promise<void>;
}

/** Starts a server on a free port. It fails where the server answers with an error of its own, as retries are off. */
export async function startTestServer(): Promise<TestServer> {
  const server = await startServer();
  const client = new DynamoDBClient({
    endpoint: server.endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  });
  return {
    client,
    endpoint: server.endpoint,
    async close() {
      client.destroy();
      await server.close();
    },
  };
}
