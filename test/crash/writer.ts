import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  PutItemCommand,
  TransactionCanceledException,
  UpdateItemCommand,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { attributesOf, groupOf, keyOf, tableName } from "./drill-table.ts";
import type { DrillItem, Fate, Ledger } from "./ledger.ts";
import { transact } from "./transactions.ts";

export const sharedCounters = ["counter-0", "counter-1"];
/** So many that building an index takes many steps. */
const itemsPerWriter = 200;
const batchItems = 25;

export interface Drill {
  readonly client: DynamoDBClient;
  readonly ledger: Ledger;
  readonly random: () => number;
}

/**
 * Writes items that nobody else writes, one request after the other, until one gets no answer. Answers how many did.
 */
export async function writeUntilCut(writer: number, drill: Drill): Promise<number> {
  for (let written = 0; ; written++) {
    const fate = await writeOnce(writer, drill);
    if (fate === "unknown") return written;
  }
}

function writeOnce(writer: number, drill: Drill): Promise<Fate> {
  const { random } = drill;
  const id = ownId(writer, random);
  const share = random();
  if (share < 0.2) return put(id, drill);
  if (share < 0.4) return increment(id, drill);
  if (share < 0.5) return refusedUpdate(id, drill);
  if (share < 0.6) return remove(id, drill);
  if (share < 0.67) return count(drill);
  if (share < 0.92) return transact(writer, drill);
  return batch(writer, drill);
}

/** The id of an item that no other writer touches. */
export function ownId(writer: number, random: () => number): string {
  return `${writer}-${Math.floor(random() * itemsPerWriter)}`;
}

/** Stores every item of a writer for the first time. */
export async function fill(writer: number, { client, ledger }: Drill): Promise<void> {
  for (let from = 0; from < itemsPerWriter; from += batchItems) {
    const items = Array.from({ length: batchItems }, (_, offset) =>
      newItem(`${writer}-${from + offset}`, () => 0.1),
    );
    const requests = items.map((item) => ({ PutRequest: { Item: attributesOf(item) } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: requests } }));
    for (const item of items) ledger.record(item.id, item, "acknowledged");
  }
}

async function put(id: string, { client, ledger, random }: Drill): Promise<Fate> {
  const next = newItem(id, random);
  const fate = await fateOf(
    client.send(new PutItemCommand({ TableName: tableName, Item: attributesOf(next) })),
  );
  ledger.record(id, next, fate);
  return fate;
}

/** Adds to the item on the condition that it is as the ledger says; makes it when it is absent. */
async function increment(id: string, { client, ledger, random }: Drill): Promise<Fate> {
  const before = ledger.current(id);
  const next = { ...newItem(id, random), count: (before?.count ?? 0) + 1 };
  const fate = await fateOf(client.send(new UpdateItemCommand(incrementOf(before, next))));
  if (fate === "refused") throw new Error(`item ${id} is not what was acknowledged`);
  ledger.record(id, next, fate);
  return fate;
}

/** An update that makes `next` of `before`, on the condition that this is what is there. */
export function incrementOf(before: DrillItem | undefined, next: DrillItem) {
  const group = groupOf(next.token);
  return {
    TableName: tableName,
    Key: keyOf(next.id),
    UpdateExpression:
      `SET #token = :token, payload = :payload${group === undefined ? " REMOVE #group" : ", #group = :group"} ` +
      "ADD #count :one",
    ConditionExpression: before === undefined ? "attribute_not_exists(id)" : "#token = :before",
    ExpressionAttributeNames: { "#token": "token", "#count": "count", "#group": "group" },
    ExpressionAttributeValues: {
      ":token": { S: next.token },
      ":payload": { S: next.payload },
      ":one": { N: "1" },
      ...(group === undefined ? {} : { ":group": { S: group } }),
      ...(before === undefined ? {} : { ":before": { S: before.token } }),
    },
  };
}

