/** The requests of plain writes and of transactions, and what becomes of them. */
import { TransactionCanceledException, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { groupOf, keyOf, tableName } from "./drill-table.ts";
import type { DrillItem, Fate, Ledger } from "./ledger.ts";

/** Counters that all writers add to. */
export const sharedCounters = ["counter-0", "counter-1"];
/** So many that building an index takes many steps. */
export const itemsPerWriter = 200;

/** What writers ask of a ledger, and tell it. */
export type Books = Pick<Ledger, "current" | "isCertain" | "record" | "recordTogether" | "recordIncrement">;

/** What every writer has at hand. */
export interface Drill {
  readonly client: DynamoDBClient;
  readonly ledger: Books;
  readonly random: () => number;
  /** What became of a request. */
  readonly fateOf: (sent: Promise<unknown>) => Promise<Fate>;
}

/** The id of an item that no other writer touches, and whose state is known. */
export function ownId(writer: number, { ledger, random }: Pick<Drill, "ledger" | "random">): string {
  for (let draws = 0; draws < 20 * itemsPerWriter; draws++) {
    const id = `${writer}-${Math.floor(random() * itemsPerWriter)}`;
    if (ledger.isCertain(id)) return id;
  }
  throw new Error(`no item of writer ${writer} is certain`);
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

let tokens = 0;

/** An item like no other; its count starts anew. */
export function newItem(id: string, random: () => number): DrillItem {
  // Now and then an item too large for one page of a tree.
  const length = random() < 0.03 ? 60_000 : Math.floor(random() * 600);
  return { id, token: `token-${tokens++}`, count: 0, payload: "p".repeat(length) };
}

/** What became of a request to a server that may be killed; rejects when it says that something is wrong. */
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
export function isConflict(error: Error): boolean {
  if (error.name === "TransactionConflictException") return true;
  if (!(error instanceof TransactionCanceledException)) return false;
  const codes = new Set(error.CancellationReasons?.map(({ Code }) => Code));
  codes.delete("None");
  return codes.size === 1 && codes.has("TransactionConflict");
}
