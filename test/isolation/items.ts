/** Items of the histories as attributes, and what answers tell of them. */
import type { AttributeValue, CancellationReason } from "@aws-sdk/client-dynamodb";
import { createHash } from "node:crypto";
import type { Seen } from "./history.ts";
import { groupOf, keyOf, NoAnswer, placeOf, type Action, type States } from "./subject.ts";

export type Attributes = Record<string, AttributeValue>;

/** Attributes that follow from the writer: the keys of the indexes move with every write. */
export function derivedFrom(
  key: string,
  id: string,
): { writer: AttributeValue; rank: AttributeValue; group: AttributeValue } {
  const { collection } = placeOf(key);
  const rank = createHash("sha256").update(id).digest().readUInt16BE(0);
  return { writer: { S: id }, rank: { N: String(rank) }, group: { S: groupOf(collection, id) } };
}

/** The writers of an item. One whose attributes are of different writers gets a version that nobody wrote. */
export function seenIn(item: Attributes | undefined): Seen {
  if (item === undefined) return [];
  const log = (item["log"]?.L ?? []).map((element) => element.S ?? "");
  const last = log.at(-1) ?? "";
  const expected = derivedFrom(keyIn("", item), last);
  const isWhole =
    item["writer"]?.S === expected.writer.S &&
    item["rank"]?.N === expected.rank.N &&
    item["group"]?.S === expected.group.S;
  return isWhole ? log : [...log, `a mixture: ${JSON.stringify(item)}`];
}

function keyIn(table: string, item: Attributes): string {
  return keyOf({ table, collection: item["collection"]?.S ?? "" }, item["name"]?.S ?? "");
}

/** States by key of items that were found. */
export function statesOf(found: readonly { readonly table: string; readonly item: Attributes }[]): States {
  const states = new Map(found.map(({ table, item }) => [keyIn(table, item), seenIn(item)]));
  if (states.size !== found.length) throw new Error("an item came twice");
  return states;
}

/** What the server answered; whatever is no answer of a server becomes `NoAnswer`. */
export async function sent<Output>(request: Promise<Output>): Promise<Output> {
  try {
    return await request;
  } catch (error) {
    const { $metadata: metadata } = error as { $metadata?: { httpStatusCode?: number } };
    if (metadata?.httpStatusCode === undefined) throw new NoAnswer("", { cause: error });
    throw error;
  }
}

/** What a cancelled transaction tells of the items: nothing at all when others were in its way. */
export function statesOfReasons(actions: readonly Action[], reasons: readonly CancellationReason[]): States {
  if (reasons.length !== actions.length) throw new Error("there is a reason for every action");
  const codes = new Set(reasons.map(({ Code }) => Code));
  codes.delete("None");
  codes.delete("ConditionalCheckFailed");
  // It was there, but as which version is not told.
  codes.delete("DuplicateItem");
  if (codes.has("TransactionConflict")) return new Map();
  if (codes.size > 0) throw new Error(`a transaction was cancelled because of ${[...codes].join()}`);
  const states = new Map<string, Seen>();
  for (const [index, action] of actions.entries()) {
    const { Code, Item } = reasons[index] ?? {};
    if (Code === "ConditionalCheckFailed") states.set(action.key, seenIn(Item));
    // Its condition held.
    else if (Code === "None" && "over" in action && action.over !== undefined) {
      states.set(action.key, action.over === "" ? [] : [action.over]);
    }
  }
  return states;
}
