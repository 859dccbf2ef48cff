/** A server with functions, streams to map to them, and an SDK client of Lambda that talks to it. */
import assert from "node:assert/strict";
import { CreateTableCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import type { ServerOptions } from "../../src/server/start-server.ts";
import { startTestServer, type TestServer } from "./server.ts";

export interface LambdaServer extends TestServer {
  readonly lambda: LambdaClient;
}

/** Nobody listens there: enough for tests that set mappings and send nothing through them. */
const nowhere = "http://127.0.0.1:9/";

export const functions: Readonly<Record<string, string>> = { welcome: nowhere, audit: nowhere };

/** Starts a server with the functions `welcome` and `audit`; `options` may name others. */
export async function startLambdaServer(options: ServerOptions = {}): Promise<LambdaServer> {
  const server = await startTestServer({ functions, ...options });
  const lambda = new LambdaClient({
    region: "us-east-1",
    endpoint: server.endpoint,
    maxAttempts: 1,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  return {
    ...server,
    lambda,
    async close() {
      lambda.destroy();
      await server.close();
    },
  };
}

/** Creates a table with a stream; answers the stream's ARN. */
export async function createStream(client: DynamoDBClient, tableName: string): Promise<string> {
  const { TableDescription: table } = await client.send(
    new CreateTableCommand({
      TableName: tableName,
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      BillingMode: "PAY_PER_REQUEST",
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" },
    }),
  );
  assert.ok(table?.LatestStreamArn);
  return table.LatestStreamArn;
}
