/**
 * Erases what no reader needs any more, a little at a time: streams that have had their time, records from the oldest
 * on, closed shards that are empty, at last the log itself. A record is needed for a day by the stream it
 * belongs to, and by every other reader until its cursor has passed it or its patience is over.
 */
import type { Engine, Entry, ReadView, Transaction } from "../../engine/engine.ts";
import { readTableById } from "../table-record.ts";
import { streamRetentionMs, type Log, type Shard, type Stream } from "./change-log.ts";
import type { Cursor } from "./cursors.ts";
import {
  cursorKey,
  imageApartKey,
  logKey,
  recordsRange,
  sequenceInKey,
  shardKey,
  streamKey,
  streamsRange,
} from "./log-keys.ts";
import { readShards } from "./read-shards.ts";
import { keepsBeforeApart, writtenAtOf } from "./record-codec.ts";
import { cursorRecord, logRecord, shardRecord, streamRecord } from "./log-records.ts";

/** How much one transaction erases. */
const stepBounds = { entriesMax: 500, bytesMax: 4_194_304 };
const everything = Number.MAX_SAFE_INTEGER;

/** Answers whether there may be more to erase at `now`. */
export async function trimSome(engine: Engine, log: Log, now: number): Promise<boolean> {
  const step = await engine.read((view) => planStep(view, log, now));
  if (step === undefined) return false;
  await engine.write(step);
  return true;
}

/** What to erase next; it holds whatever happens meanwhile, because records are never changed and ids never reused. */
type Step = (transaction: Transaction) => Promise<void>;

async function planStep(view: ReadView, listed: Log, now: number): Promise<Step | undefined> {
  const { tableId } = listed;
  // As it is at this moment: who has begun to read since the log was listed needs records that are there by now.
  const [value] = await view.getMany([logKey(tableId)]);
  const log = value === undefined ? listed : logRecord.decode(value);
  const { shards } = await readShards(view, { tableId, fromShardId: 0 }, { shardsMax: everything });
  const streams = await readStreams(view, log);
  const past = streams.find((stream) => isPast(stream, now));
  if (past !== undefined) return erasing([streamKey(past, tableId)]);
  for (const shard of shards) {
    const surroundings = { log, shard, streams, now };
    const step = await planShard(view, surroundings, await needsOf(view, surroundings));
    if (step !== undefined) return step;
  }
  return shards.length === 0 && streams.length === 0 ? planLog(view, tableId) : undefined;
}

async function readStreams(view: ReadView, { tableId, scope, tableName }: Log): Promise<readonly Stream[]> {
  const range = streamsRange(scope, tableName, undefined);
  const { entries } = await view.scan(range, { entriesMax: everything });
  return entries
    .map(({ value }) => streamRecord.decode(value))
    .filter((stream) => stream.tableId === tableId);
}

function isPast({ disabledAt }: Stream, now: number): boolean {
  return disabledAt !== undefined && disabledAt + streamRetentionMs <= now;
}

function isWithin({ shardId }: Shard, { fromShardId, untilShardId = Infinity }: Stream): boolean {
  return fromShardId <= shardId && shardId < untilShardId;
}

/** Who still needs something of a shard. */
interface Needs {
  /** Whether anybody may still read a record. */
  readonly record: (sequence: number, writtenAt: number) => boolean;
  /** Whether anybody still wants to be told that the shard was closed then, and had these children. */
  readonly end: (closedAt: number) => boolean;
}

interface Surroundings {
  readonly log: Log;
  readonly shard: Shard;
  readonly streams: readonly Stream[];
  readonly now: number;
}

