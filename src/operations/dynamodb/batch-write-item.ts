import { assert } from "../../base/assert.ts";
import type { Item } from "../../model/attribute-value.ts";
import { duplicateKeys, notOneWriteRequest, tooManyItems } from "../../model/messages/batches.ts";
import type { ConsumedCapacity, ItemCollectionMetrics, WriteRequest } from "../../model/types.generated.ts";
import type { Wording } from "../../model/wording.ts";
import type { Store } from "../../store/store.ts";
import type { Table } from "../../store/table.ts";
import type { Outcome, Write, WrittenOutcome } from "../../store/write.ts";
import { checkItem } from "../../values/check.ts";
import { nameOneItemTwice } from "../items/batch-keys.ts";
import { byName } from "../by-name.ts";
import { consumedCapacity, sumOfUses, useOfWrite, type CapacityDetail } from "../consumed-capacity.ts";
import {
  itemCollectionsMetrics,
  type DoneWrite,
  type MetricsDetail,
} from "../items/item-collection-metrics.ts";
import { checkBatchItem } from "../items/item-key.ts";
import { checkedItemSize } from "../items/item-size.ts";
import { deleteWrite, putWrite } from "../items/item-writes.ts";
import { defineOperation, type Context, type Output } from "../operation.ts";
import { activeTable } from "../table-reference.ts";
import { checkWritten } from "../items/write-condition.ts";

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
      blocks: blocks.map(([tableName, requests]) => ({
        tableName,
        changes: requests.map((given) => ({ given, change: readRequest(given) })),
      })),
      capacityDetail: input.ReturnConsumedCapacity,
      metricsDetail: input.ReturnItemCollectionMetrics,
    };
  },

  async execute({ blocks, capacityDetail, metricsDetail }, context) {
    const planned: PlannedBlock[] = [];
    for (const block of blocks) planned.push(await planBlock(block, context));
    const requests = planned.flatMap((block) => block.requests);
    if (nameOneItemTwice(requests.map(({ write }) => write))) throw duplicateKeys();
    const outcomes = await applyRequests(requests, context.store);
    const done = planned.map((block) => blockOutcome(block, outcomes));
    return {
      UnprocessedItems: unprocessedItems(done),
      ConsumedCapacity: capacities(done, capacityDetail),
      ItemCollectionMetrics: collectionMetrics(done, metricsDetail),
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
  readonly changes: readonly { readonly given: WriteRequest; readonly change: RequestedChange }[];
}

interface PlannedBlock {
  readonly tableName: string;
  readonly requests: readonly PlannedRequest[];
}

interface PlannedRequest {
  /** As the client gave it, to be handed back where it could not be done. */
  readonly given: WriteRequest;
  readonly write: Write;
}

async function planBlock({ tableName, changes }: Block, context: Context): Promise<PlannedBlock> {
  const table = await activeTable(context, tableName);
  return {
    tableName,
    requests: changes.map(({ given, change }) => ({ given, write: planWrite(table, change) })),
  };
}

function planWrite(table: Table, change: RequestedChange): Write {
  if (change.kind === "delete") return deleteWrite(table, change.key);
  checkBatchItem(table.definition.keySchema, change.item);
  return putWrite(table, change);
}

/**
 * What became of the requests that were done. The service promises less than the store: that each happens on its own.
 * All at once is one flush. Requests for items that a transaction is writing are left for the client to send again.
 */
async function applyRequests(
  requests: readonly PlannedRequest[],
  store: Store,
): Promise<ReadonlyMap<PlannedRequest, WrittenOutcome>> {
  let left = requests;
  for (;;) {
    const outcomes = await store.write(left.map(({ write }) => write));
    if (outcomes.every(({ kind }) => kind !== "conflict")) {
      return new Map(left.map((request, index) => [request, writtenOutcome(outcomes[index])]));
    }
    left = left.filter((_, index) => outcomes[index]?.kind === "untouched");
  }
}

function writtenOutcome(outcome: Outcome | undefined): WrittenOutcome {
  assert(outcome !== undefined && outcome.kind !== "refused", "a write without condition is not refused");
  return checkWritten(outcome);
}

/** What of one block was done, and what was not. */
interface BlockOutcome {
  readonly tableName: string;
  readonly done: readonly DoneWrite[];
  readonly unprocessed: readonly WriteRequest[];
}

function blockOutcome(
  { tableName, requests }: PlannedBlock,
  outcomes: ReadonlyMap<PlannedRequest, WrittenOutcome>,
): BlockOutcome {
  const done: DoneWrite[] = [];
  const unprocessed: WriteRequest[] = [];
  for (const request of requests) {
    const outcome = outcomes.get(request);
    if (outcome === undefined) unprocessed.push(request.given);
    else done.push({ write: request.write, outcome });
  }
  return { tableName, done, unprocessed };
}

function unprocessedItems(blocks: readonly BlockOutcome[]): Output<"BatchWriteItem">["UnprocessedItems"] {
  const left = blocks.filter(({ unprocessed }) => unprocessed.length > 0);
  return byName(new Map(left.map(({ tableName, unprocessed }) => [tableName, unprocessed])));
}

function capacities(
  blocks: readonly BlockOutcome[],
  detail: CapacityDetail,
): readonly ConsumedCapacity[] | undefined {
  if (detail === undefined || detail === "NONE") return undefined;
  return blocks.flatMap(({ tableName, done }) => {
    if (done.length === 0) return [];
    const use = sumOfUses(done.map(({ outcome }) => useOfWrite(outcome)));
    return consumedCapacity(detail, tableName, use) ?? [];
  });
}

function collectionMetrics(
  blocks: readonly BlockOutcome[],
  detail: MetricsDetail,
): Output<"BatchWriteItem">["ItemCollectionMetrics"] {
  const byTable = new Map<string, readonly ItemCollectionMetrics[]>();
  for (const { tableName, done } of blocks) {
    const metrics = itemCollectionsMetrics(detail, done);
    if (metrics.length > 0) byTable.set(tableName, metrics);
  }
  return byTable.size === 0 ? undefined : byName(byTable);
}
