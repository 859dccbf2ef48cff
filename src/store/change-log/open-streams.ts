import type { Engine } from "../../engine/engine.ts";
import type { Streams } from "./change-log.ts";
import { streamRange, streamsRange } from "./log-keys.ts";
import { streamRecord } from "./log-records.ts";

export function openStreams(engine: Engine): Streams {
  return {
    async list(scope, { tableName, after, streamsMax }) {
      const range = streamsRange(scope, tableName, after);
      const { entries, exhausted } = await engine.read((view) =>
        view.scan(range, { entriesMax: streamsMax }),
      );
      return { streams: entries.map(({ value }) => streamRecord.decode(value)), more: !exhausted };
    },
    async find(scope, tableName, label) {
      const range = streamRange({ scope, tableName, label });
      const { entries } = await engine.read((view) => view.scan(range, { entriesMax: 1, reverse: true }));
      return entries.map(({ value }) => streamRecord.decode(value))[0];
    },
  };
}
