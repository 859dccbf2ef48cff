import type { Projection } from "../../expressions/projection.ts";
import type { ReadPart } from "../../expressions/request.ts";
import type { Item } from "../../model/attribute-value.ts";
import { itemTwiceInTransaction, transactionTooLarge } from "../../model/messages/transactions.ts";
import type { Get, ItemResponse } from "../../model/types.generated.ts";
import type { Wording } from "../../model/wording.ts";
import type { ItemRead } from "../../store/store.ts";
import type { StoredItem } from "../../store/stored-item.ts";
import { checkItem } from "../../values/check.ts";
import { nameOneItemTwice } from "../items/batch-keys.ts";
import { cancelling, checkUncontended } from "../transactions/cancellation.ts";
import { readActionParameters } from "../expression-parameters.ts";
import { checkKey, checkKeyValues } from "../items/item-key.ts";
import { defineOperation, type Context } from "../operation.ts";
import { projected } from "../items/returned-projection.ts";
import { activeTable } from "../table-reference.ts";
import { transactionBytesMax } from "../transactions/transaction-actions.ts";
import { capacitiesByTable, useOfTransactionalRead } from "../transactions/transaction-capacity.ts";

const wording: Wording = "older";

/** Reads up to 100 items of one or more tables as they were at one moment. */
export const transactGetItems = defineOperation({
  name: "TransactGetItems",
  effect: "read",
  wording,
  resources: (input) => [...new Set(input.TransactItems.map(({ Get: get }) => get.TableName))],

  prepare(input) {
    const gets = input.TransactItems.map(({ Get: get }) => readGet(get));
    for (const { checkUsed } of gets) checkUsed();
    return { gets, capacityDetail: input.ReturnConsumedCapacity };
  },

  async execute({ gets, capacityDetail }, context) {
    const reads = await planReads(gets, context);
    checkUncontended(context.store.contended(reads));
    const items = await context.store.readItems(reads, "strong");
    checkTransactionSize(items);
    const uses = reads.map(({ table }, position) => ({
      table,
      tableName: gets[position]?.tableName ?? "",
      use: useOfTransactionalRead(items[position]?.sizeBytes ?? 0),
    }));
    return {
      ConsumedCapacity: capacitiesByTable(capacityDetail, uses, "read"),
      Responses: items.map((item, position) => response(item, gets[position]?.projection)),
    };
  },
});

interface RequestedGet extends Pick<ReadPart, "checkUsed"> {
  readonly tableName: string;
  readonly key: Item;
  readonly projection: Projection | undefined;
}

function readGet(get: Get): RequestedGet {
  const { expressions, checkUsed } = readActionParameters(get, wording);
  const key = checkItem(get.Key, wording);
  return { tableName: get.TableName, key, projection: expressions.projection, checkUsed };
}

/** Checks the keys against their tables: what ends the request first, then what cancels the transaction. */
async function planReads(gets: readonly RequestedGet[], context: Context): Promise<readonly ItemRead[]> {
  const given: ItemRead[] = [];
  for (const { tableName, key } of gets) given.push({ table: await activeTable(context, tableName), key });
  for (const { table, key } of given) checkKeyValues(table.definition.keySchema, key);
  const reads = given.map(({ table, key }, position) =>
    cancelling({ position, count: given.length }, () => ({
      table,
      key: checkKey(table.definition.keySchema, key),
    })),
  );
  if (nameOneItemTwice(reads)) throw itemTwiceInTransaction();
  return reads;
}

function checkTransactionSize(items: readonly (StoredItem | undefined)[]): void {
  const bytes = items.reduce((sum, item) => sum + (item?.sizeBytes ?? 0), 0);
  if (bytes > transactionBytesMax) throw transactionTooLarge();
}

/** An absent item and one of which nothing was asked for look the same. */
function response(item: StoredItem | undefined, projection: Projection | undefined): ItemResponse {
  if (item === undefined) return {};
  const part = projected(projection, item);
  return part === item || Object.keys(part).length > 0 ? { Item: part } : {};
}
