import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { isRefusal, type Bed } from "./bed.ts";
import { itemOf, keyOf } from "./raced-table.ts";

/** What an item was left as: the token of the write; undefined for no item. */
export type State = string | undefined;

/** One attempt to change one item. Those of one item come one after another. */
export interface Attempt {
  readonly id: string;
  readonly after: State;
  readonly from: number;
  readonly until: number;
  /** `unknown`: part of a batch that was refused, perhaps when it was done already. */
  readonly fate: "done" | "refused" | "unknown";
}

export interface Writers {
  /** Lets them finish what they are at, and tells all they tried. */
  stop(): Promise<readonly Attempt[]>;
}

const writersAtOnce = 3;
const itemsPerWriter = 8;

interface Desk {
  readonly bed: Bed;
  readonly table: string;
  /** Names of refusals that are no surprise. */
  readonly refusals: readonly string[];
  readonly attempts: Attempt[];
  over: boolean;
}

/** Lets several clients write to a table, each to items of its own and by way of both servers. */
export function startWriters(bed: Bed, table: string, refusals: readonly string[] = []): Writers {
  const desk: Desk = { bed, table, refusals, attempts: [], over: false };
  const work = Promise.all(
    Array.from({ length: writersAtOnce }, async (_, writer) => {
      while (!desk.over) await writeOnce(writer, desk);
    }),
  );
  // What they find wrong is thrown when they are stopped.
  work.catch(() => undefined);
  return {
    async stop() {
      desk.over = true;
      await work;
      return desk.attempts;
    },
  };
}

let tokens = 0;

async function writeOnce(writer: number, desk: Desk): Promise<void> {
  const { bed, table, refusals, attempts } = desk;
  const isSeveral = bed.draw.chance(0.3);
  const ids = idsOf(writer, isSeveral ? 3 : 1, desk);
  const changes = ids.map((id) => ({ id, after: bed.draw.chance(0.75) ? String(tokens++) : undefined }));
  const isBatch = isSeveral && bed.draw.chance(0.5);
  const from = performance.now();
  let fate: Attempt["fate"] = "done";
  try {
    if (isBatch) await sendBatch(table, changes, bed);
    else if (isSeveral) await sendTransaction(table, changes, bed);
    else await sendOne(table, changes, bed);
  } catch (error) {
    if (!isRefusal(error) || !refusals.includes(error.name)) throw error;
    fate = isBatch ? "unknown" : "refused";
  }
  const until = performance.now();
  attempts.push(...changes.map((change) => ({ ...change, from, until, fate })));
}

function idsOf(writer: number, count: number, { bed }: Desk): string[] {
  const first = bed.draw.below(itemsPerWriter);
  return Array.from({ length: count }, (_, offset) => `${writer}-${(first + offset) % itemsPerWriter}`);
}

type Changes = readonly { readonly id: string; readonly after: State }[];

function sendOne(TableName: string, [change]: Changes, { any, draw }: Bed): Promise<unknown> {
  const { id, after } = change ?? { id: "", after: undefined };
  if (after === undefined) return any.client.send(new DeleteItemCommand({ TableName, Key: keyOf(id) }));
  const Item = itemOf(id, after);
  if (draw.chance(0.5)) return any.client.send(new PutItemCommand({ TableName, Item }));
  const { token = { S: "" }, count = { N: "0" }, group } = Item;
  return any.client.send(
    new UpdateItemCommand({
      TableName,
      Key: keyOf(id),
      UpdateExpression: `SET #token = :token, #count = :count${group ? ", #group = :group" : " REMOVE #group"}`,
      ExpressionAttributeNames: { "#token": "token", "#count": "count", "#group": "group" },
      ExpressionAttributeValues: { ":token": token, ":count": count, ...(group && { ":group": group }) },
    }),
  );
}

async function sendBatch(TableName: string, changes: Changes, { any }: Bed): Promise<void> {
  const requests = changes.map(({ id, after }) =>
    after === undefined ? { DeleteRequest: { Key: keyOf(id) } } : { PutRequest: { Item: itemOf(id, after) } },
  );
  const command = new BatchWriteItemCommand({ RequestItems: { [TableName]: requests } });
  const { UnprocessedItems: rest = {} } = await any.client.send(command);
  if (Object.keys(rest).length > 0) throw new Error("writes of a small batch were left over");
}

function sendTransaction(TableName: string, changes: Changes, { any }: Bed): Promise<unknown> {
  const TransactItems = changes.map(({ id, after }) =>
    after === undefined
      ? { Delete: { TableName, Key: keyOf(id) } }
      : { Put: { TableName, Item: itemOf(id, after) } },
  );
  return any.client.send(new TransactWriteItemsCommand({ TransactItems }));
}
