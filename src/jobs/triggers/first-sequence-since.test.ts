import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { songKey, song } from "../../../test/fixtures/tables.ts";
import type { ChangeLog, ChangeRecord, Shard } from "../../store/change-log/change-log.ts";
import { encodeItem } from "../../store/item-codec.ts";
import { firstSequenceSince } from "./first-sequence-since.ts";

const shard: Shard = {
  ...{ tableId: 1, shardId: 1, hashes: { from: 0, until: 65_536 }, openedAt: 0 },
  ...{ startSequence: 100, trimmedThrough: 99 },
};
const key = encodeItem(songKey(song("Nina", 1)), 1, 0);

/** A log of one shard that holds records of these sequences and times. */
function logOf(
  records: readonly { sequence: number; writtenAt: number }[],
): Pick<ChangeLog, "locate" | "read"> {
  const changes = records.map((record): ChangeRecord => ({
    ...record,
    ...{ kind: "modify", origin: "user", key, before: undefined, after: undefined },
  }));
  return {
    locate: () => Promise.resolve({ kind: "found", after: changes.at(-1)?.sequence ?? 99 }),
    read: (_, { after, recordsMax }) => {
      const found = changes.filter(({ sequence }) => sequence > after).slice(0, recordsMax);
      const last = found.at(-1)?.sequence ?? after;
      return Promise.resolve({ kind: "records", records: found, after: last, ended: false });
    },
  };
}

test("the first record since a time is found among any, also where sequences have gaps", async () => {
  const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 3 })), {
    maxLength: 60,
  });
  await fc.assert(
    fc.asyncProperty(steps, fc.integer({ min: 0, max: 100 }), async (gaps, time) => {
      let [sequence, writtenAt] = [99, 0];
      const records = gaps.map(([gap, pause]) => {
        sequence += gap;
        writtenAt += pause;
        return { sequence, writtenAt };
      });
      const first = await firstSequenceSince(time, shard, logOf(records));
      const passed = records.filter((record) => record.sequence < first);
      assert.ok(passed.every((record) => record.writtenAt < time));
      assert.ok(records.slice(passed.length).every((record) => record.writtenAt >= time));
    }),
    { numRuns: 200 },
  );
});
