import type { ReadView } from "../../engine/engine.ts";
import type { Shard, ShardList, ShardRef, ShardsOptions, ShardSpan } from "./change-log.ts";
import { shardKey, shardsRange } from "./log-keys.ts";
import { shardRecord } from "./log-records.ts";

export async function readShard(view: ReadView, ref: ShardRef): Promise<Shard | undefined> {
  const [value] = await view.getMany([shardKey(ref)]);
  return value === undefined ? undefined : shardRecord.decode(value);
}

export async function readShards(
  view: ReadView,
  span: ShardSpan,
  { afterShardId = 0, parentId, shardsMax }: ShardsOptions,
): Promise<ShardList> {
  const { tableId, fromShardId, untilShardId } = span;
  // Children are younger than their parent.
  const from = Math.max(fromShardId, afterShardId + 1, (parentId ?? 0) + 1);
  if (untilShardId !== undefined && from >= untilShardId) return { shards: [], more: false };
  const range = shardsRange(tableId, from, untilShardId);
  // There are no more of a parent's children than shards of a table, of which a day sees some dozens.
  const entriesMax = parentId === undefined ? shardsMax : Number.MAX_SAFE_INTEGER;
  const { entries, exhausted } = await view.scan(range, { entriesMax });
  const shards = entries.map(({ value }) => withinSpan(shardRecord.decode(value), span));
  if (parentId === undefined) return { shards, more: !exhausted };
  const children = shards.filter((shard) => shard.parentId === parentId);
  return { shards: children.slice(0, shardsMax), more: children.length > shardsMax };
}

/** The first shards of a stream have no parents in it, though they took over from shards that others read. */
function withinSpan(shard: Shard, { fromShardId }: ShardSpan): Shard {
  const hasParent = shard.parentId !== undefined && shard.parentId >= fromShardId;
  return hasParent ? shard : { ...shard, parentId: undefined };
}
