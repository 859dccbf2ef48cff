import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Ledger, type DrillItem } from "./ledger.ts";

const first: DrillItem = { id: "a", token: "1", count: 0, payload: "x" };
const second: DrillItem = { ...first, token: "2" };

function stored(...items: readonly DrillItem[]): Map<string, DrillItem> {
  return new Map(items.map((item) => [item.id, item]));
}

void describe("the ledger of the crash drill", () => {
  void test("finds an acknowledged write that is lost", () => {
    const ledger = new Ledger();
    ledger.record("a", first, "acknowledged");
    ledger.record("a", second, "acknowledged");
    assert.equal(ledger.settle(stored(first)).length, 1);
  });

  void test("finds a refused write that took effect", () => {
    const ledger = new Ledger();
    ledger.record("a", first, "acknowledged");
    ledger.record("a", second, "refused");
    assert.equal(ledger.settle(stored(second)).length, 1);
  });

  void test("accepts either outcome of an unknown write, once", () => {
    const ledger = new Ledger();
    ledger.record("a", first, "acknowledged");
    ledger.record("a", second, "unknown");
    assert.deepEqual(ledger.settle(stored(second)), []);
    assert.equal(ledger.settle(stored(first)).length, 1);
  });

  void test("finds an item that nobody wrote", () => {
    assert.equal(new Ledger().settle(stored(first)).length, 1);
  });

  void test("finds half a transaction, and accepts either outcome of a whole one", () => {
    const changes = [
      { id: "a", next: second },
      { id: "b", next: { ...second, id: "b" } },
      { id: "c", next: undefined },
    ];
    const begun = (): Ledger => {
      const ledger = new Ledger();
      for (const id of ["a", "b", "c"]) ledger.record(id, { ...first, id }, "acknowledged");
      ledger.recordTogether(changes, "unknown");
      return ledger;
    };
    const before = ["a", "b", "c"].map((id) => ({ ...first, id }));
    const after = changes.flatMap(({ next }) => next ?? []);
    assert.deepEqual(begun().settle(stored(...before)), []);
    assert.deepEqual(begun().settle(stored(...after)), []);
    assert.match(
      begun()
        .settle(stored(...before, ...after))
        .join(),
      /^half a transaction was done/,
    );
    assert.match(
      begun()
        .settle(stored(...after.slice(0, 1), ...before.slice(1)))
        .join(),
      /^half a transaction/,
    );
  });

  void test("bounds a counter by what was acknowledged and what may have been", () => {
    const ledger = new Ledger();
    ledger.recordIncrement("a", "acknowledged");
    ledger.recordIncrement("a", "unknown");
    assert.equal(ledger.settle(stored({ ...first, count: 0 })).length, 1);
    ledger.recordIncrement("a", "acknowledged");
    assert.deepEqual(ledger.settle(stored({ ...first, count: 1 })), []);
    assert.equal(ledger.settle(stored({ ...first, count: 3 })).length, 1);
  });
});
