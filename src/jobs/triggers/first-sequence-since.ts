import type { ChangeLog, Shard } from "../../store/change-log/change-log.ts";

/** The sequence of the first record of a shard that was written at this time or later, or the one behind the last. */
export async function firstSequenceSince(
  time: number,
  shard: Shard,
  changeLog: Pick<ChangeLog, "locate" | "read">,
): Promise<number> {
  const end = await changeLog.locate(shard, { kind: "latest" });
  let low = shard.trimmedThrough + 1;
  let high = end?.kind === "found" ? end.after + 1 : low;
  // Sequences grow with time, so that half of what is left can be ruled out with every look.
  while (low < high) {
    const middle = low + Math.floor((high - low) / 2);
    const reading = await changeLog.read(shard, { after: middle - 1, recordsMax: 1, bytesMax: 1 });
    if (reading.kind !== "records") return high;
    const [record] = reading.records;
    if (record === undefined || record.writtenAt >= time) high = middle;
    else low = record.sequence + 1;
  }
  return high;
}
