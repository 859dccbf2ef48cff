/** What the service tells of the shards of a stream. */
import { sequenceNumberOf } from "../../model/sequence-number.ts";
import { shardNameOf } from "../../model/shard-name.ts";
import type { Shard as ShardDescription } from "../../model/types.generated.ts";
import type { Shard, Stream } from "../../store/change-log/change-log.ts";
import type { Context } from "../operation.ts";
import { holds } from "./stream-reference.ts";

export async function describeShards(
  context: Context,
  stream: Stream,
  shards: readonly Shard[],
): Promise<readonly ShardDescription[]> {
  const names = new Map(shards.map((shard) => [shard.shardId, shardNameOf(shard)]));
  const descriptions: ShardDescription[] = [];
  for (const shard of shards) {
    const { parentId } = shard;
    if (parentId !== undefined && !names.has(parentId) && holds(stream, parentId)) {
      const parent = await context.store.changeLog.shard({ tableId: stream.tableId, shardId: parentId });
      if (parent !== undefined) names.set(parentId, shardNameOf(parent));
    }
    descriptions.push(describeShard(shard, parentId === undefined ? undefined : names.get(parentId)));
  }
  return descriptions;
}

/** `parent` is absent, too, where nothing is left of that shard. */
function describeShard(shard: Shard, parent: string | undefined): ShardDescription {
  const { startSequence, end } = shard;
  return {
    ShardId: shardNameOf(shard),
    SequenceNumberRange: {
      StartingSequenceNumber: sequenceNumberOf(startSequence),
      EndingSequenceNumber: end && sequenceNumberOf(end.sequence),
    },
    ParentShardId: parent,
  };
}
