import {
  GetItemCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { setTimeout as delay } from "node:timers/promises";
import { keyOf, tableName } from "../crash/drill-table.ts";
import type { Fate } from "../crash/ledger.ts";
import { incrementOf, newItem, ownId } from "../crash/requests.ts";
import { writeOnce } from "../crash/writer.ts";
import { tokenIn } from "../streams/records.ts";
import type { Books } from "./books.ts";
import { fateOf, seen } from "./fate.ts";
import type { Fleet } from "./fleet.ts";
import { plainRequest } from "./plain-items.ts";
import { accountsTable, idKey, stepsTable } from "./tables.ts";
import type { Timeline } from "./timeline.ts";

/** What the writers of a drill share. */
export interface Load {
  readonly fleet: Fleet;
  readonly books: Books;
  readonly random: () => number;
  timeline: Timeline;
  goesOn: boolean;
}

/** The same, and the server that one request goes to. */
interface Turn extends Load {
  readonly writer: number;
  readonly server: number;
  readonly client: DynamoDBClient;
}

export const accounts = ["account-0", "account-1", "account-2", "account-3", "account-4", "account-5"];
const counters = ["counter-a", "counter-b", "counter-c"];

/** So that no writer runs out of items that are certain while the database is away. */
const pauseMs = 300;
/** The tries of a transaction of which nobody knows whether it was done. */
const triesMax = 100;

/** Sends one request after the other, of all kinds, to whichever server serves the writer. */
export async function keepWriting(writer: number, load: Load): Promise<void> {
  while (load.goesOn) {
    const server = load.fleet.serving(writer);
    if (server === undefined) {
      await delay(pauseMs);
      continue;
    }
    const turn = { ...load, writer, server, client: load.fleet.member(server).client };
    const fate = await takeTurn(turn);
    if (fate === "unknown") await delay(pauseMs);
  }
}

function takeTurn(turn: Turn): Promise<Fate | undefined> {
  const share = turn.random();
  if (share < 0.35) return writeOnce(turn.writer, { ...drillOf(turn), ledger: turn.books });
  if (share < 0.6) return plainRequest(turn.writer, { ...drillOf(turn), ledger: turn.books.plain });
  if (share < 0.75) return transfer(turn);
  if (share < 0.87) return step(turn);
  return share < 0.95 ? readOne(turn) : readSome(turn);
}

function drillOf(turn: Turn) {
  return { client: turn.client, random: turn.random, fateOf: (sent: Promise<unknown>) => noted(sent, turn) };
}

/** What became of a request; the timeline is told. */
async function noted(sent: Promise<unknown>, { timeline, server }: Turn): Promise<Fate> {
  const fate = await fateOf(sent);
  if (fate === "acknowledged") timeline.acknowledge(server);
  else timeline[fate] += 1;
  return fate;
}

/** Moves an amount from one account to another together with a change of an item of the writer's own. */
async function transfer(turn: Turn): Promise<Fate> {
  const { books, random } = turn;
  const id = ownId(turn.writer, { ledger: books, random });
  const before = books.current(id);
  const next = { ...newItem(id, random), count: (before?.count ?? 0) + 1 };
  const first = Math.floor(random() * accounts.length);
  const second = (first + 1 + Math.floor(random() * (accounts.length - 1))) % accounts.length;
  const [from = "", to = ""] = [accounts[first], accounts[second]];
  const moved = { from, to, amount: 1 + Math.floor(random() * 100), change: { id, next } };
  const request = {
    ClientRequestToken: next.token,
    TransactItems: [
      { Update: incrementOf(before, next) },
      { Update: addTo(from, -moved.amount) },
      { Update: addTo(to, moved.amount) },
    ],
  };
  let fate = await noted(turn.client.send(new TransactWriteItemsCommand(request)), turn);
  if (fate === "unknown" && random() < 0.5) fate = await repeat(request, turn);
  books.recordTransfer(moved, fate);
  return fate;
}

function addTo(id: string, amount: number) {
  return {
    TableName: accountsTable,
    Key: idKey(id),
    UpdateExpression: "ADD balance :amount",
    ExpressionAttributeValues: { ":amount": { N: String(amount) } },
  };
}

/** Sends a transaction with its token again, to any server, until it is known that it was done: once, by the token. */
async function repeat(
  request: ConstructorParameters<typeof TransactWriteItemsCommand>[0],
  turn: Turn,
): Promise<Fate> {
  for (let tries = 0; tries < triesMax; tries++) {
    await delay(pauseMs);
    const { alive } = turn.fleet;
    const server = alive[Math.floor(turn.random() * alive.length)];
    if (server === undefined) continue;
    const { client } = turn.fleet.member(server);
    const fate = await noted(client.send(new TransactWriteItemsCommand(request)), { ...turn, server });
    // Refused are only those that met another transaction at an account.
    if (fate === "acknowledged") return fate;
  }
  throw new Error(`a transaction was not done in ${triesMax} tries`);
}

/** Raises a counter that all writers contend for. */
async function step(turn: Turn): Promise<Fate | undefined> {
  const { books, client, random } = turn;
  const counter = counters[Math.floor(random() * counters.length)] ?? "";
  const read = { TableName: stepsTable, Key: idKey(counter), ConsistentRead: true };
  const found = await seen(client.send(new GetItemCommand(read)));
  if (found === undefined) return undefined;
  const from = Number(found.Item?.["n"]?.N ?? 0);
  const made = { counter, to: from + 1, token: newItem(counter, () => 1).token };
  const command = new UpdateItemCommand({
    TableName: stepsTable,
    Key: idKey(counter),
    UpdateExpression: "SET n = :to, #token = :token",
    ConditionExpression: from === 0 ? "attribute_not_exists(n)" : "n = :from",
    ExpressionAttributeNames: { "#token": "token" },
    ExpressionAttributeValues: {
      ":to": { N: String(made.to) },
      ":token": { S: made.token },
      ...(from === 0 ? {} : { ":from": { N: String(from) } }),
    },
  });
  const fate = await noted(client.send(command), turn);
  books.steps.record(made, fate);
  return fate;
}

/** An item must be as it was acknowledged, whichever server is asked. */
async function readOne(turn: Turn): Promise<undefined> {
  const { books, random } = turn;
  const id = ownId(turn.writer, { ledger: books, random });
  const read = { TableName: tableName, Key: keyOf(id), ConsistentRead: true };
  const found = await seen(anyClient(turn).send(new GetItemCommand(read)));
  if (found !== undefined) compare(id, { found: tokenIn(found.Item), books });
}

async function readSome(turn: Turn): Promise<undefined> {
  const { books, random } = turn;
  const ids = [...new Set([0, 1, 2].map(() => ownId(turn.writer, { ledger: books, random })))];
  const gets = ids.map((id) => ({ Get: { TableName: tableName, Key: keyOf(id) } }));
  const found = await seen(anyClient(turn).send(new TransactGetItemsCommand({ TransactItems: gets })));
  for (const [index, id] of ids.entries()) {
    if (found !== undefined) compare(id, { found: tokenIn(found.Responses?.[index]?.Item), books });
  }
}

function anyClient({ fleet, random, client }: Turn): DynamoDBClient {
  const { alive } = fleet;
  const server = alive[Math.floor(random() * alive.length)];
  return server === undefined ? client : fleet.member(server).client;
}

function compare(id: string, { found, books }: { found: string | undefined; books: Books }): void {
  const token = books.current(id)?.token;
  if (found !== token)
    throw new Error(`item ${id} was read as ${String(found)}, and was acknowledged as ${String(token)}`);
}
