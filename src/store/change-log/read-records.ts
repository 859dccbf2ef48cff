/** Reading the records of a shard. */
import { assert } from "../../base/assert.ts";
import type { Entry, ReadView } from "../../engine/engine.ts";
import type {
  ChangeRecord,
  LogPlace,
  LogPosition,
  LogReading,
  LogRequest,
  Shard,
  ShardRef,
} from "./change-log.ts";
import { counterKey, imageApartKey, recordsRange, sequenceInKey } from "./log-keys.ts";
import { readShard } from "./read-shards.ts";
import { decodeRecord, keepsBeforeApart } from "./record-codec.ts";
import { decodeCounter } from "./shard-counter.ts";

export async function locate(
  view: ReadView,
  ref: ShardRef,
  position: LogPosition,
): Promise<LogPlace | undefined> {
  const shard = await readShard(view, ref);
  if (shard === undefined) return undefined;
  switch (position.kind) {
    case "trim-horizon":
      return { kind: "found", after: shard.trimmedThrough };
    case "latest":
      return { kind: "found", after: await lastSequence(view, shard) };
    case "at":
      return placeAfter(shard, position.sequence - 1);
    case "after":
      return placeAfter(shard, position.sequence);
  }
}

/** What comes before all of a shard comes before its first record. */
function placeAfter({ trimmedThrough, startSequence }: Shard, after: number): LogPlace {
  const behind = Math.max(after, startSequence - 1);
  return behind < trimmedThrough ? { kind: "trimmed" } : { kind: "found", after: behind };
}

async function lastSequence(view: ReadView, shard: Shard): Promise<number> {
  if (shard.end !== undefined) return shard.end.sequence;
  const [counter] = await view.getMany([counterKey(shard)]);
  return decodeCounter(counter).sequence;
}

export async function readRecords(
  view: ReadView,
  ref: ShardRef,
  { after, recordsMax, bytesMax }: LogRequest,
): Promise<LogReading> {
  const shard = await readShard(view, ref);
  if (shard === undefined) return { kind: "gone" };
  if (after < shard.trimmedThrough) return { kind: "trimmed" };
  const { end } = shard;
  if (end !== undefined && after >= end.sequence) return { kind: "records", records: [], after, ended: true };
  const range = recordsRange(shard, after);
  const { entries, exhausted } = await view.scan(range, { entriesMax: recordsMax + 1, bytesMax });
  const heads = headsWithin(entries, { recordsMax, bytesMax });
  const records = await decodeAll(view, heads);
  const isWhole = exhausted && heads.length === entries.filter(isHead).length;
  return {
    kind: "records",
    records,
    after: records.at(-1)?.sequence ?? after,
    ended: end !== undefined && isWhole,
  };
}

function isHead({ key }: Entry): boolean {
  return sequenceInKey(key) !== undefined;
}

/** The entries of records, not of images that stand apart, as far as bounds allow. */
function headsWithin(
  entries: readonly Entry[],
  { recordsMax, bytesMax }: Pick<LogRequest, "recordsMax" | "bytesMax">,
): readonly Entry[] {
  const heads: Entry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    bytes += entry.value.length;
    if (!isHead(entry)) continue;
    if (heads.length === recordsMax || (heads.length > 0 && bytes > bytesMax)) break;
    heads.push(entry);
  }
  return heads;
}

async function decodeAll(view: ReadView, heads: readonly Entry[]): Promise<readonly ChangeRecord[]> {
  const split = heads.filter(({ value }) => keepsBeforeApart(value));
  const apart = await view.getMany(split.map(({ key }) => imageApartKey(key)));
  const images = new Map(split.map(({ key }, index) => [key, apart[index]]));
  return heads.map(({ key, value }) => {
    const sequence = sequenceInKey(key);
    assert(sequence !== undefined, "a record has a sequence");
    return decodeRecord(sequence, value, images.get(key));
  });
}
