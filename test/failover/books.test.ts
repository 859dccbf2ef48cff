import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { DrillItem } from "../crash/ledger.ts";
import { Books } from "./books.ts";

function itemOf(id: string, token: string): DrillItem {
  return { id, token, count: 1, payload: "" };
}

function storedOf(...items: readonly DrillItem[]): Map<string, DrillItem> {
  return new Map(items.map((item) => [item.id, item]));
}

function withTransfers(): Books {
  const books = new Books();
  const change = { id: "0-1", next: itemOf("0-1", "first") };
  books.recordTransfer({ from: "a", to: "b", amount: 5, change }, "acknowledged");
  const uncertain = { id: "0-2", next: itemOf("0-2", "second") };
  books.recordTransfer({ from: "b", to: "c", amount: 2, change: uncertain }, "unknown");
  return books;
}

describe("Books of a failover", () => {
  test("find an acknowledged write that is lost", () => {
    assert.equal(withTransfers().settle(storedOf()).length, 1);
  });

  test("learn from what is stored which changes without an answer were made", () => {
    const [undone, done] = [withTransfers(), withTransfers()];
    assert.ok(!done.isCertain("0-2"));
    const first = itemOf("0-1", "first");
    const both = storedOf(first, itemOf("0-2", "second"));
    assert.deepEqual(undone.uncertainty(storedOf(first)), { unknown: 1, made: 0 });
    assert.deepEqual(done.uncertainty(both), { unknown: 1, made: 1 });
    assert.deepEqual([undone.settle(storedOf(first)), done.settle(both)], [[], []]);
    assert.ok(done.isCertain("0-2"));
    const told = [{ id: "0-1", before: undefined, after: "first" }];
    assert.deepEqual(undone.compare(told), []);
    assert.equal(done.compare(told).length, 1);
  });

  test("hold balances against the transfers that a stream tells of", () => {
    const told = ["first", "second", "of no transfer", undefined].map((after) => ({
      id: "",
      before: undefined,
      after,
    }));
    assert.deepEqual(Object.fromEntries(withTransfers().balances(told)), { a: -5, b: 3, c: 2 });
    assert.deepEqual(Object.fromEntries(withTransfers().balances(told.slice(0, 1))), { a: -5, b: 5 });
  });
});
