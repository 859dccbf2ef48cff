import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type AttributeValue,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import type { DrillItem, Fate, Ledger } from "./ledger.ts";

export const table = "drill";
const itemsPerWriter = 40;
const sharedCounters = ["counter-0", "counter-1"];

interface Drill {
  readonly client: DynamoDBClient;
  readonly ledger: Ledger;
  readonly random: () => number;
}

/** The attributes of a drill item as the SDK spells them. */
export function attributesOf({ id, token, count, payload }: DrillItem): Record<string, AttributeValue> {
  return { id: { S: id }, token: { S: token }, count: { N: String(count) }, payload: { S: payload } };
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
  const id = `${writer}-${Math.floor(random() * itemsPerWriter)}`;
  const share = random();
  if (share < 0.3) return put(id, drill);
  if (share < 0.55) return increment(id, drill);
  if (share < 0.7) return refusedUpdate(id, drill);
  if (share < 0.8) return remove(id, drill);
  if (share < 0.9) return count(drill);
  return batch(writer, drill);
}

async function put(id: string, { client, ledger, random }: Drill): Promise<Fate> {
  const next = newItem(id, random);
  const fate = await fateOf(client.send(new PutItemCommand({ TableName: table, Item: attributesOf(next) })));
  ledger.record(id, next, fate);
  return fate;
}

/** Adds to the item on the condition that it is as the ledger says; makes it when it is absent. */
async function increment(id: string, { client, ledger, random }: Drill): Promise<Fate> {
  const before = ledger.current(id);
  const next = { ...newItem(id, random), count: (before?.count ?? 0) + 1 };
  const command = new UpdateItemCommand({
    TableName: table,
    Key: { id: { S: id } },
    UpdateExpression: "SET #token = :token, payload = :payload ADD #count :one",
    ConditionExpression: before === undefined ? "attribute_not_exists(id)" : "#token = :before",
    ExpressionAttributeNames: { "#token": "token", "#count": "count" },
    ExpressionAttributeValues: {
      ":token": { S: next.token },
      ":payload": { S: next.payload },
      ":one": { N: "1" },
      ...(before === undefined ? {} : { ":before": { S: before.token } }),
    },
  });
  const fate = await fateOf(client.send(command));
  if (fate === "refused") throw new Error(`item ${id} is not what was acknowledged`);
  ledger.record(id, next, fate);
  return fate;
}

/** A write whose condition cannot hold. */
async function refusedUpdate(id: string, { client, ledger, random }: Drill): Promise<Fate> {
  const next = newItem(id, random);
  const command = new PutItemCommand({
    TableName: table,
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
  const fate = await fateOf(client.send(new DeleteItemCommand({ TableName: table, Key: { id: { S: id } } })));
  ledger.record(id, undefined, fate);
  return fate;
}

async function count({ client, ledger, random }: Drill): Promise<Fate> {
  const id = sharedCounters[Math.floor(random() * sharedCounters.length)] ?? "";
  const command = new UpdateItemCommand({
    TableName: table,
    Key: { id: { S: id } },
    UpdateExpression: "ADD #count :one",
    ExpressionAttributeNames: { "#count": "count" },
    ExpressionAttributeValues: { ":one": { N: "1" } },
  });
  const fate = await fateOf(client.send(command));
  ledger.recordIncrement(id, fate);
  return fate;
}

/**
 * Puts and deletes of one request share its fate but not its moment: each may be there or not if the answer is lost.
 */
async function batch(writer: number, { client, ledger, random }: Drill): Promise<Fate> {
  const first = Math.floor(random() * itemsPerWriter);
  const changes = Array.from({ length: 25 }, (_, offset) => {
    const id = `${writer}-${(first + offset) % itemsPerWriter}`;
    return { id, next: random() < 0.8 ? newItem(id, random) : undefined };
  });
  const requests = changes.map(({ id, next }) =>
    next === undefined
      ? { DeleteRequest: { Key: { id: { S: id } } } }
      : { PutRequest: { Item: attributesOf(next) } },
  );
  const command = new BatchWriteItemCommand({ RequestItems: { [table]: requests } });
  const fate = await fateOf(
    client.send(command).then(({ UnprocessedItems = {} }) => {
      if (Object.keys(UnprocessedItems).length > 0) throw new Error("items of a small batch were left over");
    }),
  );
  for (const { id, next } of changes) ledger.record(id, next, fate);
  return fate;
}

let tokens = 0;

function newItem(id: string, random: () => number): DrillItem {
  // Now and then an item too large for one page of a tree.
  const length = random() < 0.03 ? 60_000 : Math.floor(random() * 600);
  return { id, token: `token-${tokens++}`, count: 0, payload: "p".repeat(length) };
}

async function fateOf(sent: Promise<unknown>): Promise<Fate> {
  try {
    await sent;
    return "acknowledged";
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error.name === "ConditionalCheckFailedException") return "refused";
    const { $metadata: metadata } = error as { $metadata?: { httpStatusCode?: number } };
    const status = metadata?.httpStatusCode;
    if (status !== undefined)
      throw new Error(`the server answered ${status} ${error.name}`, { cause: error });
    return "unknown";
  }
}
