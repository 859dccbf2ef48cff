/**
 * The ids of shards as clients see them: `shardId-`, 20 digits that consumers read as the time of the shard's birth in
 * milliseconds, and 8 hexadecimal digits that tell the shards of a table apart.
 */

export interface NamedShard {
  readonly shardId: number;
  /** Milliseconds since the epoch. */
  readonly openedAt: number;
}

export function shardNameOf({ shardId, openedAt }: NamedShard): string {
  return `shardId-${String(openedAt).padStart(20, "0")}-${shardId.toString(16).padStart(8, "0")}`;
}

/** Undefined for what is no name of a shard of ours. */
export function parseShardName(name: string): NamedShard | undefined {
  const [, time = "", id = ""] = /^shardId-(\d{20})-([0-9a-f]{8})$/.exec(name) ?? [];
  if (id === "") return undefined;
  return { shardId: Number.parseInt(id, 16), openedAt: Number(time) };
}
