import assert from "node:assert/strict";
import { test } from "node:test";
import { song, tableDefinition } from "../../../test/fixtures/tables.ts";
import type { Write, WrittenOutcome } from "../../store/write.ts";
import { itemCollectionMetrics, itemCollectionsMetrics } from "./item-collection-metrics.ts";

const table = { id: 1, version: 1, definition: tableDefinition() };

function deleteOf(artist: string, track: number): Write {
  return { table, key: song(artist, track), change: { kind: "delete" } };
}

function outcome(collectionBytes: number | undefined): WrittenOutcome {
  return { kind: "written", before: undefined, after: undefined, indexes: [], collectionBytes };
}

test("the size is told as the whole gigabytes between which it lies", () => {
  const ranges = [0, 1, 2 ** 30 - 1, 2 ** 30, 10 * 2 ** 30 - 1].map(
    (bytes) => itemCollectionMetrics("SIZE", deleteOf("Nina", 1), outcome(bytes))?.SizeEstimateRangeGB,
  );
  assert.deepEqual(ranges, [
    [0, 1],
    [0, 1],
    [0, 1],
    [1, 2],
    [9, 10],
  ]);
});

test("nothing is told unasked, and nothing of a table that keeps no sizes", () => {
  for (const detail of ["NONE", undefined] as const) {
    assert.equal(itemCollectionMetrics(detail, deleteOf("Nina", 1), outcome(5)), undefined);
  }
  assert.equal(itemCollectionMetrics("SIZE", deleteOf("Nina", 1), outcome(undefined)), undefined);
});

test("a group of writes tells each collection once, as it is after all of them", () => {
  const metrics = itemCollectionsMetrics("SIZE", [
    { write: deleteOf("Nina", 1), outcome: outcome(2 ** 30) },
    { write: deleteOf("Ella", 1), outcome: outcome(7) },
    { write: deleteOf("Nina", 2), outcome: outcome(3) },
  ]);
  assert.deepEqual(JSON.parse(JSON.stringify(metrics)), [
    { ItemCollectionKey: { artist: { S: "Nina" } }, SizeEstimateRangeGB: [0, 1] },
    { ItemCollectionKey: { artist: { S: "Ella" } }, SizeEstimateRangeGB: [0, 1] },
  ]);
});