async function needsOf(view: ReadView, { log, shard, streams, now }: Surroundings): Promise<Needs> {
  const isStreamed = streams.some((stream) => isWithin(shard, stream));
  const readers = log.readers.filter(({ fromShardId }) => fromShardId <= shard.shardId);
  const values = await view.getMany(readers.map(({ id }) => cursorKey(id, shard)));
  const cursors = readers.map((reader, index) => ({
    reader,
    cursor: cursorIn(values[index]),
  }));
  const isFresh = (time: number, retentionMs: number) => time + retentionMs > now;
  return {
    record: (sequence, writtenAt) =>
      (isStreamed && isFresh(writtenAt, streamRetentionMs)) ||
      cursors.some(
        ({ reader, cursor }) => !hasPassed(cursor, sequence) && isFresh(writtenAt, reader.retentionMs),
      ),
    end: (closedAt) =>
      (isStreamed && isFresh(closedAt, streamRetentionMs)) ||
      cursors.some(
        ({ reader, cursor }) => cursor?.finished !== true && isFresh(closedAt, reader.retentionMs),
      ),
  };
}

function cursorIn(value: Uint8Array | undefined): Cursor | undefined {
  return value === undefined ? undefined : cursorRecord.decode(value);
}

function hasPassed(cursor: Cursor | undefined, sequence: number): boolean {
  return cursor !== undefined && (cursor.finished || cursor.after >= sequence);
}

/** Undefined when everything in the shard is needed, or the shard at least may get more. */
async function planShard(
  view: ReadView,
  { log, shard }: Surroundings,
  needs: Needs,
): Promise<Step | undefined> {
  const range = recordsRange(shard, shard.trimmedThrough);
  const { entries } = await view.scan(range, { entriesMax: 1 });
  if (expiredOf(entries, needs) !== undefined) {
    const expired = expiredOf((await view.scan(range, stepBounds)).entries, needs);
    return expired && ((transaction) => eraseRecords(transaction, shard, expired));
  }
  if (entries.length > 0 || shard.end === undefined || needs.end(shard.end.closedAt)) return undefined;
  return erasing([shardKey(shard), ...log.readers.map(({ id }) => cursorKey(id, shard))]);
}

interface Expired {
  readonly keys: readonly Uint8Array[];
  /** The sequence of the last record. */
  readonly through: number;
}

/** The oldest records that nobody needs, with their images that stand apart; undefined when there are none. */
function expiredOf(entries: readonly Entry[], needs: Needs): Expired | undefined {
  const keys: Uint8Array[] = [];
  let through: number | undefined;
  for (const { key, value } of entries) {
    const sequence = sequenceInKey(key);
    if (sequence === undefined) continue;
    if (needs.record(sequence, writtenAtOf(value))) break;
    through = sequence;
    keys.push(key);
    if (keepsBeforeApart(value)) keys.push(imageApartKey(key));
  }
  return through === undefined ? undefined : { keys, through };
}

async function eraseRecords(
  transaction: Transaction,
  shard: Shard,
  { keys, through }: Expired,
): Promise<void> {
  const [value] = await transaction.getMany([shardKey(shard)]);
  for (const key of keys) transaction.delete(key);
  if (value === undefined) return;
  const current = shardRecord.decode(value);
  const trimmedThrough = Math.max(current.trimmedThrough, through);
  transaction.put(shardKey(shard), shardRecord.encode({ ...current, trimmedThrough }));
}

function erasing(keys: readonly Uint8Array[]): Step {
  return (transaction) => {
    for (const key of keys) transaction.delete(key);
    return Promise.resolve();
  };
}

/** The log is empty: it goes unless somebody reads it, or begins to meanwhile. */
async function planLog(view: ReadView, tableId: number): Promise<Step | undefined> {
  const table = await readTableById(view, tableId);
  const [seen] = await view.getMany([logKey(tableId)]);
  const isRead = (table?.definition.changeLog?.shards.length ?? 0) > 0;
  if (isRead || seen === undefined) return undefined;
  return async (transaction) => {
    const [value] = await transaction.getMany([logKey(tableId)]);
    if (value === undefined) return;
    const isSame = logRecord.decode(value).nextShardId === logRecord.decode(seen).nextShardId;
    if (isSame) transaction.delete(logKey(tableId));
  };
}
