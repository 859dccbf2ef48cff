/** The closing and opening of shards, staged with the change of the definition that names the open ones. */
import { assert } from "../../base/assert.ts";
import type { Transaction } from "../../engine/engine.ts";
import { counterKey, shardKey } from "./log-keys.ts";
import type { ChangeLogState, HashRange, OpenShard } from "./log-state.ts";
import { decodeCounter, encodeCounter } from "./shard-counter.ts";
import { shardRecord } from "./log-records.ts";

export const hashesMax = 65_536;

/** Closes shards of a log, which then has those that are left. */
export async function closeShards(
  transaction: Transaction,
  { tableId, state, now }: Circumstances,
  closing: readonly OpenShard[],
): Promise<ChangeLogState> {
  const names = closing.map(({ id }) => ({ tableId, shardId: id }));
  const values = await transaction.getMany([...names.map(counterKey), ...names.map(shardKey)]);
  let { nextSequence } = state;
  names.forEach((name, index) => {
    const record = values[names.length + index];
    assert(record !== undefined, "an open shard has its record");
    // The end is a sequence of its own, so that a shard without records has an end that is not before its start.
    const sequence = decodeCounter(values[index]).sequence + 1;
    nextSequence = Math.max(nextSequence, sequence + 1);
    const closed = { ...shardRecord.decode(record), end: { sequence, closedAt: now } };
    transaction.put(shardKey(name), shardRecord.encode(closed));
    transaction.delete(counterKey(name));
  });
  const left = state.shards.filter((shard) => !closing.includes(shard));
  return { ...state, nextSequence, shards: left };
}

export interface Circumstances {
  readonly tableId: number;
  readonly state: ChangeLogState;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** A shard to open. */
export interface Birth {
  readonly hashes: HashRange;
  readonly parentId?: number | undefined;
}

/** Opens shards in a log: above all sequences there were. */
export function openShards(
  transaction: Transaction,
  { tableId, state, now }: Circumstances,
  births: readonly Birth[],
): ChangeLogState {
  const startSequence = state.nextSequence;
  const opened = births.map(({ hashes, parentId }, index): OpenShard => {
    const ref = { tableId, shardId: state.nextShardId + index };
    const trimmedThrough = startSequence - 1;
    const shard = { ...ref, parentId, hashes, openedAt: now, startSequence, trimmedThrough };
    transaction.put(shardKey(ref), shardRecord.encode(shard));
    transaction.put(counterKey(ref), encodeCounter({ sequence: trimmedThrough, bytes: 0 }));
    return { id: ref.shardId, hashes, openedAt: now };
  });
  const shards = [...state.shards, ...opened].sort((left, right) => left.hashes.from - right.hashes.from);
  return { ...state, shards, nextShardId: state.nextShardId + births.length };
}

/** Cuts a range of hashes into equal parts. */
export function cutHashes({ from, until }: HashRange, parts: number): readonly HashRange[] {
  const bound = (index: number) => from + Math.floor(((until - from) * index) / parts);
  return Array.from({ length: parts }, (_, index) => ({ from: bound(index), until: bound(index + 1) }));
}
