import type { StoredItem } from "../stored-item.ts";
import type { KeySchema, Scope } from "../table.ts";
import type { ChangeOrigin, HashRange, OpenLogReader, StreamSettings } from "./log-state.ts";

/**
 * What changed, of every table whose changes somebody reads: one record an item that changed, written in the item's
 * own transaction. The log of a table is cut into shards; what happens to one item is in order within a shard, and from
 * a shard to its children.
 */
export interface ChangeLog {
  readonly streams: Streams;
  /** The logs there are, also of removed tables, in the order of their table ids: how background work finds them. */
  logs(options: { afterTableId?: number | undefined; logsMax: number }): Promise<readonly Log[]>;
  /** The shards of a stream, or of another reader's share of a log, in the order in which they were opened. */
  shards(span: ShardSpan, options: ShardsOptions): Promise<ShardList>;
  /** Undefined when there is no such shard, or no longer. */
  shard(shard: ShardRef): Promise<Shard | undefined>;
  /** Where to read on from: undefined when there is no such shard. */
  locate(shard: ShardRef, position: LogPosition): Promise<LogPlace | undefined>;
  /** Reads the records behind a sequence, as they stand in one consistent view. */
  read(shard: ShardRef, request: LogRequest): Promise<LogReading>;
  /**
   * Calls `listener` whenever this server has added to the log of a table; answers how to end that. It is a hint that
   * saves waiting: what other servers add is found by reading again after a while.
   */
  follow(listener: (tableId: number) => void): () => void;
  readonly upkeep: LogUpkeep;
}

/** The background's part. Every step is bounded, and safe to repeat and to run twice at once. */
export interface LogUpkeep {
  /** Closes the shards of a log that are old or large and opens their children; answers whether there were any. */
  rollOver(log: Log): Promise<boolean>;
  /** Erases a bounded part of what no reader needs any more; answers whether there may be more. */
  trimSome(log: Log): Promise<boolean>;
}

/** The log of one table. */
export interface Log {
  readonly tableId: number;
  readonly scope: Scope;
  readonly tableName: string;
  readonly keySchema: KeySchema;
  /** Those who read it beside its stream. */
  readonly readers: readonly OpenLogReader[];
  /** When the table was removed (milliseconds since the epoch). */
  readonly removedAt?: number | undefined;
}

/** One period during which a table had its stream enabled. */
export interface Stream extends StreamSettings, ShardSpan {
  readonly scope: Scope;
  readonly tableName: string;
  readonly keySchema: KeySchema;
  /** Milliseconds since the epoch. */
  readonly enabledAt: number;
  /** Absent while it is enabled. It stays readable for `streamRetentionMs`. */
  readonly disabledAt?: number | undefined;
}

/** How long records of streams, and disabled streams, are kept. */
export const streamRetentionMs = 24 * 60 * 60_000;

export interface Streams {
  /** By table name, then label; `after` need not exist (any more). */
  list(scope: Scope, options: StreamsOptions): Promise<StreamList>;
  /** Enabled or disabled, of a table there is or of one removed. */
  find(scope: Scope, tableName: string, label: string): Promise<Stream | undefined>;
}

export interface StreamsOptions {
  readonly tableName?: string | undefined;
  readonly after?: { readonly tableName: string; readonly label: string } | undefined;
  readonly streamsMax: number;
}

export interface StreamList {
  readonly streams: readonly Stream[];
  readonly more: boolean;
}

/** The shards of a table from one id until another. */
export interface ShardSpan {
  readonly tableId: number;
  readonly fromShardId: number;
  /** Absent: there is no end yet. */
  readonly untilShardId?: number | undefined;
}

export interface ShardsOptions {
  /** Behind the shard with this id. */
  readonly afterShardId?: number | undefined;
  /** Only the children of the shard with this id. */
  readonly parentId?: number | undefined;
  readonly shardsMax: number;
}

export interface ShardList {
  readonly shards: readonly Shard[];
  readonly more: boolean;
}

export interface ShardRef {
  readonly tableId: number;
  readonly shardId: number;
}

/** A part of a log: the records of a range of partition key hashes from its opening until its closing. */
export interface Shard extends ShardRef {
  /** The shard it took over from; that may be erased already. */
  readonly parentId?: number | undefined;
  readonly hashes: HashRange;
  /** Milliseconds since the epoch. */
  readonly openedAt: number;
  /** No record has a sequence below. */
  readonly startSequence: number;
  /** Records up to this sequence have been erased; `startSequence - 1` when none was. */
  readonly trimmedThrough: number;
  /** Of a closed shard. */
  readonly end?: { readonly sequence: number; readonly closedAt: number } | undefined;
}

export type LogPosition =
  /** Before the oldest record there is. */
  | { readonly kind: "trim-horizon" }
  /** Behind the newest one. */
  | { readonly kind: "latest" }
  | { readonly kind: "at"; readonly sequence: number }
  | { readonly kind: "after"; readonly sequence: number };

export type LogPlace =
  | { readonly kind: "found"; readonly after: number }
  /** What was there has been erased. */
  | { readonly kind: "trimmed" };

export interface LogRequest {
  /** The sequence of the last record that the reader has seen, or what `locate` answered. */
  readonly after: number;
  readonly recordsMax: number;
  /** Of records as stored; a single record may be larger. */
  readonly bytesMax: number;
}

export type LogReading =
  | {
      readonly kind: "records";
      readonly records: readonly ChangeRecord[];
      /** From where to read on. */
      readonly after: number;
      /** Nothing will ever come behind these records: the shard is closed, and go on with its children. */
      readonly ended: boolean;
    }
  /** Records behind `after` have been erased before they were read. */
  | { readonly kind: "trimmed" }
  /** There is no such shard, or no longer. */
  | { readonly kind: "gone" };

/** One change of one item. */
export interface ChangeRecord {
  /** Grows within a shard and from a shard to its children. */
  readonly sequence: number;
  readonly kind: "insert" | "modify" | "remove";
  /** Milliseconds since the epoch. */
  readonly writtenAt: number;
  readonly origin: ChangeOrigin;
  /** At least the primary key's attributes, or an image that holds them. */
  readonly key: StoredItem;
  /** Where the log keeps it and the item was there. */
  readonly before: StoredItem | undefined;
  readonly after: StoredItem | undefined;
}
