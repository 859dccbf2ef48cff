import {
  CreateTableCommand,
  DescribeTableCommand,
  ScanCommand,
  waitUntilTableExists,
  type AttributeValue,
  type DynamoDBClient,
  type StreamSpecification,
} from "@aws-sdk/client-dynamodb";
import { setTimeout as delay } from "node:timers/promises";
import {
  attributeDefinitions,
  indexMembers,
  type IndexedShape,
  type IndexShape,
  type KeyPart,
} from "../oracle/indexes/shapes.ts";
import type { DrillItem } from "./ledger.ts";

export const tableName = "drill";

const owner: KeyPart = { name: "owner", type: "S" };
const id: KeyPart = { name: "id", type: "S" };
const token: KeyPart = { name: "token", type: "S" };
const count: KeyPart = { name: "count", type: "N" };
const group: KeyPart = { name: "group", type: "S" };

/** Indexes that are there from the start: of every kind, and sparse ones among them. */
const firstIndexes: readonly IndexShape[] = [
  { name: "by-count", kind: "local", partition: [owner], sort: [count], projection: "ALL" },
  { name: "by-group", kind: "global", partition: [group], sort: [count], projection: ["token"] },
  { name: "by-token", kind: "global", partition: [token], sort: [], projection: "KEYS_ONLY" },
];

/** Indexes that are added and dropped while the drill goes on. */
export const laterIndexes: readonly IndexShape[] = [
  {
    name: "later-groups",
    kind: "global",
    partition: [group, owner],
    sort: [count, token],
    projection: "ALL",
  },
  { name: "later-counts", kind: "global", partition: [count], sort: [id], projection: "KEYS_ONLY" },
];

const groups = ["even", "odd", "third"];

/** The primary key of a drill item: items of one writer lie together. */
export function keyOf(itemId: string): Record<string, AttributeValue> {
  return { owner: { S: itemId.split("-")[0] ?? "" }, id: { S: itemId } };
}

/** The attributes of a drill item as the SDK spells them. Only some are of a group. */
export function attributesOf(item: DrillItem): Record<string, AttributeValue> {
  const named = groupOf(item.token);
  return {
    ...keyOf(item.id),
    token: { S: item.token },
    count: { N: String(item.count) },
    payload: { S: item.payload },
    ...(named === undefined ? {} : { group: { S: named } }),
  };
}

/** The group of whatever the write with this token makes. */
export function groupOf(itemToken: string): string | undefined {
  return groups[Number(itemToken.split("-")[1]) % 4];
}

export async function createDrillTable(
  client: DynamoDBClient,
  StreamSpecification?: StreamSpecification,
): Promise<void> {
  const of = (kind: IndexShape["kind"]) =>
    firstIndexes.filter((index) => index.kind === kind).map(indexMembers);
  const members = {
    TableName: tableName,
    BillingMode: "PAY_PER_REQUEST",
    KeySchema: [
      { AttributeName: owner.name, KeyType: "HASH" },
      { AttributeName: id.name, KeyType: "RANGE" },
    ],
    AttributeDefinitions: attributeDefinitions([owner, id, token, count, group]),
    LocalSecondaryIndexes: of("local"),
    GlobalSecondaryIndexes: of("global"),
    ...(StreamSpecification && { StreamSpecification }),
  };
  // The members of indexes are spelled by the same function for every client.
  await client.send(new CreateTableCommand(members as ConstructorParameters<typeof CreateTableCommand>[0]));
  await waitUntilTableExists({ client, maxWaitTime: 30 }, { TableName: tableName });
}

/**
 * The table with the indexes that it has now. Those that are being built or erased are left out, unless `waits`: then
 * they have to be finished within a while.
 */
export async function describedShape(
  client: DynamoDBClient,
  { waits }: { waits: boolean },
): Promise<IndexedShape & { readonly unfinished: readonly string[] }> {
  const end = performance.now() + 30_000;
  for (;;) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
    const described = Table?.GlobalSecondaryIndexes ?? [];
    const unfinished = described
      .filter(({ IndexStatus }) => IndexStatus !== "ACTIVE")
      .map(({ IndexName = "" }) => IndexName);
    if (!waits || unfinished.length === 0) {
      const names = new Set(described.map(({ IndexName = "" }) => IndexName));
      const indexes = [...firstIndexes, ...laterIndexes].filter(
        ({ name, kind }) => (kind === "local" || names.has(name)) && !unfinished.includes(name),
      );
      return { partition: owner, sort: id, indexes, unfinished };
    }
    if (performance.now() > end) throw new Error(`not finished in time: ${unfinished.join(", ")}`);
    await delay(20);
  }
}

/** Everything that is in the table. */
export async function readDrillTable(client: DynamoDBClient): Promise<Map<string, DrillItem>> {
  const stored = new Map<string, DrillItem>();
  let after: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({ TableName: tableName, ConsistentRead: true, ExclusiveStartKey: after }),
    );
    for (const attributes of page.Items ?? []) {
      const id = attributes["id"]?.S ?? "";
      stored.set(id, {
        id,
        token: attributes["token"]?.S ?? "",
        count: Number(attributes["count"]?.N ?? 0),
        payload: attributes["payload"]?.S ?? "",
      });
    }
    after = page.LastEvaluatedKey;
  } while (after !== undefined);
  return stored;
}
