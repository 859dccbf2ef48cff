import type { Shard } from "../../store/change-log/change-log.ts";
import type { OpenLogReader } from "../../store/change-log/log-state.ts";
import type { DeliveryTools } from "./delivery-tools.ts";

/** What of a log is a destination's: the shards since it was enabled. */
export interface LogShare {
  readonly tableId: number;
  readonly reader: OpenLogReader;
}

const shardsPerPage = 100;
/** Cursors are not leased: whoever delivers to a destination has all of them. */
export const leaseMs = 0;

export async function shardsOf(
  { tableId, reader }: LogShare,
  { store }: Pick<DeliveryTools, "store">,
): Promise<readonly Shard[]> {
  const span = { tableId, fromShardId: reader.fromShardId };
  const shards: Shard[] = [];
  for (;;) {
    const afterShardId = shards.at(-1)?.shardId;
    const page = await store.changeLog.shards(span, { afterShardId, shardsMax: shardsPerPage });
    shards.push(...page.shards);
    if (!page.more) return shards;
  }
}

/** Gives up all that is still to be delivered, so that nobody keeps it. */
export async function abandon(share: LogShare, tools: Pick<DeliveryTools, "store" | "owner">): Promise<void> {
  const { store, owner } = tools;
  const cursors = await store.cursors.list(share.reader.id);
  const finished = new Set(cursors.flatMap((cursor) => (cursor.finished ? [cursor.shard.shardId] : [])));
  for (const shard of await shardsOf(share, tools)) {
    if (finished.has(shard.shardId)) continue;
    const name = { readerId: share.reader.id, shard };
    const cursor = await store.cursors.claim(name, { owner, leaseMs, startAfter: shard.startSequence - 1 });
    if (cursor !== undefined)
      await store.cursors.advance(cursor, { after: cursor.after, finished: true, leaseMs });
  }
}
