import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  ExecuteStatementCommand,
  GetItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type AttributeValue,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { isAnswered } from "./is-answered.ts";
import type { Journal, State } from "./journal.ts";
import { tokenIn } from "./records.ts";

export const tableName = "Followed";

const itemsPerWriter = 12;
const atOnceMax = 5;

export interface Writing {
  readonly client: DynamoDBClient;
  readonly journal: Journal;
  readonly random: () => number;
  /** Waits until no request without an answer can take effect any more. */
  readonly untilQuiet: () => Promise<void>;
}

/** What one request makes of items. */
type Changes = readonly { readonly id: string; readonly after: State }[];

/** Changes items that no other writer touches, by one request. When that gets no answer, it looks at the items. */
export async function writeOnce(writer: number, writing: Writing): Promise<void> {
  const { journal } = writing;
  const { changes, send } = draw(writer, writing);
  if (await isAnswered(send)) {
    for (const { id, after } of changes) journal.done(id, after);
    return;
  }
  for (const { id, after } of changes) journal.unknown(id, after);
  await writing.untilQuiet();
  for (const { id } of changes) await settle(id, writing);
}

async function settle(id: string, { client, journal }: Writing): Promise<void> {
  const look = async () => {
    const request = { TableName: tableName, Key: keyOf(id), ConsistentRead: true };
    const { Item: item } = await client.send(new GetItemCommand(request));
    journal.settle(id, tokenIn(item));
  };
  while (!(await isAnswered(look)));
}

interface Request {
  readonly changes: Changes;
  readonly send: () => Promise<unknown>;
}

let tokens = 0;

function draw(writer: number, { client, journal, random }: Writing): Request {
  const id = idOf(writer, Math.floor(random() * itemsPerWriter));
  const token = newToken();
  const share = random();
  if (share < 0.3) {
    return one(id, token, () =>
      client.send(new PutItemCommand({ TableName: tableName, Item: itemOf(id, token) })),
    );
  }
  if (share < 0.45) {
    return one(id, undefined, () =>
      client.send(new DeleteItemCommand({ TableName: tableName, Key: keyOf(id) })),
    );
  }
  if (share < 0.6) return one(id, token, () => client.send(new UpdateItemCommand(updateOf(id, token))));
  if (share < 0.7) {
    // The item as it is: no change at all, unless there is none.
    const same = journal.current(id) ?? token;
    return one(id, same, () =>
      client.send(new PutItemCommand({ TableName: tableName, Item: itemOf(id, same) })),
    );
  }
  if (share < 0.78) return one(id, token, () => client.send(statementOf(id, token, journal.current(id))));
  return several(writer, { client, random, isTransaction: share < 0.9 });
}

function one(id: string, after: State, send: () => Promise<unknown>): Request {
  return { changes: [{ id, after }], send };
}

function several(
  writer: number,
  { client, random, isTransaction }: { client: DynamoDBClient; random: () => number; isTransaction: boolean },
): Request {
  const first = Math.floor(random() * itemsPerWriter);
  const changes = Array.from({ length: 2 + Math.floor(random() * (atOnceMax - 1)) }, (_, offset) => ({
    id: idOf(writer, (first + offset) % itemsPerWriter),
    after: random() < 0.7 ? newToken() : undefined,
  }));
  const send = async (): Promise<void> => {
    if (isTransaction) await client.send(transactionOf(changes));
    else {
      const { UnprocessedItems: rest = {} } = await client.send(batchOf(changes));
      if (Object.keys(rest).length > 0) throw new Error("writes of a small batch were left over");
    }
  };
  return { changes, send };
}

function transactionOf(changes: Changes) {
  return new TransactWriteItemsCommand({
    TransactItems: changes.map(({ id, after }) =>
      after === undefined
        ? { Delete: { TableName: tableName, Key: keyOf(id) } }
        : { Put: { TableName: tableName, Item: itemOf(id, after) } },
    ),
  });
}

function batchOf(changes: Changes) {
  const requests = changes.map(({ id, after }) =>
    after === undefined ? { DeleteRequest: { Key: keyOf(id) } } : { PutRequest: { Item: itemOf(id, after) } },
  );
  return new BatchWriteItemCommand({ RequestItems: { [tableName]: requests } });
}

function updateOf(id: string, token: string) {
  return {
    TableName: tableName,
    Key: keyOf(id),
    UpdateExpression: "SET #token = :token, padding = :padding",
    ExpressionAttributeNames: { "#token": "token" },
    ExpressionAttributeValues: { ":token": { S: token }, ":padding": { S: padding } },
  };
}

function statementOf(id: string, token: string, current: State) {
  const insert = `INSERT INTO ${tableName} VALUE {'id': '${id}', 'token': '${token}', 'padding': '${padding}'}`;
  const update = `UPDATE ${tableName} SET token = '${token}' SET padding = '${padding}' WHERE id = '${id}'`;
  return new ExecuteStatementCommand({ Statement: current === undefined ? insert : update });
}

function newToken(): string {
  tokens += 1;
  return String(tokens);
}

function idOf(writer: number, item: number): string {
  return `${writer}-${item}`;
}

export function keyOf(id: string): Record<string, AttributeValue> {
  return { id: { S: id } };
}

/** Makes shards grow. Every item has the same, so that its token says all about it. */
const padding = "x".repeat(300);

function itemOf(id: string, token: string): Record<string, AttributeValue> {
  return { ...keyOf(id), token: { S: token }, padding: { S: padding } };
}
