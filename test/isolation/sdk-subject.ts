import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactGetItemsCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type DynamoDBClient,
  type TransactWriteItem,
} from "@aws-sdk/client-dynamodb";
import type { Seen } from "./history.ts";
import { derivedFrom, seenIn, sent, statesOf, statesOfReasons, type Attributes } from "./items.ts";
import { executeTogether, selectItem, selectTogether } from "./statements.ts";
import { NoAnswer, placeOf, type Action, type Answer, type Subject } from "./subject.ts";

/** How many of the reads and transactions are PartiQL statements. */
const statementShare = 0.2;

/** A server behind the official SDK. The client must not retry: that would hide the outcome of the first attempt. */
export function createSdkSubject(client: DynamoDBClient, random: () => number): Subject {
  return {
    async get(key) {
      if (random() < statementShare) return selectItem(client, key);
      const { Item } = await sent(
        client.send(new GetItemCommand({ ...targetOf(key), ConsistentRead: true })),
      );
      return seenIn(Item);
    },
    async batchGet(keys) {
      const tables = [...new Set(keys.map((key) => placeOf(key).table))].map((table) => {
        const Keys = keys.filter((key) => placeOf(key).table === table).map((key) => targetOf(key).Key);
        return [table, { Keys, ConsistentRead: true }] as const;
      });
      const command = new BatchGetItemCommand({ RequestItems: Object.fromEntries(tables) });
      const { Responses = {} } = await sent(client.send(command));
      return statesOf(
        Object.entries(Responses).flatMap(([table, items]) => items.map((item) => ({ table, item }))),
      );
    },
    async query({ table, collection }, index) {
      const command = new QueryCommand({
        TableName: table,
        ...(index === "local" ? { IndexName: "by-rank" } : {}),
        ConsistentRead: true,
        ScanIndexForward: random() < 0.5,
        KeyConditionExpression: "#collection = :collection",
        ExpressionAttributeNames: { "#collection": "collection" },
        ExpressionAttributeValues: { ":collection": { S: collection } },
      });
      const { Items = [] } = await sent(client.send(command));
      return statesOf(Items.map((item) => ({ table, item })));
    },
    async queryGroup(table, group) {
      const command = new QueryCommand({
        TableName: table,
        IndexName: "by-group",
        KeyConditionExpression: "#group = :group",
        ExpressionAttributeNames: { "#group": "group" },
        ExpressionAttributeValues: { ":group": { S: group } },
      });
      const { Items = [] } = await sent(client.send(command));
      return statesOf(Items.map((item) => ({ table, item })));
    },
    async transactGet(keys) {
      if (random() < statementShare) return selectTogether(client, keys);
      const command = new TransactGetItemsCommand({
        TransactItems: keys.map((key) => ({ Get: targetOf(key) })),
      });
      try {
        const { Responses = [] } = await sent(client.send(command));
        return new Map(keys.map((key, index) => [key, seenIn(Responses[index]?.Item)]));
      } catch (error) {
        if (error instanceof TransactionCanceledException) return undefined;
        throw error;
      }
    },
    write: (action, id) => plainWrite(client, action, { id, random }),
    async batchWrite(writes) {
      const requests = new Map<string, object[]>();
      for (const { action, id } of writes) {
        const { table } = placeOf(action.key);
        const request =
          action.kind === "delete"
            ? { DeleteRequest: { Key: targetOf(action.key).Key } }
            : { PutRequest: { Item: itemOf(action.key, id) } };
        requests.set(table, [...(requests.get(table) ?? []), request]);
      }
      const command = new BatchWriteItemCommand({ RequestItems: Object.fromEntries(requests) });
      const { UnprocessedItems = {} } = await sent(client.send(command));
      if (Object.keys(UnprocessedItems).length > 0) throw new Error("writes of a small batch were left over");
      return new Set(writes.map(({ action }) => action.key));
    },
    transactWrite: (actions, options) =>
      isStatement(options.id) && !actions.some(isAbsenceCheck)
        ? executeTogether(client, actions, options)
        : transactWrite(client, actions, options),
  };
}

/** It follows from the id: whoever repeats a token must send the same once more. */
function isStatement(id: string): boolean {
  return Number(/\d+$/.exec(id)?.[0]) % Math.round(1 / statementShare) === 0;
}

/** EXISTS is there for what exists only. */
function isAbsenceCheck(action: Action): boolean {
  return action.kind === "check" && action.over === "";
}

async function plainWrite(
  client: DynamoDBClient,
  action: Action,
  { id, random }: { id: string; random: () => number },
): Promise<Answer> {
  const { key } = action;
  try {
    return { done: true, before: new Map(await sendPlain(client, action, { id, random })) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error.name === "TransactionConflictException") return { done: false, before: new Map() };
    if (error.name !== "ConditionalCheckFailedException") throw error;
    const { Item } = error as Error & { Item?: Attributes };
    return { done: false, before: new Map([[key, seenIn(Item)]]) };
  }
}

