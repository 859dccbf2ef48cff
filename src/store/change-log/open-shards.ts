import { assert } from "../../base/assert.ts";
import { hashInKey } from "../keyspace.ts";
import type { Table } from "../table.ts";
import type { OpenShard } from "./log-state.ts";

/** Whether anybody reads the log of a table, so that it is written. */
export function isLogged({ definition }: Table): boolean {
  return definition.changeLog !== undefined && definition.changeLog.shards.length > 0;
}

/** The shard that takes the records of an item, by the item's key; undefined for a table whose log nobody reads. */
export function openShardOf({ definition }: Table, itemKey: Uint8Array): OpenShard | undefined {
  const shards = definition.changeLog?.shards;
  if (shards === undefined || shards.length === 0) return undefined;
  if (shards.length === 1) return shards[0];
  const hash = hashInKey(itemKey);
  const shard = shards.find(({ hashes }) => hashes.from <= hash && hash < hashes.until);
  assert(shard !== undefined, "open shards cover all hashes");
  return shard;
}
