import { invalidShardIterator, shardNotFound, trimmedData } from "../../model/messages/streams.ts";
import { streamRecord } from "../../model/stream-record.ts";
import { viewChanges } from "../../store/change-log/viewed-change.ts";
import { defineOperation } from "../operation.ts";
import { decodeIterator, encodeIterator } from "../streams/shard-iterator.ts";
import { existingStream, holds } from "../streams/stream-reference.ts";

const recordsMax = 1000;
const bytesMax = 1_048_576;

/** Reads the next records of a shard. */
export const getRecords = defineOperation({
  name: "GetRecords",
  effect: "read",
  wording: "older",
  resources: (input) => [input.ShardIterator.split("|", 1)[0] ?? ""],

  prepare: (input) => ({ iterator: input.ShardIterator, recordsMax: input.Limit ?? recordsMax }),

  async execute({ iterator, recordsMax }, context) {
    const { store, clock } = context;
    const { streamArn, shardId, after } = decodeIterator(iterator, clock.now());
    const stream = await existingStream(context, streamArn);
    if (!holds(stream, shardId)) throw invalidShardIterator();
    const shard = { tableId: stream.tableId, shardId };
    const reading = await store.changeLog.read(shard, { after, recordsMax, bytesMax });
    if (reading.kind === "gone") throw shardNotFound();
    if (reading.kind === "trimmed") throw trimmedData();
    const next = { streamArn, shardId, after: reading.after, issuedAt: clock.now() };
    return {
      Records: viewChanges(stream, shard, reading.records).map(streamRecord),
      NextShardIterator: reading.ended ? undefined : encodeIterator(next),
    };
  },
});
