import { incompleteShardFilter } from "../../model/messages/streams.ts";
import { shardNameOf } from "../../model/shard-name.ts";
import type { ShardFilter } from "../../model/types.generated.ts";
import { orderOf } from "../../store/key-attributes.ts";
import { defineOperation } from "../operation.ts";
import { describeShards } from "../streams/shard-descriptions.ts";
import { checkShardName, existingStream } from "../streams/stream-reference.ts";
import { streamStatusOf } from "../streams/stream-status.ts";
import { keySchemaElements } from "../tables/index-key-schema.ts";

const shardsMax = 100;

/** Tells of a stream and its shards. */
export const describeStream = defineOperation({
  name: "DescribeStream",
  effect: "admin",
  wording: "older",
  resources: (input) => [input.StreamArn],

  prepare(input) {
    const { StreamArn: arn, ExclusiveStartShardId: start, ShardFilter: filter, Limit: limit } = input;
    return { arn, start, parent: parentIn(filter), shardsMax: limit ?? shardsMax };
  },

  async execute({ arn, start, parent, shardsMax }, context) {
    const stream = await existingStream(context, arn);
    const { shards, more } = await context.store.changeLog.shards(stream, {
      afterShardId: start === undefined ? undefined : checkShardName(stream, start).shardId,
      parentId: parent === undefined ? undefined : checkShardName(stream, parent).shardId,
      shardsMax,
    });
    const last = shards.at(-1);
    return {
      StreamDescription: {
        StreamArn: arn,
        StreamLabel: stream.label,
        StreamStatus: await streamStatusOf(context, stream),
        StreamViewType: stream.viewType,
        CreationRequestDateTime: stream.enabledAt / 1000,
        TableName: stream.tableName,
        KeySchema: keySchemaElements(orderOf(stream.keySchema)),
        Shards: await describeShards(context, stream, shards),
        LastEvaluatedShardId: more && last !== undefined ? shardNameOf(last) : undefined,
      },
    };
  },
});

/** The shard whose children are asked for. */
function parentIn(filter: ShardFilter | undefined): string | undefined {
  if (filter === undefined) return undefined;
  if (filter.Type === undefined) throw incompleteShardFilter("type");
  if (filter.ShardId === undefined) throw incompleteShardFilter("shardId");
  return filter.ShardId;
}
