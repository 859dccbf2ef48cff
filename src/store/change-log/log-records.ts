/** What the engine keeps of a log beside its records of changes. */
import { jsonRecord } from "../json-record.ts";
import type { Log, Shard, Stream } from "./change-log.ts";
import type { Cursor } from "./cursors.ts";

/** From a shard's opening until its last record has been erased. */
export const shardRecord = jsonRecord<Shard>();

/** Outlives the table. */
export const streamRecord = jsonRecord<Stream>();

export const cursorRecord = jsonRecord<Cursor>();

/** Tells that there is a log, and all that is needed of its table once that was removed. */
export const logRecord = jsonRecord<KeptLog>();

export interface KeptLog extends Log {
  /** Grows with every shard: who found the log empty sees by it whether that still holds. */
  readonly nextShardId: number;
}
