import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { skipOn, startServersOn, testEngines } from "../servers-on.ts";
import { createTable, succeed } from "./agree.ts";
import { Client, type Answer } from "./client.ts";
import { isLinearizable, type Observed } from "./linearizability.ts";
import { createRandom } from "../../bench/load/random.ts";

/** What a client did to a counter, and what it saw. "" stands for an absent item. */
type Action =
  | { readonly kind: "read"; readonly seen: string }
  | { readonly kind: "write"; readonly value: string; readonly old: string }
  /** Adds one and sees the sum. */
  | { readonly kind: "add"; readonly seen: string }
  /** Replaces `expected`, or sees what was there instead. */
  | {
      readonly kind: "swap";
      readonly expected: string;
      readonly value: string;
      readonly found: string | undefined;
    };

function counter(state: string, action: Action): string | undefined {
  switch (action.kind) {
    case "read":
      return action.seen === state ? state : undefined;
    case "write":
      return action.old === state ? action.value : undefined;
    case "add": {
      const sum = String(Number(state) + 1);
      return action.seen === sum ? sum : undefined;
    }
    case "swap":
      if (action.found === undefined) return action.expected === state ? action.value : undefined;
      return action.found === state && state !== action.expected ? state : undefined;
  }
}

const seed = Number(process.env["HISTORY_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const clients = 6;
const keys = ["a", "b"];
const actionsPerClient = 40;
const table = "histories";

for (const engine of testEngines) {
  void describe(`concurrent clients on the ${engine} engine`, () => {
    void test(
      `see every item change in one order (seed ${String(seed)})`,
      { skip: skipOn(engine) },
      async () => {
        const servers = await startServersOn(engine, { durability: "strict" });
        const client = new Client(servers.endpoints, clients);
        try {
          await createTable(client, table, { partition: { name: "id", type: "S" } });
          const history = await runClients(client);
          for (const key of keys) {
            const ofKey = (history.get(key) ?? []).toSorted((left, right) => left.from - right.from);
            assert.ok(ofKey.length > 0);
            assert.ok(isLinearizable(ofKey, "", counter), `item ${key}: ${JSON.stringify(ofKey)}`);
          }
        } finally {
          client.close();
          await servers.close();
        }
      },
    );
  });
}

async function runClients(client: Client): Promise<Map<string, Observed<Action>[]>> {
  const history = new Map<string, Observed<Action>[]>(keys.map((key) => [key, []]));
  const run = async (random: () => number): Promise<void> => {
    let last = "";
    for (let step = 0; step < actionsPerClient; step++) {
      const key = keys[Math.floor(random() * keys.length)] ?? "";
      const from = performance.now();
      const action = await act(client, { key, random, last });
      history.get(key)?.push({ from, until: performance.now(), action });
      last = "seen" in action ? action.seen : "value" in action ? action.value : last;
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, index) => run(createRandom(seed + index))));
  return history;
}

async function act(
  client: Client,
  { key, random, last }: { key: string; random: () => number; last: string },
): Promise<Action> {
  const primary = { TableName: table, Key: { id: { S: key } } };
  const value = String(Math.floor(random() * 1000));
  switch (Math.floor(random() * 4)) {
    case 0: {
      const { Item } = await succeed(client, "GetItem", { ...primary, ConsistentRead: true });
      return { kind: "read", seen: countIn(Item) };
    }
    case 1: {
      const item = { id: { S: key }, count: { N: value } };
      const { Attributes } = await succeed(client, "PutItem", {
        TableName: table,
        Item: item,
        ReturnValues: "ALL_OLD",
      });
      return { kind: "write", value, old: countIn(Attributes) };
    }
    case 2: {
      const { Attributes } = await succeed(client, "UpdateItem", {
        ...primary,
        UpdateExpression: "ADD #count :one",
        ExpressionAttributeNames: { "#count": "count" },
        ExpressionAttributeValues: { ":one": { N: "1" } },
        ReturnValues: "UPDATED_NEW",
      });
      return { kind: "add", seen: countIn(Attributes) };
    }
    default:
      return swap(client, { key, expected: last, value });
  }
}

async function swap(
  client: Client,
  { key, expected, value }: { key: string; expected: string; value: string },
): Promise<Action> {
  const answer = await client.call("UpdateItem", {
    TableName: table,
    Key: { id: { S: key } },
    UpdateExpression: "SET #count = :value",
    ConditionExpression: expected === "" ? "attribute_not_exists(#count)" : "#count = :expected",
    ExpressionAttributeNames: { "#count": "count" },
    ExpressionAttributeValues: {
      ":value": { N: value },
      ...(expected === "" ? {} : { ":expected": { N: expected } }),
    },
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  });
  return { kind: "swap", expected, value, found: refusedWith(answer) };
}

/** The count that made the condition fail; undefined when the write was done. */
function refusedWith({ status, output }: Answer): string | undefined {
  if (status === 200) return undefined;
  assert.match(output.__type ?? "", /#ConditionalCheckFailedException$/);
  return countIn(output.Item);
}

function countIn(item: Answer["output"]["Item"]): string {
  const count = item?.["count"];
  return count !== undefined && "N" in count ? count.N : "";
}