/** A write whose condition cannot hold. */
async function refusedUpdate(id: string, { client, ledger, random }: Drill): Promise<Fate> {
  const next = newItem(id, random);
  const command = new PutItemCommand({
    TableName: tableName,
    Item: attributesOf(next),
    ConditionExpression: "#token = :nobody",
    ExpressionAttributeNames: { "#token": "token" },
    ExpressionAttributeValues: { ":nobody": { S: "nobody" } },
  });
  const fate = await fateOf(client.send(command));
  if (fate === "acknowledged") throw new Error(`a write to ${id} was done against its condition`);
  // Whether or not its refusal arrived, it must not take effect.
  ledger.record(id, next, "refused");
  return fate;
}

async function remove(id: string, { client, ledger }: Drill): Promise<Fate> {
  const fate = await fateOf(client.send(new DeleteItemCommand({ TableName: tableName, Key: keyOf(id) })));
  ledger.record(id, undefined, fate);
  return fate;
}

async function count({ client, ledger, random }: Drill): Promise<Fate> {
  const id = sharedCounters[Math.floor(random() * sharedCounters.length)] ?? "";
  const fate = await fateOf(client.send(new UpdateItemCommand(countOf(id))));
  ledger.recordIncrement(id, fate);
  return fate;
}

/** Adds one to a counter that all writers share. */
export function countOf(id: string) {
  return {
    TableName: tableName,
    Key: keyOf(id),
    UpdateExpression: "ADD #count :one",
    ExpressionAttributeNames: { "#count": "count" },
    ExpressionAttributeValues: { ":one": { N: "1" } },
  };
}

/**
 * Puts and deletes of one request share its fate but not its moment: each may be there or not if the answer is lost.
 */
async function batch(writer: number, { client, ledger, random }: Drill): Promise<Fate> {
  const first = Math.floor(random() * itemsPerWriter);
  const changes = Array.from({ length: batchItems }, (_, offset) => {
    const id = `${writer}-${(first + offset) % itemsPerWriter}`;
    return { id, next: random() < 0.8 ? newItem(id, random) : undefined };
  });
  const requests = changes.map(({ id, next }) =>
    next === undefined ? { DeleteRequest: { Key: keyOf(id) } } : { PutRequest: { Item: attributesOf(next) } },
  );
  const command = new BatchWriteItemCommand({ RequestItems: { [tableName]: requests } });
  const fate = await fateOf(
    client.send(command).then(({ UnprocessedItems = {} }) => {
      if (Object.keys(UnprocessedItems).length > 0) throw new Error("items of a small batch were left over");
    }),
  );
  for (const { id, next } of changes) ledger.record(id, next, fate);
  return fate;
}

let tokens = 0;

/** An item like no other; its count starts anew. */
export function newItem(id: string, random: () => number): DrillItem {
  // Now and then an item too large for one page of a tree.
  const length = random() < 0.03 ? 60_000 : Math.floor(random() * 600);
  return { id, token: `token-${tokens++}`, count: 0, payload: "p".repeat(length) };
}

/** What became of a request; rejects when the server says that something is wrong with it. */
export async function fateOf(sent: Promise<unknown>): Promise<Fate> {
  try {
    await sent;
    return "acknowledged";
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error.name === "ConditionalCheckFailedException" || isConflict(error)) return "refused";
    const { $metadata: metadata } = error as { $metadata?: { httpStatusCode?: number } };
    const status = metadata?.httpStatusCode;
    if (status !== undefined)
      throw new Error(`the server answered ${status} ${error.name}`, { cause: error });
    return "unknown";
  }
}

/** Somebody else's transaction was writing a shared counter. */
function isConflict(error: Error): boolean {
  if (error.name === "TransactionConflictException") return true;
  if (!(error instanceof TransactionCanceledException)) return false;
  const codes = new Set(error.CancellationReasons?.map(({ Code }) => Code));
  codes.delete("None");
  return codes.size === 1 && codes.has("TransactionConflict");
}
