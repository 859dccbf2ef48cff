import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Item } from "../values.ts";
import { IndexedTable, sizeOf } from "./indexed-table.ts";
import { differences, wrongStatistics } from "./recompute.ts";
import type { IndexShape } from "./shapes.ts";

const index: IndexShape = {
  name: "by-alpha",
  kind: "global",
  partition: [{ name: "alpha1", type: "S" }],
  sort: [],
  projection: "KEYS_ONLY",
};

function tableOf(...items: Item[]): IndexedTable {
  const model = new IndexedTable({ partition: { name: "pk1", type: "S" }, indexes: [index] });
  for (const item of items) model.apply({ kind: "put", item });
  return model;
}

const model = tableOf(
  { pk1: { S: "a" }, alpha1: { S: "x" }, extra1: { N: "1" } },
  { pk1: { S: "b" }, alpha1: { S: "x" } },
  // Not in the index: no key attribute, and one of another type.
  { pk1: { S: "c" } },
  { pk1: { S: "d" }, alpha1: { N: "1" } },
);
const entries = [
  { pk1: { S: "a" }, alpha1: { S: "x" } },
  { pk1: { S: "b" }, alpha1: { S: "x" } },
];

void describe("the recomputation of indexes", () => {
  void test("finds nothing wrong with the entries there must be", () => {
    assert.deepEqual(differences(entries, { model, index }), []);
  });

  const planted: readonly [title: string, entries: readonly Item[], complaints: number][] = [
    ["a lost entry", entries.slice(1), 1],
    ["an entry too many", [...entries, { pk1: { S: "c" }, alpha1: { S: "x" } }], 1],
    ["an entry that is there twice", [...entries, ...entries.slice(1)], 1],
    ["an entry of an old state", [{ pk1: { S: "a" }, alpha1: { S: "old" } }, ...entries.slice(1)], 2],
    [
      "an entry with more than its projection",
      [{ ...entries[0], extra1: { N: "1" } }, ...entries.slice(1)],
      2,
    ],
  ];
  for (const [title, found, complaints] of planted) {
    void test(`finds ${title}`, () => {
      assert.equal(differences(found, { model, index }).length, complaints);
    });
  }

  void test("finds wrong numbers and sizes", () => {
    const sizes = { ItemCount: 4, TableSizeBytes: model.items.reduce((sum, item) => sum + sizeOf(item), 0) };
    const described = { IndexName: "by-alpha", ItemCount: 2, IndexSizeBytes: 22 };
    const right = { TableStatus: "ACTIVE", ...sizes, GlobalSecondaryIndexes: [described] };
    assert.deepEqual(wrongStatistics(right, model), []);
    const wrong = { ...right, GlobalSecondaryIndexes: [{ ...described, IndexSizeBytes: 21 }] };
    assert.deepEqual(wrongStatistics(wrong, model), [
      'DescribeTable tells 2 items, 21 bytes of "by-alpha", not 2 items, 22 bytes',
    ]);
    assert.equal(wrongStatistics({ ...right, ItemCount: 3 }, model).length, 1);
    assert.equal(wrongStatistics({ ...right, GlobalSecondaryIndexes: [] }, model).length, 1);
  });

  void test("knows the sizes of items by the service's rules", () => {
    const numbers = {
      "0": 1,
      "1": 2,
      "12": 2,
      "123": 3,
      "-42": 3,
      "-1.5": 4,
      "0.15": 2,
      "1e-7": 2,
      "-3e5": 3,
      "100": 2,
    };
    for (const [N, bytes] of Object.entries(numbers)) assert.equal(sizeOf({ "": { N } }), bytes, N);
    assert.equal(
      sizeOf({ é: { L: [{ S: "a" }, { M: { k: { BOOL: true } } }] } }),
      2 + 3 + 1 + 1 + 1 + 3 + 1 + 2,
    );
  });
});
