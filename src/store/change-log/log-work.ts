/**
 * What a change of a definition does to the change log of its table, staged with the change itself: streams begin and
 * end, and with every reader that begins the log gets new shards, so that a shard belongs to one stream.
 */
import { assert } from "../../base/assert.ts";
import type { Transaction } from "../../engine/engine.ts";
import type { Table } from "../table.ts";
import { logKey, streamKey } from "./log-keys.ts";
import type { ChangeLogState, LogImages, LogReader, StreamSettings } from "./log-state.ts";
import { closeShards, cutHashes, hashesMax, openShards } from "./reshard.ts";
import { logRecord, streamRecord } from "./log-records.ts";

export interface LogTerms {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** How many shards a log begins with. */
  readonly shardsAtFirst: number;
}

/** Answers the table with the log that its definition needs. `before` is undefined for a table that is new. */
export async function stageLogWork(
  transaction: Transaction,
  { before, table }: { readonly before: Table | undefined; readonly table: Table },
  terms: LogTerms,
): Promise<Table> {
  const { stream, logReaders = [] } = table.definition;
  const old = before?.definition;
  const state = old?.changeLog ?? emptyLog;
  const isSameStream = stream?.label === old?.stream?.label;
  if (isSameStream && areSame(state.readers, logReaders)) return table;
  const isRead = stream !== undefined || logReaders.length > 0;
  const begins = logReaders.some(({ id }) => !state.readers.some((reader) => reader.id === id));
  const reshapes = !isSameStream || begins || !isRead;
  const circumstances = { tableId: table.id, state, now: terms.now };
  const reshaped = reshapes ? await reshape(transaction, circumstances, isRead ? terms : undefined) : state;
  if (!isSameStream) {
    if (old?.stream !== undefined)
      await endStream(transaction, { table, stream: old.stream, state }, terms.now);
    if (stream !== undefined) beginStream(transaction, { table, stream, state }, terms.now);
  }
  const changeLog = { ...reshaped, images: imagesOf(stream, logReaders), readers: placed(logReaders, state) };
  const latestStreamLabel = stream?.label ?? old?.latestStreamLabel;
  const logged = { ...table, definition: { ...table.definition, changeLog, latestStreamLabel } };
  putLog(transaction, logged, undefined);
  return logged;
}

/** Stages what the removal of a table means for its log: nothing is added any more, what is there stays for a while. */
export async function stageLogRemoval(transaction: Transaction, table: Table, now: number): Promise<void> {
  const { changeLog: state, stream } = table.definition;
  if (state === undefined) return;
  await closeShards(transaction, { tableId: table.id, state, now }, state.shards);
  if (stream !== undefined) await endStream(transaction, { table, stream, state }, now);
  putLog(transaction, table, now);
}

const emptyLog: ChangeLogState = {
  shards: [],
  images: { before: false, after: false },
  readers: [],
  nextShardId: 1,
  nextSequence: 1,
};

function areSame(before: readonly LogReader[], after: readonly LogReader[]): boolean {
  if (before.length !== after.length) return false;
  return after.every((reader) => before.some((other) => isSame(reader, other)));
}

function isSame(left: LogReader, right: LogReader): boolean {
  const isSameIn = (image: keyof LogImages) => left.images[image] === right.images[image];
  const isLikeIt = left.id === right.id && left.retentionMs === right.retentionMs;
  return isLikeIt && isSameIn("before") && isSameIn("after");
}

/** Closes all shards; on `terms`, if any, it opens new ones: the children of those there were. */
async function reshape(
  transaction: Transaction,
  { tableId, state, now }: { tableId: number; state: ChangeLogState; now: number },
  terms: LogTerms | undefined,
): Promise<ChangeLogState> {
  const closed = await closeShards(transaction, { tableId, state, now }, state.shards);
  if (terms === undefined) return closed;
  const births =
    state.shards.length > 0
      ? state.shards.map(({ id, hashes }) => ({ hashes, parentId: id }))
      : cutHashes({ from: 0, until: hashesMax }, terms.shardsAtFirst).map((hashes) => ({ hashes }));
  return openShards(transaction, { tableId, state: closed, now }, births);
}

/** With the shard that each begins with: the next one, for those that are new. */
function placed(readers: readonly LogReader[], state: ChangeLogState): ChangeLogState["readers"] {
  return readers.map((reader) => {
    const known = state.readers.find(({ id }) => id === reader.id);
    return { ...reader, fromShardId: known?.fromShardId ?? state.nextShardId };
  });
}

function imagesOf(stream: StreamSettings | undefined, readers: readonly LogReader[]): LogImages {
  const images = readers.map((reader) => reader.images);
  if (stream !== undefined) images.push(imagesOfStream(stream));
  return { before: images.some(({ before }) => before), after: images.some(({ after }) => after) };
}

/** What a stream shows of items. Records may hold more, for other readers. */
export function imagesOfStream({ viewType }: Pick<StreamSettings, "viewType">): LogImages {
  return {
    before: viewType === "OLD_IMAGE" || viewType === "NEW_AND_OLD_IMAGES",
    after: viewType === "NEW_IMAGE" || viewType === "NEW_AND_OLD_IMAGES",
  };
}

interface StreamOfTable {
  readonly table: Table;
  readonly stream: StreamSettings;
  /** The log as it was: its next shard is the first one after the end of a stream, or with the beginning of one. */
  readonly state: ChangeLogState;
}

function beginStream(transaction: Transaction, { table, stream, state }: StreamOfTable, now: number): void {
  const { scope, name: tableName, keySchema } = table.definition;
  const { label, viewType } = stream;
  const span = { tableId: table.id, fromShardId: state.nextShardId };
  const record = { scope, tableName, label, viewType, keySchema, enabledAt: now, ...span };
  transaction.put(streamKey(record, table.id), streamRecord.encode(record));
}

async function endStream(
  transaction: Transaction,
  { table, stream, state }: StreamOfTable,
  now: number,
): Promise<void> {
  const { scope, name: tableName } = table.definition;
  const key = streamKey({ scope, tableName, label: stream.label }, table.id);
  const [value] = await transaction.getMany([key]);
  assert(value !== undefined, "an enabled stream has its record");
  const ended = { ...streamRecord.decode(value), disabledAt: now, untilShardId: state.nextShardId };
  transaction.put(key, streamRecord.encode(ended));
}

function putLog(transaction: Transaction, { id, definition }: Table, removedAt: number | undefined): void {
  const { scope, name: tableName, keySchema, changeLog } = definition;
  const { readers, nextShardId } = changeLog ?? emptyLog;
  const log = { tableId: id, scope, tableName, keySchema, readers, nextShardId, removedAt };
  transaction.put(logKey(id), logRecord.encode(log));
}
