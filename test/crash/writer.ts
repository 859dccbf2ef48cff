import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { attributesOf, keyOf, tableName } from "./drill-table.ts";
import type { Fate } from "./ledger.ts";
import {
  countOf,
  incrementOf,
  itemsPerWriter,
  newItem,
  ownId,
  sharedCounters,
  type Drill,
} from "./requests.ts";
import { transact } from "./transactions.ts";

const batchItems = 25;

/**
 * Writes items that nobody else writes, one request after the other, until one gets no answer. Answers how many did.
 */
export async function writeUntilCut(writer: number, drill: Drill): Promise<number> {
  for (let written = 0; ; written++) {
    const fate = await writeOnce(writer, drill);
    if (fate === "unknown") return written;
  }
}

/** One request of any kind. */
export function writeOnce(writer: number, drill: Drill): Promise<Fate> {
  const id = ownId(writer, drill);
  const share = drill.random();
  if (share < 0.2) return put(id, drill);
  if (share < 0.4) return increment(id, drill);
  if (share < 0.5) return refusedUpdate(id, drill);
  if (share < 0.6) return remove(id, drill);
  if (share < 0.67) return count(drill);
  if (share < 0.92) return transact(writer, drill);
  return batch(writer, drill);
}

/** Stores every item of a writer for the first time. */
export async function fill(
  writer: number,
  { client, ledger }: Pick<Drill, "client" | "ledger">,
): Promise<void> {
  for (let from = 0; from < itemsPerWriter; from += batchItems) {
    const items = Array.from({ length: batchItems }, (_, offset) =>
      newItem(`${writer}-${from + offset}`, () => 0.1),
    );
    const requests = items.map((item) => ({ PutRequest: { Item: attributesOf(item) } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: requests } }));
    for (const item of items) ledger.record(item.id, item, "acknowledged");
  }
}

async function put(id: string, { client, ledger, random, fateOf }: Drill): Promise<Fate> {
  const next = newItem(id, random);
  const fate = await fateOf(
    client.send(new PutItemCommand({ TableName: tableName, Item: attributesOf(next) })),
  );
  ledger.record(id, next, fate);
  return fate;
}

/** Adds to the item on the condition that it is as the ledger says; makes it when it is absent. */
async function increment(id: string, { client, ledger, random, fateOf }: Drill): Promise<Fate> {
  const before = ledger.current(id);
  const next = { ...newItem(id, random), count: (before?.count ?? 0) + 1 };
  const fate = await fateOf(client.send(new UpdateItemCommand(incrementOf(before, next))));
  if (fate === "refused") throw new Error(`item ${id} is not what was acknowledged`);
  ledger.record(id, next, fate);
  return fate;
}

/** A write whose condition cannot hold. */
async function refusedUpdate(id: string, { client, ledger, random, fateOf }: Drill): Promise<Fate> {
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

async function remove(id: string, { client, ledger, fateOf }: Drill): Promise<Fate> {
  const fate = await fateOf(client.send(new DeleteItemCommand({ TableName: tableName, Key: keyOf(id) })));
  ledger.record(id, undefined, fate);
  return fate;
}

async function count({ client, ledger, random, fateOf }: Drill): Promise<Fate> {
  const id = sharedCounters[Math.floor(random() * sharedCounters.length)] ?? "";
  const fate = await fateOf(client.send(new UpdateItemCommand(countOf(id))));
  ledger.recordIncrement(id, fate);
  return fate;
}

/**
 * Puts and deletes of one request share its fate but not its moment: each may be there or not if the answer is lost.
 */
async function batch(writer: number, drill: Drill): Promise<Fate> {
  const { client, ledger, random, fateOf } = drill;
  const first = Math.floor(random() * itemsPerWriter);
  const ids = Array.from(
    { length: batchItems },
    (_, offset) => `${writer}-${(first + offset) % itemsPerWriter}`,
  ).filter((id) => ledger.isCertain(id));
  if (ids.length === 0) return put(ownId(writer, drill), drill);
  const changes = ids.map((id) => ({ id, next: random() < 0.8 ? newItem(id, random) : undefined }));
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
