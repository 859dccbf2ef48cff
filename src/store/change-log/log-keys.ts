/** The key bytes of the change log: as in `keyspace.ts`, numbers are on disk and never reused. */
import { hash } from "node:crypto";
import { afterKey, bufferOf } from "../../base/bytes.ts";
import type { KeyRange } from "../../engine/engine.ts";
import { Keyspace, prefixRange, scopeBytes } from "../keyspace.ts";
import type { Scope } from "../table.ts";
import type { ShardRef } from "./change-log.ts";

const LogPart = { record: 0, counter: 1, shard: 2, stream: 3, cursor: 4, log: 5 } as const;

/** Keyspace byte, part, table id, shard id. */
const shardKeyBytes = 1 + 1 + 4 + 4;
const sequenceBytes = 8;

export function recordKey(shard: ShardRef, sequence: number): Uint8Array {
  const key = Buffer.allocUnsafe(shardKeyBytes + sequenceBytes);
  writeShard(key, LogPart.record, shard);
  key.writeUInt32BE(Math.floor(sequence / 2 ** 32), shardKeyBytes);
  key.writeUInt32BE(sequence % 2 ** 32, shardKeyBytes + 4);
  return key;
}

/** Where a record keeps its image from before the change when one entry cannot hold both images. */
export function imageApartKey(recordKeyBytes: Uint8Array): Uint8Array {
  return afterKey(recordKeyBytes);
}

/** Undefined for the key of an image that stands apart. */
export function sequenceInKey(key: Uint8Array): number | undefined {
  if (key.length !== shardKeyBytes + sequenceBytes) return undefined;
  const bytes = bufferOf(key);
  return bytes.readUInt32BE(shardKeyBytes) * 2 ** 32 + bytes.readUInt32BE(shardKeyBytes + 4);
}

/** The records of a shard behind a sequence. */
export function recordsRange(shard: ShardRef, after: number): KeyRange {
  return { from: recordKey(shard, after + 1), until: prefixRange(shardPartKey(LogPart.record, shard)).until };
}

/** Holds the last sequence of an open shard and the bytes of its records. */
export function counterKey(shard: ShardRef): Uint8Array {
  return shardPartKey(LogPart.counter, shard);
}

export function shardKey(shard: ShardRef): Uint8Array {
  return shardPartKey(LogPart.shard, shard);
}

/** The shards of a table from one id until another. */
export function shardsRange(
  tableId: number,
  fromShardId: number,
  untilShardId: number | undefined,
): KeyRange {
  const from = shardKey({ tableId, shardId: fromShardId });
  if (untilShardId !== undefined) return { from, until: shardKey({ tableId, shardId: untilShardId }) };
  return { from, until: prefixRange(from.subarray(0, shardKeyBytes - 4)).until };
}

function shardPartKey(part: number, shard: ShardRef): Uint8Array {
  const key = Buffer.allocUnsafe(shardKeyBytes);
  writeShard(key, part, shard);
  return key;
}

function writeShard(key: Buffer, part: number, { tableId, shardId }: ShardRef): void {
  key[0] = Keyspace.changeLog;
  key[1] = part;
  key.writeUInt32BE(tableId, 2);
  key.writeUInt32BE(shardId, 6);
}

export interface StreamName {
  readonly scope: Scope;
  readonly tableName: string;
  readonly label: string;
}

/** Two tables of one name, one after the other, may have had streams of one label: the last one counts. */
export function streamKey(name: StreamName, tableId: number): Uint8Array {
  const id = Buffer.allocUnsafe(4);
  id.writeUInt32BE(tableId);
  return Buffer.concat([streamPrefix(name), id]);
}

export function streamRange(name: StreamName): KeyRange {
  return prefixRange(streamPrefix(name));
}

/** The streams of one table name or of all, behind one of them. */
export function streamsRange(
  scope: Scope,
  tableName: string | undefined,
  after: Omit<StreamName, "scope"> | undefined,
): KeyRange {
  const table = tableName === undefined ? [] : [Buffer.from(`${tableName}\0`)];
  const { from, until } = prefixRange(Buffer.concat([streamsPrefix(scope), ...table]));
  if (after === undefined) return { from, until };
  const behind = streamRange({ scope, ...after }).until;
  return { from: Buffer.compare(behind, from) > 0 ? behind : from, until };
}

function streamPrefix({ scope, tableName, label }: StreamName): Uint8Array {
  return Buffer.concat([streamsPrefix(scope), Buffer.from(`${tableName}\0${label}\0`)]);
}

function streamsPrefix(scope: Scope): Uint8Array {
  return Buffer.concat([Buffer.of(Keyspace.changeLog, LogPart.stream), scopeBytes(scope)]);
}

/** The name of a reader stands as its hash, so that it may be of any length. */
export function cursorKey(readerId: string, { tableId, shardId }: ShardRef): Uint8Array {
  const shard = Buffer.allocUnsafe(8);
  shard.writeUInt32BE(tableId, 0);
  shard.writeUInt32BE(shardId, 4);
  return Buffer.concat([cursorsPrefix(readerId), shard]);
}

export function cursorsRange(readerId: string): KeyRange {
  return prefixRange(cursorsPrefix(readerId));
}

function cursorsPrefix(readerId: string): Uint8Array {
  const name = hash("sha256", readerId, "buffer");
  return Buffer.concat([Buffer.of(Keyspace.changeLog, LogPart.cursor), name]);
}

export function logKey(tableId: number): Uint8Array {
  const key = Buffer.allocUnsafe(shardKeyBytes - 4);
  key[0] = Keyspace.changeLog;
  key[1] = LogPart.log;
  key.writeUInt32BE(tableId, 2);
  return key;
}

export function logsRange(afterTableId: number | undefined): KeyRange {
  const { from, until } = prefixRange(Buffer.of(Keyspace.changeLog, LogPart.log));
  return { from: afterTableId === undefined ? from : afterKey(logKey(afterTableId)), until };
}
