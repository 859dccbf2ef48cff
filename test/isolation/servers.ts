import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from "@aws-sdk/client-dynamodb";
import type { AnyEndpoint } from "../server-process.ts";
import { tables } from "./clients.ts";

/** A client that never asks twice. */
export function clientOf(endpoint: AnyEndpoint): DynamoDBClient {
  return new DynamoDBClient({
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "AKIAISOLATIONISOLAT1", secretAccessKey: "isolation" },
    maxAttempts: 1,
  });
}

/** Makes the tables of the histories, whose index keys move with every write. */
export async function createTables(client: DynamoDBClient): Promise<void> {
  for (const table of tables) {
    await client.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: [
          { AttributeName: "collection", KeyType: "HASH" },
          { AttributeName: "name", KeyType: "RANGE" },
        ],
        AttributeDefinitions: [
          { AttributeName: "collection", AttributeType: "S" },
          { AttributeName: "name", AttributeType: "S" },
          { AttributeName: "rank", AttributeType: "N" },
          { AttributeName: "group", AttributeType: "S" },
        ],
        LocalSecondaryIndexes: [
          {
            IndexName: "by-rank",
            KeySchema: [
              { AttributeName: "collection", KeyType: "HASH" },
              { AttributeName: "rank", KeyType: "RANGE" },
            ],
            Projection: { ProjectionType: "ALL" },
          },
        ],
        GlobalSecondaryIndexes: [
          {
            IndexName: "by-group",
            KeySchema: [
              { AttributeName: "group", KeyType: "HASH" },
              { AttributeName: "rank", KeyType: "RANGE" },
            ],
            Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["log", "writer"] },
          },
        ],
      }),
    );
    await waitUntilTableExists({ client, maxWaitTime: 30 }, { TableName: table });
  }
}
