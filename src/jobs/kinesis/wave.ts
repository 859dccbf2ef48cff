import type { KinesisRecord } from "./kinesis-record.ts";

/** The service's own bounds of one PutRecords: records, and bytes of their data and partition keys. */
const waveRecordsMax = 500;
const waveBytesMax = 5 * 2 ** 20;
/** What one record may have. */
const recordBytesMax = 2 ** 20;

/**
 * Which of `records` to send next, in their order. No two of one item: some records of a PutRecords may be refused, and
 * a later change of an item must not overtake an earlier one.
 */
export function nextWave<Entry extends KinesisRecord>(records: Iterable<Entry>): readonly Entry[] {
  const wave: Entry[] = [];
  const items = new Set<string>();
  let bytes = 0;
  for (const record of records) {
    if (items.has(record.partitionKey)) continue;
    items.add(record.partitionKey);
    bytes += bytesOf(record);
    if (bytes > waveBytesMax) break;
    wave.push(record);
    if (wave.length === waveRecordsMax) break;
  }
  return wave;
}

/** Whether Kinesis takes a record of this size at all. */
export function fitsKinesis(record: KinesisRecord): boolean {
  return bytesOf(record) <= recordBytesMax;
}

function bytesOf({ partitionKey, data }: KinesisRecord): number {
  return partitionKey.length + data.length;
}
