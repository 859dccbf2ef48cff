import { assert } from "../../base/assert.ts";
import type { Item } from "../../model/attribute-value.ts";
import { notOneWriteRequest, tooManyItems } from "../../model/messages/batches.ts";
import type { ConsumedCapacity, WriteRequest } from "../../model/types.generated.ts";
import type { Wording } from "../../model/wording.ts";
import type { Outcome, Write } from "../../store/write.ts";
import { checkItem } from "../../values/check.ts";
import { checkNoDuplicates } from "../batch-keys.ts";
import {
  consumedCapacity,
  sumOfUses,
  useOfWrite,
  type CapacityDetail,
  type CapacityUse,
} from "../consumed-capacity.ts";
import { checkKey, keyOfBatchItem } from "../item-key.ts";
import { checkedItemSize } from "../item-size.ts";
import { defineOperation, type Context } from "../operation.ts";
import { activeTable } from "../table-reference.ts";

const wording: Wording = "older";

const requestsMax = 25;

/** Puts and deletes up to 25 items of one or more tables, each on its own. */
export const batchWriteItem = defineOperation({
  name: "BatchWriteItem",
  effect: "write",
  wording,
  resources: (input) => Object.keys(input.RequestItems),

  prepare(input) {
    const blocks = Object.entries(input.RequestItems);
    const requestsCount = blocks.reduce((count, [, requests]) => count + requests.length, 0);
    if (requestsCount > requestsMax) throw tooManyItems("BatchWriteItem");
    return {
      blocks: blocks.map(([tableName, requests]) => ({ tableName, changes: requests.map(readRequest) })),
      capacityDetail: input.ReturnConsumedCapacity,
    };
  },

  async execute({ blocks, capacityDetail }, context) {
    const planned: BlockWrites[] = [];
    for (const block of blocks) planned.push(await planBlock(block, context));
    checkNoItemTwice(planned);
    // The service promises less: that each write happens on its own. All at once is one flush.
    const outcomes = await context.store.write(planned.flatMap(({ writes }) => writes));
    return {
      UnprocessedItems: {},
      ConsumedCapacity: capacities(planned, outcomes, capacityDetail),
    };
  },
});

/** One element of the batch: an item to put, or the key of one to delete. */
type RequestedChange =
  | { readonly kind: "put"; readonly item: Item; readonly sizeBytes: number }
  | { readonly kind: "delete"; readonly key: Item };

function readRequest({ PutRequest: put, DeleteRequest: remove }: WriteRequest): RequestedChange {
  if (put !== undefined && remove === undefined) {
    const item = checkItem(put.Item, wording);
    return { kind: "put", item, sizeBytes: checkedItemSize(item) };
  }
  if (remove !== undefined && put === undefined) {
    return { kind: "delete", key: checkItem(remove.Key, wording) };
  }
  throw notOneWriteRequest();
}

interface Block {
  readonly tableName: string;
  readonly changes: readonly RequestedChange[];
}

interface BlockWrites {
  readonly tableName: string;
  readonly writes: readonly Write[];
}

async function planBlock({ tableName, changes }: Block, context: Context): Promise<BlockWrites> {
  const table = await activeTable(context, tableName);
  const { keySchema } = table.definition;
  const writes = changes.map((change): Write => {
    if (change.kind === "put") return { table, key: keyOfBatchItem(keySchema, change.item), change };
    return { table, key: checkKey(keySchema, change.key), change: { kind: "delete" } };
  });
  return { tableName, writes };
}

/** A table may be named twice, by its name and its ARN. */
function checkNoItemTwice(blocks: readonly BlockWrites[]): void {
  const keysByTable = new Map<number, Item[]>();
  for (const { writes } of blocks) {
    for (const { table, key } of writes) {
      const keys = keysByTable.get(table.id);
      if (keys === undefined) keysByTable.set(table.id, [key]);
      else keys.push(key);
    }
  }
  for (const keys of keysByTable.values()) checkNoDuplicates(keys);
}

function capacities(
  blocks: readonly BlockWrites[],
  outcomes: readonly Outcome[],
  detail: CapacityDetail,
): readonly ConsumedCapacity[] | undefined {
  if (detail === undefined || detail === "NONE") return undefined;
  let next = 0;
  return blocks.flatMap(({ tableName, writes }) => {
    const part = outcomes.slice(next, next + writes.length);
    next += writes.length;
    return consumedCapacity(detail, tableName, sumOfUses(part.map(useOfBatchWrite))) ?? [];
  });
}

function useOfBatchWrite(outcome: Outcome): CapacityUse {
  assert(outcome.kind === "written", "a write without condition is not refused");
  return useOfWrite(outcome);
}
