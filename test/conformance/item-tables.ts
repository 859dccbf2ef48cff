/** Tables for tests of items: the keys are what such a test is about. */
import { CreateTableCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";

type Key = readonly [name: string, type: "S" | "N" | "B"];

/** Makes an on-demand table; its sort key is optional. */
export async function createItemTable(
  client: DynamoDBClient,
  tableName: string,
  ...keys: readonly [partition: Key, sort?: Key]
): Promise<void> {
  const attributes = keys.filter((key) => key !== undefined);
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: attributes.map(([name, type]) => ({ AttributeName: name, AttributeType: type })),
      KeySchema: attributes.map(([name], index) => ({
        AttributeName: name,
        KeyType: index === 0 ? "HASH" : "RANGE",
      })),
    }),
  );
}
