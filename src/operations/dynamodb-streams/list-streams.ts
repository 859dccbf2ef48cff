import { arnOf, checkStreamArn, isOver } from "../streams/stream-reference.ts";
import { defineOperation } from "../operation.ts";

const streamsMax = 100;

/** Names the caller's streams, of one table or of all; also those that were disabled within a day. */
export const listStreams = defineOperation({
  name: "ListStreams",
  effect: "admin",
  wording: "older",
  resources: () => [],

  prepare(input) {
    const { ExclusiveStartStreamArn: start, TableName: tableName, Limit: limit = streamsMax } = input;
    return { tableName, after: start === undefined ? undefined : checkStreamArn(start), streamsMax: limit };
  },

  async execute(options, { store, caller, clock }) {
    const { streams, more } = await store.changeLog.streams.list(caller, options);
    const last = streams.at(-1);
    return {
      Streams: streams
        .filter((stream) => !isOver(stream, clock.now()))
        .map((stream) => ({
          StreamArn: arnOf(stream),
          TableName: stream.tableName,
          StreamLabel: stream.label,
        })),
      LastEvaluatedStreamArn: more && last !== undefined ? arnOf(last) : undefined,
    };
  },
});
