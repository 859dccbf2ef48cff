import { TransactWriteItemsCommand, type TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { attributesOf, keyOf, tableName } from "./drill-table.ts";
import type { Change, Fate } from "./ledger.ts";
import { countOf, incrementOf, newItem, ownId, sharedCounters, type Drill } from "./requests.ts";

const changesMax = 6;

/**
 * Changes several of a writer's items and now and then a shared counter in one transaction. What it finds must be what
 * was acknowledged.
 */
export async function transact(writer: number, { client, ledger, random, fateOf }: Drill): Promise<Fate> {
  const ids = new Set(
    Array.from({ length: 2 + Math.floor(random() * (changesMax - 1)) }, () =>
      ownId(writer, { ledger, random }),
    ),
  );
  const planned = [...ids].map((id) => changeOf(id, { ledger, random }));
  const counter = random() < 0.2 ? sharedCounters[Math.floor(random() * sharedCounters.length)] : undefined;
  const actions = [
    ...planned.map(({ action }) => action),
    ...(counter === undefined ? [] : [{ Update: countOf(counter) }]),
  ];
  const fate = await fateOf(client.send(new TransactWriteItemsCommand({ TransactItems: actions })));
  ledger.recordTogether(
    planned.flatMap(({ change }) => change ?? []),
    fate,
  );
  if (counter !== undefined) ledger.recordIncrement(counter, fate);
  return fate;
}

function changeOf(
  id: string,
  { ledger, random }: Pick<Drill, "ledger" | "random">,
): { action: TransactWriteItem; change?: Change } {
  const before = ledger.current(id);
  const share = random();
  if (share < 0.3) {
    const next = newItem(id, random);
    return { action: { Put: { TableName: tableName, Item: attributesOf(next) } }, change: { id, next } };
  }
  if (share < 0.7) {
    const next = { ...newItem(id, random), count: (before?.count ?? 0) + 1 };
    return { action: { Update: incrementOf(before, next) }, change: { id, next } };
  }
  if (share < 0.85) {
    return { action: { Delete: { TableName: tableName, Key: keyOf(id) } }, change: { id, next: undefined } };
  }
  const check = { TableName: tableName, Key: keyOf(id) };
  if (before === undefined)
    return { action: { ConditionCheck: { ...check, ConditionExpression: "attribute_not_exists(id)" } } };
  return {
    action: {
      ConditionCheck: {
        ...check,
        ConditionExpression: "#token = :before",
        ExpressionAttributeNames: { "#token": "token" },
        ExpressionAttributeValues: { ":before": { S: before.token } },
      },
    },
  };
}
