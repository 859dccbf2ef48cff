/** What workloads are to a program that keeps its items in PostgreSQL itself, by the engine's tables and statements. */
import { hash } from "node:crypto";
import type { Client } from "pg";
import { byteaArray } from "../../src/engine/postgres/bytea.ts";
import { dialects } from "../../src/engine/postgres/dialects.ts";
import { statementsFor } from "../../src/engine/postgres/statements.ts";
import { customerOf, orderOf, plainTable } from "./tables.ts";
import { batchItems, differentItems, type Turn, type WorkloadName } from "./workloads.ts";

/** One operation: resolves when it is done. */
export type BareWork = (client: Client, turn: Turn) => Promise<unknown>;

interface Statement {
  readonly name: string;
  readonly text: string;
}

const { tables } = dialects.postgresql;
const statements = statementsFor(dialects.postgresql);
const { beginTransaction, commit, getMany, hold, holdMany, scan, upsert } = statements;
const put: Statement = {
  name: "put",
  text: "INSERT INTO stator_entry (k, v) VALUES ($1, $2) ON CONFLICT (k) DO UPDATE SET v = excluded.v",
};

/** What the version of a table stands under, which every read of the engine looks at. */
const versionKey = Buffer.from([1, 2, 0, 0, 0, 1]);
/** As much as the store writes in front of an item. */
const headerBytes = 12;
const queryRowsMax = 1_001;
const queryBytesMax = 1_048_576;

export const bareWork: Partial<Record<WorkloadName, BareWork>> = {
  GetItem: get,
  ExecuteStatement: get,
  PutItem: (client, { index }) => send(client, put, [keyOf(index), valueOf(index)]),
  UpdateItem: (client, { index }) =>
    change(client, [index], () => send(client, hold.exclusive, [keyOf(index)])),
  Query: query,
  QueryFilter: query,
  BatchWriteItem: (client, { index, items }) => {
    const batch = Array.from({ length: batchItems }, (_, offset) => (index + offset) % items);
    return upsertAll(client, batch);
  },
  TransactWrite2: transaction(2),
  TransactWrite10: transaction(10),
  TransactGet2: (client, turn) => {
    const keys = differentItems(turn, 2).map(keyOf);
    return send(client, getMany, [byteaArray([versionKey, ...keys])]);
  },
};

/** Makes the tables where there are none and stores the items from `from` until `until`. */
export async function fillBare(
  client: Client,
  { from: first, until }: { readonly from: number; readonly until: number },
): Promise<void> {
  for (const table of tables) await client.query(table);
  await send(client, put, [versionKey, Buffer.alloc(8)]);
  for (let from = first; from < until; from += batchItems) {
    const count = Math.min(batchItems, until - from);
    await upsertAll(
      client,
      Array.from({ length: count }, (_, offset) => from + offset),
    );
  }
}

function get(client: Client, { index }: Turn): Promise<unknown> {
  return send(client, getMany, [byteaArray([versionKey, keyOf(index)])]);
}

function query(client: Client, { index }: Turn): Promise<unknown> {
  const from = collectionOf(index);
  const until = Buffer.concat([from, Buffer.of(0xff)]);
  const bounds = [from, until, queryRowsMax, queryBytesMax, byteaArray([versionKey])];
  return send(client, scan.forward.withKeys, bounds);
}

function transaction(puts: number): BareWork {
  return (client, turn) => {
    const items = differentItems(turn, puts);
    const keys = items.map(keyOf);
    return change(client, items, () => send(client, holdMany.exclusive, [byteaArray(keys)]));
  };
}

/** Locks, then writes and commits: two round trips. */
async function change(client: Client, items: readonly number[], lock: () => Promise<unknown>): Promise<void> {
  await Promise.all([send(client, beginTransaction, []), lock()]);
  await Promise.all([upsertAll(client, items), send(client, commit, [])]);
}

/** In the order of keys, so that no two wait for each other. */
function upsertAll(client: Client, items: readonly number[]): Promise<unknown> {
  const entries = items.map((index) => ({ key: keyOf(index), value: valueOf(index) }));
  entries.sort((left, right) => Buffer.compare(left.key, right.key));
  const values = [byteaArray(entries.map(({ key }) => key)), byteaArray(entries.map(({ value }) => value))];
  return send(client, upsert, values);
}

function send(client: Client, { name, text }: Statement, values: unknown[]): Promise<unknown> {
  return client.query({ name, text, values, rowMode: "array" });
}

const keys = new Map<number, Buffer>();
const values = new Map<number, Buffer>();

/** As long as real keys of items are, those of one customer together and customers scattered. */
function keyOf(index: number): Buffer {
  return remembered(keys, index, () => Buffer.concat([collectionOf(index), Buffer.from(orderOf(index))]));
}

function collectionOf(index: number): Buffer {
  const customer = hash("sha256", customerOf(index), "buffer").subarray(0, 16);
  return Buffer.concat([Buffer.from([2, 0, 0, 0, 1]), customer]);
}

function valueOf(index: number): Buffer {
  const json = () => Buffer.from(JSON.stringify(plainTable.itemOf(index, 0)));
  return remembered(values, index, () => Buffer.concat([Buffer.alloc(headerBytes), json()]));
}

function remembered(known: Map<number, Buffer>, index: number, make: () => Buffer): Buffer {
  const old = known.get(index);
  if (old !== undefined) return old;
  const made = make();
  known.set(index, made);
  return made;
}
