/** The change log on an engine: what readers and the background see of it. Writers see `log-maintainer.ts`. */
import type { Clock } from "../../base/clock.ts";
import type { Engine } from "../../engine/engine.ts";
import type { AppendListeners } from "./append-listeners.ts";
import type { ChangeLog } from "./change-log.ts";
import { logsRange } from "./log-keys.ts";
import { locate, readRecords } from "./read-records.ts";
import { rollOver, type ShardBounds } from "./roll-over.ts";
import { readShard, readShards } from "./read-shards.ts";
import { openStreams } from "./open-streams.ts";
import { trimSome } from "./trim.ts";
import { logRecord } from "./log-records.ts";

export interface ChangeLogOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly listeners: AppendListeners;
  readonly bounds: ShardBounds;
}

export function openChangeLog({ engine, clock, listeners, bounds }: ChangeLogOptions): ChangeLog {
  return {
    streams: openStreams(engine),
    async logs({ afterTableId, logsMax }) {
      const range = logsRange(afterTableId);
      const { entries } = await engine.read((view) => view.scan(range, { entriesMax: logsMax }));
      return entries.map(({ value }) => logRecord.decode(value));
    },
    shards: (span, options) => engine.read((view) => readShards(view, span, options)),
    shard: (shard) => engine.read((view) => readShard(view, shard)),
    locate: (shard, position) => engine.read((view) => locate(view, shard, position)),
    read: (shard, request) => engine.read((view) => readRecords(view, shard, request)),
    follow: (listener) => listeners.add(listener),
    upkeep: {
      rollOver: (log) => rollOver(engine, log, { bounds, now: clock.now() }),
      trimSome: (log) => trimSome(engine, log, clock.now()),
    },
  };
}
