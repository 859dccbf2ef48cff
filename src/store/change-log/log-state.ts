/** What a table's definition says of its change log. */

/** A stream that is enabled: from its beginning to its end these do not change. */
export interface StreamSettings {
  /** The time of its beginning, as it stands in the stream's ARN. Unique among the streams of a table. */
  readonly label: string;
  readonly viewType: "KEYS_ONLY" | "NEW_IMAGE" | "OLD_IMAGE" | "NEW_AND_OLD_IMAGES";
}

/** Somebody beside the stream for whom a log is kept, such as a Kinesis destination. */
export interface LogReader {
  /** Under which its cursors are kept: unique among the readers of all tables, without the character NUL. */
  readonly id: string;
  readonly images: LogImages;
  /** How long a record is kept that its cursor has not passed, in milliseconds. */
  readonly retentionMs: number;
}

export interface OpenLogReader extends LogReader {
  /** The first shard of its share: its beginning closed all shards before. */
  readonly fromShardId: number;
}

/** The images of items that records hold; the key is always there. */
export interface LogImages {
  readonly before: boolean;
  readonly after: boolean;
}

/** Kept by the store alone, as it follows from the stream and the readers that a definition names. */
export interface ChangeLogState {
  /** Together they cover all hashes; none while nobody reads the log. In the order of their ranges. */
  readonly shards: readonly OpenShard[];
  readonly images: LogImages;
  readonly readers: readonly OpenLogReader[];
  /** Neither ids nor sequences are ever reused. */
  readonly nextShardId: number;
  readonly nextSequence: number;
}

/** A shard that takes records. */
export interface OpenShard {
  readonly id: number;
  readonly hashes: HashRange;
  /** Milliseconds since the epoch. */
  readonly openedAt: number;
}

/** Half-open, by the first two bytes of the hash of the partition key: 0 to 65,536. */
export interface HashRange {
  readonly from: number;
  readonly until: number;
}

/** Who changed an item: a client, or the background because its time was over. */
export type ChangeOrigin = "user" | "expiry";
