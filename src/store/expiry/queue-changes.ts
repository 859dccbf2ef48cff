/** The beginning and the end of queues of expiry, with the changes of the definitions that they follow from. */
import type { Transaction } from "../../engine/engine.ts";
import { encodeBuildRecord, newBuild } from "../indexes/build-record.ts";
import type { Table } from "../table.ts";
import { fillKey, queueKey, type QueueRef } from "./expiry-keys.ts";
import { keptQueueId } from "./expiry-state.ts";

/** What is kept under a queue's key. */
export const queueStates = { kept: Uint8Array.of(0), removed: Uint8Array.of(1) } as const;

/**
 * Stages what a change of a table's definition does to its queue; answers whether that leaves work to do. A table that
 * is removed has no `after`, a new one no `before`.
 */
export function stageQueues(
  transaction: Transaction,
  { before, after }: { readonly before: Table | undefined; readonly after: Table | undefined },
): boolean {
  const was = queueOf(before);
  const is = queueOf(after);
  if (was?.queueId === is?.queueId) return false;
  if (was !== undefined) {
    transaction.put(queueKey(was), queueStates.removed);
    transaction.delete(fillKey(was));
  }
  if (is !== undefined && after !== undefined) {
    const record = newBuild({ tableName: after.definition.name, indexName: "", startsAt: undefined });
    transaction.put(queueKey(is), queueStates.kept);
    transaction.put(fillKey(is), encodeBuildRecord(record));
  }
  return true;
}

function queueOf(table: Table | undefined): QueueRef | undefined {
  const queueId = keptQueueId(table?.definition.expiry);
  return table === undefined || queueId === undefined ? undefined : { tableId: table.id, queueId };
}
