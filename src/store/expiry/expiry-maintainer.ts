/** Keeps the queues of expiry in step with the items of their tables. */
import type { Transaction } from "../../engine/engine.ts";
import type { Maintainer, MaintainerOf, PlannedWrite } from "../maintainer.ts";
import type { WrittenOutcome } from "../write.ts";
import { entryKey } from "./expiry-keys.ts";
import { keptQueueId } from "./expiry-state.ts";
import { expirySecond } from "./expiry-time.ts";

export const expiryMaintainer: MaintainerOf = (writes) =>
  writes.some(({ write }) => keptQueueId(write.table.definition.expiry) !== undefined)
    ? maintainer
    : undefined;

const maintainer: Maintainer = {
  keys: [],
  prepare: ({ transaction, writes, written }) => ({
    stage() {
      writes.forEach((planned, index) => {
        const outcome = written[index];
        if (outcome !== undefined) stageEntry(transaction, planned, outcome);
      });
    },
  }),
};

/** What an entry says is all in its key. */
export const entryValue = new Uint8Array(0);

/**
 * An item from before the queue may have no entry yet: erasing it does no harm, and where the second stays as it is,
 * whoever fills the queue comes by.
 */
function stageEntry(
  transaction: Transaction,
  { write: { table }, key }: PlannedWrite,
  { before, after }: WrittenOutcome,
): void {
  const { expiry } = table.definition;
  const queueId = keptQueueId(expiry);
  if (expiry === undefined || queueId === undefined || before === after) return;
  const queue = { tableId: table.id, queueId };
  const was = expirySecond(before?.item, expiry.attribute);
  const is = expirySecond(after?.item, expiry.attribute);
  if (was === is) return;
  if (was !== undefined) transaction.delete(entryKey(queue, was, key));
  if (is !== undefined) transaction.put(entryKey(queue, is, key), entryValue);
}
