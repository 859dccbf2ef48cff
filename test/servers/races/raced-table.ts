import {
  CreateTableCommand,
  DescribeTableCommand,
  PutItemCommand,
  ResourceNotFoundException,
  type AttributeValue,
  type CreateTableCommandInput,
  type DynamoDBClient,
  type TableDescription,
} from "@aws-sdk/client-dynamodb";
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { wrongIndexes } from "../../oracle/indexes/recompute.ts";
import {
  attributeDefinitions,
  indexMembers,
  type IndexShape,
  type KeyPart,
} from "../../oracle/indexes/shapes.ts";
import type { Bed, Side } from "./bed.ts";

const id: KeyPart = { name: "id", type: "S" };
const group: KeyPart = { name: "group", type: "S" };
const count: KeyPart = { name: "count", type: "N" };
const token: KeyPart = { name: "token", type: "S" };

/** Indexes of any name. Some items have no group, hence are not in all of them. */
export const indexShapes: readonly [IndexShape, ...IndexShape[]] = [
  { name: "by-group", kind: "global", partition: [group], sort: [count], projection: "ALL" },
  { name: "by-token", kind: "global", partition: [token], sort: [], projection: "KEYS_ONLY" },
  { name: "by-count", kind: "global", partition: [count], sort: [id], projection: ["token"] },
];

/** The members of CreateTable, or of UpdateTable, that name indexes. */
export function withIndexes(shapes: readonly IndexShape[]): Partial<CreateTableCommandInput> {
  const parts = [id, ...shapes.flatMap(({ partition, sort }) => [...partition, ...sort])];
  const members = {
    AttributeDefinitions: attributeDefinitions(parts),
    GlobalSecondaryIndexes: shapes.map(indexMembers),
  };
  // They are spelled by the same functions for every client.
  return members as Partial<CreateTableCommandInput>;
}

const patienceMs = 20_000;
const counts = 16;

export function keyOf(itemId: string): Record<string, AttributeValue> {
  return { id: { S: itemId } };
}

/** An item that all follows from the token of the write that made it. */
export function itemOf(itemId: string, itemToken: string): Record<string, AttributeValue> {
  const number = Number(itemToken);
  const named: Record<string, AttributeValue> =
    number % 4 === 0 ? {} : { group: { S: `group-${number % 4}` } };
  return {
    ...keyOf(itemId),
    ...named,
    token: { S: itemToken },
    count: { N: String(number % counts) },
  };
}

export async function createTable(
  { client }: Pick<Side, "client">,
  TableName: string,
  members: Partial<CreateTableCommandInput> = {},
): Promise<TableDescription> {
  const { TableDescription: table = {} } = await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      ...members,
    }),
  );
  return table;
}

/** The table as a server describes it; undefined when it knows none of that name. */
export async function describedTable(
  { client }: { readonly client: DynamoDBClient },
  TableName: string,
): Promise<TableDescription | undefined> {
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    return Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

/** Asks until the table is as it should be. */
export async function untilTable(
  side: Pick<Side, "client">,
  name: string,
  isReady: (table: TableDescription | undefined) => boolean,
): Promise<TableDescription | undefined> {
  const end = performance.now() + patienceMs;
  for (;;) {
    const table = await describedTable(side, name);
    if (isReady(table)) return table;
    assert.ok(performance.now() < end, `not in time: ${JSON.stringify(table)}`);
    await delay(3);
  }
}

/** Whether the table and all its indexes are as they were asked to be. */
export function isSettled(table: TableDescription | undefined): boolean {
  const globals = table?.GlobalSecondaryIndexes ?? [];
  return table?.TableStatus === "ACTIVE" && globals.every(({ IndexStatus }) => IndexStatus === "ACTIVE");
}

/**
 * Both sides tell the same of a table whose items nobody changes, and its indexes, of which some of `shapes` are there,
 * hold what follows from its items.
 */
export async function assertWhole(
  { sides }: Pick<Bed, "sides">,
  table: string,
  shapes: readonly IndexShape[] = [],
): Promise<void> {
  const descriptions: unknown[] = [];
  for (const side of sides) {
    const described = await untilTable(side, table, isSettled);
    assert.deepEqual(
      new Set(described?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName)),
      new Set(shapes.map(({ name }) => name)),
    );
    assert.deepEqual(
      await wrongIndexes(side.plain, { table, shape: { partition: id, indexes: shapes } }),
      [],
    );
    descriptions.push(described);
  }
  assert.deepEqual(descriptions[1], descriptions[0], "both servers describe the table alike");
}

export async function putItem(
  { client }: Pick<Side, "client">,
  TableName: string,
  Item: Record<string, AttributeValue>,
): Promise<void> {
  await client.send(new PutItemCommand({ TableName, Item }));
}
