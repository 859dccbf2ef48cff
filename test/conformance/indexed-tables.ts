/** Tables with secondary indexes for tests of items: keys and projections are what such a test is about. */
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  type AttributeValue,
  type DynamoDBClient,
  type KeySchemaElement,
  type Projection,
} from "@aws-sdk/client-dynamodb";

export type Item = Record<string, AttributeValue>;

/** "name type", as in "year N". */
type Attribute = `${string} ${"S" | "N" | "B"}`;

export interface KeySpec {
  readonly hash: readonly Attribute[];
  readonly range?: readonly Attribute[];
}

export interface IndexSpec extends KeySpec {
  /** The names of the attributes to include, or one of the other types. Absent: ALL. */
  readonly projection?: "ALL" | "KEYS_ONLY" | string[];
}

export interface TableSpec extends KeySpec {
  readonly local?: Readonly<Record<string, IndexSpec>>;
  readonly global?: Readonly<Record<string, IndexSpec>>;
}

/** Makes an on-demand table with indexes by their names. */
export async function createIndexedTable(
  client: DynamoDBClient,
  tableName: string,
  table: TableSpec,
): Promise<void> {
  const indexes = [...Object.values(table.local ?? {}), ...Object.values(table.global ?? {})];
  const attributes = [table, ...indexes].flatMap(({ hash, range = [] }) => [...hash, ...range]);
  const types = new Map(attributes.map((attribute) => [nameOf(attribute), typeOf(attribute)]));
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [...types].map(([AttributeName, AttributeType]) => ({
        AttributeName,
        AttributeType,
      })),
      KeySchema: keySchema(table),
      LocalSecondaryIndexes: indexList(table.local),
      GlobalSecondaryIndexes: indexList(table.global),
    }),
  );
}

function indexList(indexes: TableSpec["local"]) {
  if (indexes === undefined) return undefined;
  return Object.entries(indexes).map(([IndexName, index]) => ({
    IndexName,
    KeySchema: keySchema(index),
    Projection: projection(index),
  }));
}

function keySchema({ hash, range = [] }: KeySpec): KeySchemaElement[] {
  return [
    ...hash.map((attribute) => ({ AttributeName: nameOf(attribute), KeyType: "HASH" as const })),
    ...range.map((attribute) => ({ AttributeName: nameOf(attribute), KeyType: "RANGE" as const })),
  ];
}

function projection({ projection: spec = "ALL" }: IndexSpec): Projection {
  if (typeof spec === "string") return { ProjectionType: spec };
  return { ProjectionType: "INCLUDE", NonKeyAttributes: spec };
}

function nameOf(attribute: Attribute): string {
  return attribute.slice(0, -2);
}

function typeOf(attribute: Attribute): "S" | "N" | "B" {
  const type = attribute.slice(-1);
  return type === "S" || type === "N" ? type : "B";
}

export async function putItems(
  client: DynamoDBClient,
  tableName: string,
  items: readonly Item[],
): Promise<void> {
  for (let from = 0; from < items.length; from += 25) {
    const requests = items.slice(from, from + 25).map((Item) => ({ PutRequest: { Item } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: requests } }));
  }
}
