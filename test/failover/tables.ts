import {
  CreateTableCommand,
  DescribeTableCommand,
  waitUntilTableExists,
  type AttributeValue,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { createDrillTable, tableName } from "../crash/drill-table.ts";

/** Counters that all writers raise by one, on the condition that they still are what was read. */
export const stepsTable = "drill-steps";
/** Balances that transactions move amounts between. */
export const accountsTable = "drill-accounts";

/** Items that nothing is derived from. */
export const plainTable = "drill-plain";

const StreamSpecification = { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" } as const;

/** The streams of the tables that have one. */
export interface Streams {
  readonly items: string;
  readonly steps: string;
}

/** Makes the tables: the crash drill's with its indexes and a stream, one more with a stream, and two without. */
export async function createTables(client: DynamoDBClient): Promise<Streams> {
  await createDrillTable(client, StreamSpecification);
  await createPlainTable(client, stepsTable, { StreamSpecification });
  await createPlainTable(client, accountsTable, {});
  await createPlainTable(client, plainTable, {});
  return { items: await streamOf(client, tableName), steps: await streamOf(client, stepsTable) };
}

async function createPlainTable(client: DynamoDBClient, TableName: string, members: object): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      ...members,
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 30 }, { TableName });
}

async function streamOf(client: DynamoDBClient, TableName: string): Promise<string> {
  const { Table: table } = await client.send(new DescribeTableCommand({ TableName }));
  return table?.LatestStreamArn ?? "";
}

export function idKey(id: string): Record<string, AttributeValue> {
  return { id: { S: id } };
}
