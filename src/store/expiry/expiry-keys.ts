/** The key bytes of expiry: as in `keyspace.ts`, numbers are on disk and never reused. */
import { bufferOf } from "../../base/bytes.ts";
import type { KeyRange } from "../../engine/engine.ts";
import { Keyspace, prefixRange } from "../keyspace.ts";
import type { Seconds } from "./expiry-time.ts";

const ExpiryPart = { entry: 0, queue: 1, fill: 2 } as const;

/** The items of a table by the time of their expiry. */
export interface QueueRef {
  readonly tableId: number;
  readonly queueId: number;
}

/** Keyspace byte, part, table id, queue id. */
const queueKeyBytes = 1 + 1 + 4 + 4;
const secondBytes = 5;
/** What items' keys begin with: keyspace byte, table id. */
const itemHeadBytes = 1 + 4;

/** Leads to an item when its time is over: the second, then what is the item's own in its key. */
export function entryKey(queue: QueueRef, second: number, itemKey: Uint8Array): Uint8Array {
  const key = Buffer.allocUnsafe(queueKeyBytes + secondBytes + itemKey.length - itemHeadBytes);
  writeQueue(key, ExpiryPart.entry, queue);
  key.writeUIntBE(second, queueKeyBytes, secondBytes);
  key.set(itemKey.subarray(itemHeadBytes), queueKeyBytes + secondBytes);
  return key;
}

export function itemKeyOfEntry(entryKeyBytes: Uint8Array): Uint8Array {
  const ownPart = entryKeyBytes.subarray(queueKeyBytes + secondBytes);
  const key = Buffer.allocUnsafe(itemHeadBytes + ownPart.length);
  key[0] = Keyspace.item;
  key.set(entryKeyBytes.subarray(2, 2 + 4), 1);
  key.set(ownPart, itemHeadBytes);
  return key;
}

/** The entries of the items that expire in these seconds. */
export function entriesRange(queue: QueueRef, { from, until }: Seconds): KeyRange {
  const bound = (second: number) => {
    const key = Buffer.allocUnsafe(queueKeyBytes + secondBytes);
    writeQueue(key, ExpiryPart.entry, queue);
    key.writeUIntBE(second, queueKeyBytes, secondBytes);
    return key;
  };
  return { from: bound(from), until: bound(until) };
}

export function allEntriesRange(queue: QueueRef): KeyRange {
  return prefixRange(partKey(ExpiryPart.entry, queue));
}

/** Says that there is a queue, until the last of its entries is gone. */
export function queueKey(queue: QueueRef): Uint8Array {
  return partKey(ExpiryPart.queue, queue);
}

/** How far the queue has been filled with the items from before; absent once it is full. */
export function fillKey(queue: QueueRef): Uint8Array {
  return partKey(ExpiryPart.fill, queue);
}

/** The queues behind one of them. */
export function queuesRange(after: QueueRef | undefined): KeyRange {
  const { from, until } = prefixRange(Buffer.of(Keyspace.expiry, ExpiryPart.queue));
  return { from: after === undefined ? from : prefixRange(queueKey(after)).until, until };
}

export function queueInKey(key: Uint8Array): QueueRef {
  const bytes = bufferOf(key);
  return { tableId: bytes.readUInt32BE(2), queueId: bytes.readUInt32BE(6) };
}

function partKey(part: number, queue: QueueRef): Uint8Array {
  const key = Buffer.allocUnsafe(queueKeyBytes);
  writeQueue(key, part, queue);
  return key;
}

function writeQueue(key: Buffer, part: number, { tableId, queueId }: QueueRef): void {
  key[0] = Keyspace.expiry;
  key[1] = part;
  key.writeUInt32BE(tableId, 2);
  key.writeUInt32BE(queueId, 6);
}
