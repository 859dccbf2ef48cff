/** Actions of TransactWriteItems on the table `pets`, unless a test says otherwise. */
import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { Item } from "./indexed-tables.ts";

type Members = Required<TransactWriteItem>;

export function put(Item: Item, more: Partial<Members["Put"]> = {}): TransactWriteItem {
  return { Put: { TableName: "pets", Item, ...more } };
}

export function remove(Key: Item, more: Partial<Members["Delete"]> = {}): TransactWriteItem {
  return { Delete: { TableName: "pets", Key, ...more } };
}

export function update(
  Key: Item,
  UpdateExpression: string,
  more: Partial<Members["Update"]> = {},
): TransactWriteItem {
  return { Update: { TableName: "pets", Key, UpdateExpression, ...more } };
}

export function check(
  Key: Item,
  ConditionExpression: string,
  more: Partial<Members["ConditionCheck"]> = {},
): TransactWriteItem {
  return { ConditionCheck: { TableName: "pets", Key, ConditionExpression, ...more } };
}

export function pk(S: string): Item {
  return { pk: { S } };
}

/** A value of so many maps around a number. */
export function nested(levels: number): Item[string] {
  return levels === 0 ? { N: "1" } : { M: { a: nested(levels - 1) } };
}
