import {
  CreateTableCommand,
  DynamoDBClient,
  waitUntilTableExists,
  type CreateTableCommandInput,
  type KeySchemaElement,
} from "@aws-sdk/client-dynamodb";
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

/** Makes the tables of the histories. */
export async function createTables(client: DynamoDBClient): Promise<void> {
  for (const table of Object.values(tables)) {
    const isIndexed = table === tables.indexed;
    const names = isIndexed ? ["collection", "name", "rank", "group"] : ["collection", "name"];
    await client.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: keySchema("collection", "name"),
        AttributeDefinitions: names.map((name) => ({
          AttributeName: name,
          AttributeType: name === "rank" ? "N" : "S",
        })),
        ...(isIndexed && indexes),
      }),
    );
    await waitUntilTableExists({ client, maxWaitTime: 30 }, { TableName: table });
  }
}

function keySchema(partitionKey: string, sortKey: string): KeySchemaElement[] {
  return [
    { AttributeName: partitionKey, KeyType: "HASH" },
    { AttributeName: sortKey, KeyType: "RANGE" },
  ];
}

const indexes: Pick<CreateTableCommandInput, "LocalSecondaryIndexes" | "GlobalSecondaryIndexes"> = {
  LocalSecondaryIndexes: [
    {
      IndexName: "by-rank",
      KeySchema: keySchema("collection", "rank"),
      Projection: { ProjectionType: "ALL" },
    },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: "by-group",
      KeySchema: keySchema("group", "rank"),
      Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["log", "writer"] },
    },
  ],
};
