import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compareBytes } from "../../base/bytes.ts";
import { compareKeys } from "./compare-keys.ts";
import { emptyTree, isLeaf, type Tree } from "./node.ts";
import { scanTree } from "./scan-tree.ts";
import { valueIn, withEntry, withoutKey } from "./tree.ts";

const wholeRange = { from: new Uint8Array(0), until: Uint8Array.of(0xff) };

function keyOf(number: number): Uint8Array {
  const key = Buffer.alloc(4);
  key.writeUInt32BE(number);
  return key;
}

function numbersIn(tree: Tree, reverse = false): number[] {
  const { entries } = scanTree(tree, wholeRange, { entriesMax: 1_000_000, reverse });
  return entries.map(({ key }) => Buffer.from(key).readUInt32BE(0));
}

/** A reproducible order of the numbers below `count`. */
function shuffled(count: number): number[] {
  return Array.from({ length: count }, (_, index) => (index * 7_919) % count);
}

test("thousands of keys in any order come out sorted, in both directions", () => {
  const ascending = Array.from({ length: 20_000 }, (_, index) => index);
  for (const order of [ascending, ascending.toReversed(), shuffled(20_000)]) {
    let tree = emptyTree;
    for (const number of order) tree = withEntry(tree, keyOf(number), keyOf(number));
    assert.deepEqual(numbersIn(tree), ascending);
    assert.deepEqual(numbersIn(tree, true), ascending.toReversed());
    assert.ok(tree.level <= 3);
    for (const number of [0, 63, 64, 9_999, 19_999])
      assert.deepEqual(valueIn(tree, keyOf(number)), keyOf(number));
    assert.equal(valueIn(tree, keyOf(20_000)), undefined);
  }
});

test("a tree shrinks back to a leaf as its keys go", () => {
  const order = shuffled(20_000);
  let tree = emptyTree;
  for (const number of order) tree = withEntry(tree, keyOf(number), keyOf(number));
  for (const number of order.slice(0, -10)) tree = withoutKey(tree, keyOf(number));
  assert.deepEqual(
    numbersIn(tree),
    order.slice(-10).toSorted((left, right) => left - right),
  );
  assert.ok(tree.level <= 1, `level ${tree.level}`);
  for (const number of order.slice(-10)) tree = withoutKey(tree, keyOf(number));
  assert.deepEqual(numbersIn(tree), []);
});

test("an old tree stays as it was while new ones are made of it", () => {
  const changes = fc.array(fc.tuple(fc.boolean(), fc.nat(600)), { minLength: 300, maxLength: 1_500 });
  fc.assert(
    fc.property(changes, (list) => {
      const oracle = new Map<number, Uint8Array>();
      const moments: { tree: Tree; expected: [number, Uint8Array][] }[] = [];
      let tree = emptyTree;
      for (const [step, [puts, number]] of list.entries()) {
        if (puts) oracle.set(number, keyOf(step));
        else oracle.delete(number);
        tree = puts ? withEntry(tree, keyOf(number), keyOf(step)) : withoutKey(tree, keyOf(number));
        if (step % 100 === 0) moments.push({ tree, expected: [...oracle] });
      }
      for (const { tree: old, expected } of moments) {
        assert.deepEqual(
          numbersIn(old),
          expected.map(([number]) => number).toSorted((left, right) => left - right),
        );
        for (const [number, value] of expected) assert.deepEqual(valueIn(old, keyOf(number)), value);
      }
    }),
    { numRuns: 20 },
  );
});

test("taking out a key that is not there answers the same tree", () => {
  const tree = withEntry(emptyTree, keyOf(1), keyOf(1));
  assert.ok(isLeaf(tree));
  assert.equal(withoutKey(tree, keyOf(2)), tree);
});

test("keys compare as bytes do, beyond the length of the quick loop too", () => {
  const key = fc
    .uint8Array({ maxLength: 40 })
    .chain((tail) => fc.nat(30).map((shared) => Uint8Array.of(...new Uint8Array(shared).fill(9), ...tail)));
  fc.assert(
    fc.property(key, key, (left, right) => {
      assert.equal(Math.sign(compareKeys(left, right)), compareBytes(left, right));
    }),
  );
});
