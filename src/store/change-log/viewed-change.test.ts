import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { scope, song, songKey, tableDefinition } from "../../../test/fixtures/tables.ts";
import { itemSize } from "../../values/size.ts";
import { encodeItem } from "../item-codec.ts";
import type { StoredItem } from "../stored-item.ts";
import type { ChangeRecord, Stream } from "./change-log.ts";
import type { StreamSettings } from "./log-state.ts";
import { viewChanges } from "./viewed-change.ts";

const writtenAt = 1_790_000_000_000;
const shard = { tableId: 7, shardId: 3 };

function streamWith(viewType: StreamSettings["viewType"], overrides: Partial<Stream> = {}): Stream {
  const { name: tableName, keySchema } = tableDefinition();
  const label = "2026-11-21T17:20:00.123";
  const span = { tableId: 7, fromShardId: 3 };
  return { scope, tableName, keySchema, label, viewType, enabledAt: writtenAt, ...span, ...overrides };
}

const oldSong = song("Nina", 1, { year: { N: "1964" } });
const newSong = song("Nina", 1, { year: { N: "1965" }, mood: { S: "blue" } });

function stored(item: typeof oldSong): StoredItem {
  return encodeItem(item, itemSize(item), writtenAt);
}

/** A record that holds both images, because somebody beside the stream reads them. */
const record: ChangeRecord = {
  sequence: 12,
  kind: "modify",
  writtenAt,
  origin: "user",
  key: stored(newSong),
  before: stored(oldSong),
  after: stored(newSong),
};

describe("A change is seen", () => {
  const keyBytes = itemSize(songKey(newSong));
  const views = [
    ["KEYS_ONLY", undefined, undefined, 0],
    ["OLD_IMAGE", oldSong, undefined, itemSize(oldSong)],
    ["NEW_IMAGE", undefined, newSong, itemSize(newSong)],
    ["NEW_AND_OLD_IMAGES", oldSong, newSong, itemSize(oldSong) + itemSize(newSong)],
  ] as const;
  for (const [viewType, before, after, imageBytes] of views) {
    test(`with the images of ${viewType}, though its record holds both`, () => {
      const [change] = viewChanges(streamWith(viewType), shard, [record]);
      assert.deepEqual({ ...change?.keys }, songKey(newSong));
      assert.deepEqual([change?.oldImage?.item, change?.newImage?.item], [before, after]);
      assert.equal(change?.sizeBytes, keyBytes + imageBytes);
    });
  }

  test("under an id that no other record has", () => {
    const ids = [
      ...viewChanges(streamWith("KEYS_ONLY"), shard, [record, { ...record, sequence: 13 }]),
      ...viewChanges(streamWith("KEYS_ONLY"), { ...shard, shardId: 4 }, [record]),
      ...viewChanges(streamWith("KEYS_ONLY", { label: "2026-11-21T17:20:00.124" }), shard, [record]),
      ...viewChanges(streamWith("KEYS_ONLY", { tableName: "Other" }), shard, [record]),
      ...viewChanges(streamWith("KEYS_ONLY", { scope: { ...scope, region: "eu-west-1" } }), shard, [record]),
    ].map(({ eventId }) => eventId);
    assert.equal(new Set(ids).size, 6);
    for (const id of ids) assert.match(id, /^[0-9a-f]{32}$/);
    assert.equal(viewChanges(streamWith("KEYS_ONLY"), shard, [record])[0]?.eventId, ids[0]);
  });
});
