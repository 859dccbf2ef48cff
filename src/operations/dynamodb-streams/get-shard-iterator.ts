import {
  invalidSequenceNumber,
  sequenceNumberMissing,
  sequenceNumberSuperfluous,
  shardNotFound,
  trimmedData,
} from "../../model/messages/streams.ts";
import { sequenceNumberOf, sequenceOf } from "../../model/sequence-number.ts";
import type { GetShardIteratorInput } from "../../model/types.generated.ts";
import type { LogPosition, Shard } from "../../store/change-log/change-log.ts";
import { defineOperation, type Context } from "../operation.ts";
import { encodeIterator } from "../streams/shard-iterator.ts";
import { existingShard, existingStream } from "../streams/stream-reference.ts";

/** Says where in a shard reading is to begin. */
export const getShardIterator = defineOperation({
  name: "GetShardIterator",
  effect: "read",
  wording: "older",
  resources: (input) => [input.StreamArn],

  prepare(input) {
    const { StreamArn: streamArn, ShardId: shardName } = input;
    return { streamArn, shardName, position: positionIn(input) };
  },

  async execute({ streamArn, shardName, position }, context) {
    const stream = await existingStream(context, streamArn);
    const shard = await existingShard(context, stream, shardName);
    const place = await locate(context, shard, position);
    const issuedAt = context.clock.now();
    return {
      ShardIterator: encodeIterator({ streamArn, shardId: shard.shardId, after: place, issuedAt }),
    };
  },
});

function positionIn(input: GetShardIteratorInput): LogPosition {
  const { ShardIteratorType: type, SequenceNumber: sequenceNumber } = input;
  const kind = kinds[type];
  if (kind === "trim-horizon" || kind === "latest") {
    if (sequenceNumber !== undefined) throw sequenceNumberSuperfluous(type);
    return { kind };
  }
  if (sequenceNumber === undefined) throw sequenceNumberMissing(type);
  const sequence = sequenceOf(sequenceNumber);
  if (sequence === undefined) throw invalidSequenceNumber(sequenceNumber);
  return { kind, sequence };
}

const kinds = {
  TRIM_HORIZON: "trim-horizon",
  LATEST: "latest",
  AT_SEQUENCE_NUMBER: "at",
  AFTER_SEQUENCE_NUMBER: "after",
} as const;

/** The sequence behind which reading begins. */
async function locate(context: Context, shard: Shard, position: LogPosition): Promise<number> {
  const { changeLog } = context.store;
  if (position.kind === "at" || position.kind === "after") {
    const newest = await changeLog.locate(shard, { kind: "latest" });
    const last = newest?.kind === "found" ? newest.after : 0;
    checkInside(shard, position.sequence, last);
  }
  const place = await changeLog.locate(shard, position);
  if (place === undefined) throw shardNotFound();
  if (place.kind === "trimmed") throw trimmedData();
  return place.after;
}

/** A shard has a start, from which consumers begin, and once it is closed an end, whether or not it has records. */
function checkInside({ startSequence, end }: Shard, sequence: number, last: number): void {
  const high = Math.max(startSequence, last, end?.sequence ?? 0);
  if (sequence < startSequence || sequence > high) throw invalidSequenceNumber(sequenceNumberOf(sequence));
}
