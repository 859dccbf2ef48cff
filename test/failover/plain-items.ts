/** Writes to a table of no indexes and no stream: the shortest ones there are. */
import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  type AttributeValue,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import type { DrillItem, Fate, Ledger } from "../crash/ledger.ts";
import { newItem, ownId } from "../crash/requests.ts";
import { tokenIn } from "../streams/records.ts";
import { seen } from "./fate.ts";
import { idKey, plainTable } from "./tables.ts";

export interface PlainDrill {
  readonly client: DynamoDBClient;
  readonly ledger: Ledger;
  readonly random: () => number;
  readonly fateOf: (sent: Promise<unknown>) => Promise<Fate>;
}

/** One request of any kind; undefined for a read. */
export async function plainRequest(writer: number, drill: PlainDrill): Promise<Fate | undefined> {
  const id = ownId(writer, drill);
  const share = drill.random();
  if (share < 0.5) return put(id, drill);
  if (share < 0.75) return replace(id, drill);
  if (share < 0.85) return remove(id, drill);
  return read(id, drill);
}

async function put(id: string, { client, ledger, random, fateOf }: PlainDrill): Promise<Fate> {
  const next = newItem(id, random);
  const fate = await fateOf(
    client.send(new PutItemCommand({ TableName: plainTable, Item: attributesOf(next) })),
  );
  ledger.record(id, next, fate);
  return fate;
}

/** On the condition that the item is as it was acknowledged. */
async function replace(id: string, { client, ledger, random, fateOf }: PlainDrill): Promise<Fate> {
  const before = ledger.current(id);
  const next = newItem(id, random);
  const fate = await fateOf(
    client.send(
      new PutItemCommand({
        TableName: plainTable,
        Item: attributesOf(next),
        ...(before === undefined
          ? { ConditionExpression: "attribute_not_exists(id)" }
          : {
              ConditionExpression: "#token = :before",
              ExpressionAttributeNames: { "#token": "token" },
              ExpressionAttributeValues: { ":before": { S: before.token } },
            }),
      }),
    ),
  );
  if (fate === "refused") throw new Error(`plain item ${id} is not what was acknowledged`);
  ledger.record(id, next, fate);
  return fate;
}

async function remove(id: string, { client, ledger, fateOf }: PlainDrill): Promise<Fate> {
  const fate = await fateOf(client.send(new DeleteItemCommand({ TableName: plainTable, Key: idKey(id) })));
  ledger.record(id, undefined, fate);
  return fate;
}

async function read(id: string, { client, ledger }: PlainDrill): Promise<undefined> {
  const found = await seen(
    client.send(new GetItemCommand({ TableName: plainTable, Key: idKey(id), ConsistentRead: true })),
  );
  const token = ledger.current(id)?.token;
  if (found !== undefined && tokenIn(found.Item) !== token)
    throw new Error(`plain item ${id} was read as ${String(tokenIn(found.Item))}, not ${String(token)}`);
}

function attributesOf({ id, token, payload }: DrillItem): Record<string, AttributeValue> {
  return { ...idKey(id), token: { S: token }, payload: { S: payload } };
}

/** Everything that is in the table. */
export async function readPlainTable(client: DynamoDBClient): Promise<Map<string, DrillItem>> {
  const stored = new Map<string, DrillItem>();
  let after: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({ TableName: plainTable, ConsistentRead: true, ExclusiveStartKey: after }),
    );
    for (const item of page.Items ?? []) {
      const id = item["id"]?.S ?? "";
      stored.set(id, { id, token: tokenIn(item) ?? "", count: 0, payload: item["payload"]?.S ?? "" });
    }
    after = page.LastEvaluatedKey;
  } while (after !== undefined);
  return stored;
}
