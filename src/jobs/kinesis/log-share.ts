import type { Shard } from "../../store/change-log/change-log.ts";
import type { OpenLogReader } from "../../store/change-log/log-state.ts";
import type { DeliveryTools } from "./delivery-tools.ts";

/** What of a log is a destination's: the shards since it was enabled. */
export interface LogShare {
  readonly tableId: number;
  readonly reader: OpenLogReader;
}

const shardsPerPage = 100;
const abandoningMs = 5_000;

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

/** Gives up all that is still to be delivered, so that nobody keeps it; answers false where another server delivers. */
export async function abandon(
  share: LogShare,
  tools: Pick<DeliveryTools, "store" | "owner">,
): Promise<boolean> {
  const { store, owner } = tools;
  for (const shard of await shardsOf(share, tools)) {
    const name = { readerId: share.reader.id, shard };
    const claim = { owner, leaseMs: abandoningMs, startAfter: shard.startSequence - 1 };
    const cursor = await store.cursors.claim(name, claim);
    if (cursor === undefined) return false;
    await store.cursors.advance(cursor, { after: cursor.after, finished: true, leaseMs: 0 });
  }
  return true;
}