/** Sends a plain write and answers the state before it, where the answer tells. */
async function sendPlain(
  client: DynamoDBClient,
  action: Action,
  { id, random }: { id: string; random: () => number },
): Promise<readonly (readonly [key: string, seen: Seen])[]> {
  const { key } = action;
  const guard = { ...conditionOf(action), ReturnValuesOnConditionCheckFailure: "ALL_OLD" } as const;
  switch (action.kind) {
    case "append": {
      const ReturnValues = random() < 0.3 ? "NONE" : random() < 0.5 ? "ALL_OLD" : "ALL_NEW";
      const update = mergeValues(appendOf(key, id), guard);
      const command = new UpdateItemCommand({ ...targetOf(key), ...update, ReturnValues });
      const { Attributes } = await sent(client.send(command));
      if (ReturnValues === "NONE") return [];
      const seen = seenIn(Attributes);
      return [[key, ReturnValues === "ALL_OLD" ? seen : seen.slice(0, -1)]];
    }
    case "put": {
      const { table } = placeOf(key);
      const members = { TableName: table, Item: itemOf(key, id), ...guard, ReturnValues: "ALL_OLD" } as const;
      const { Attributes } = await sent(client.send(new PutItemCommand(members)));
      return [[key, seenIn(Attributes)]];
    }
    case "delete": {
      const command = new DeleteItemCommand({ ...targetOf(key), ...guard, ReturnValues: "ALL_OLD" });
      const { Attributes } = await sent(client.send(command));
      return [[key, seenIn(Attributes)]];
    }
    case "check":
      throw new Error("a check is part of a transaction");
  }
}

async function transactWrite(
  client: DynamoDBClient,
  actions: readonly Action[],
  { id, token }: { id: string; token: string },
): Promise<Answer> {
  const TransactItems = actions.map((action) => transactItemOf(action, id));
  try {
    await sent(client.send(new TransactWriteItemsCommand({ TransactItems, ClientRequestToken: token })));
    return { done: true, before: new Map() };
  } catch (error) {
    // It is under way since before the server was away, so it has no outcome yet.
    if (error instanceof Error && error.name === "TransactionInProgressException") throw new NoAnswer();
    if (!(error instanceof TransactionCanceledException)) throw error;
    return { done: false, before: statesOfReasons(actions, error.CancellationReasons ?? []) };
  }
}

function transactItemOf(action: Action, id: string): TransactWriteItem {
  const { key } = action;
  const guard = { ...conditionOf(action), ReturnValuesOnConditionCheckFailure: "ALL_OLD" } as const;
  switch (action.kind) {
    case "append":
      return { Update: { ...targetOf(key), ...mergeValues(appendOf(key, id), guard) } };
    case "put":
      return { Put: { TableName: placeOf(key).table, Item: itemOf(key, id), ...guard } };
    case "delete":
      return { Delete: { ...targetOf(key), ...guard } };
    case "check":
      return { ConditionCheck: { ...targetOf(key), ConditionExpression: "#writer = :over", ...guard } };
  }
}

interface Condition {
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Attributes;
}

function conditionOf(action: Action): Condition {
  if (action.kind === "append") {
    if (!action.mustExist) return {};
    return { ConditionExpression: "attribute_exists(#name)", ExpressionAttributeNames: { "#name": "name" } };
  }
  if (action.over === undefined) return {};
  if (action.over === "") {
    return {
      ConditionExpression: "attribute_not_exists(#name)",
      ExpressionAttributeNames: { "#name": "name" },
    };
  }
  return {
    ConditionExpression: "#writer = :over",
    ExpressionAttributeNames: { "#writer": "writer" },
    ExpressionAttributeValues: { ":over": { S: action.over } },
  };
}

const appendExpression =
  "SET #log = list_append(#log, :me), #writer = :writer, #rank = :rank, #group = :group";

function appendOf(key: string, id: string): Condition & { UpdateExpression: string } {
  const { rank, group, writer } = derivedFrom(key, id);
  return {
    UpdateExpression: appendExpression,
    ExpressionAttributeNames: { "#log": "log", "#writer": "writer", "#rank": "rank", "#group": "group" },
    ExpressionAttributeValues: {
      ":me": { L: [{ S: id }] },
      ":writer": writer,
      ":rank": rank,
      ":group": group,
    },
  };
}

function mergeValues<One extends Condition, Other extends Condition>(one: One, other: Other): One & Other {
  return {
    ...one,
    ...other,
    ExpressionAttributeNames: { ...one.ExpressionAttributeNames, ...other.ExpressionAttributeNames },
    ExpressionAttributeValues: { ...one.ExpressionAttributeValues, ...other.ExpressionAttributeValues },
  };
}

function targetOf(key: string): { TableName: string; Key: Attributes } {
  const { table, collection, name } = placeOf(key);
  return { TableName: table, Key: { collection: { S: collection }, name: { S: name } } };
}

function itemOf(key: string, id: string): Attributes {
  return { ...targetOf(key).Key, log: { L: [{ S: id }] }, ...derivedFrom(key, id) };
}
