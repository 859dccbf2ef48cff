/**
 * `ShardIterator`: where reading a shard goes on, and when it was handed out. It says all there is to know, so that any
 * server can go on after any restart. Whoever makes one up gets nowhere that a sequence number would not lead as well;
 * the hash only finds out what was damaged on its way.
 */
import { hash } from "node:crypto";
import { expiredIterator, invalidShardIterator } from "../../model/messages/streams.ts";

export interface ShardIterator {
  readonly streamArn: string;
  readonly shardId: number;
  /** The last sequence that is behind the reader. */
  readonly after: number;
  /** Milliseconds since the epoch. */
  readonly issuedAt: number;
}

const version = "1";
const validMs = 15 * 60_000;
const numbers = 3;

export function encodeIterator({ streamArn, shardId, after, issuedAt }: ShardIterator): string {
  const place = [shardId, after, issuedAt].join(",");
  return `${streamArn}|${version}|${Buffer.from(`${place},${checkOf(streamArn, place)}`).toString("base64")}`;
}

/** Refuses what was not handed out, and what was handed out too long ago. */
export function decodeIterator(text: string, now: number): ShardIterator {
  const [streamArn = "", ofVersion, token = "", ...rest] = text.split("|");
  if (ofVersion !== version || rest.length > 0) throw invalidShardIterator();
  const parts = Buffer.from(token, "base64").toString("latin1").split(",");
  const [shardId = NaN, after = NaN, issuedAt = NaN] = parts.slice(0, numbers).map(Number);
  const iterator = { streamArn, shardId, after, issuedAt };
  const isWhole = [shardId, after, issuedAt].every((number) => Number.isSafeInteger(number) && number >= 0);
  // There is one spelling of each: what else decodes to the same is none.
  if (!isWhole || encodeIterator(iterator) !== text) throw invalidShardIterator();
  if (now - issuedAt > validMs) throw expiredIterator();
  return iterator;
}

const checkLength = 32;

function checkOf(streamArn: string, place: string): string {
  return hash("sha256", `${streamArn}|${place}`).slice(0, checkLength);
}
