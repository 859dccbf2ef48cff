import assert from "node:assert/strict";
import { test } from "node:test";
import type { Item } from "../../model/attribute-value.ts";
import { itemSize } from "../../values/size.ts";
import { encodeItem } from "../item-codec.ts";
import type { StoredItem } from "../stored-item.ts";
import { isChanged } from "./is-changed.ts";

function stored(item: Item, writtenAt = 1): StoredItem {
  return encodeItem(item, itemSize(item), writtenAt);
}

const before: Item = { id: { S: "a" }, tags: { SS: ["x", "y"] }, rank: { S: "ab" } };

test("an item is the same in another order of attributes and members of sets, and at another time", () => {
  const reordered: Item = { rank: { S: "ab" }, tags: { SS: ["y", "x"] }, id: { S: "a" } };
  assert.equal(isChanged(stored(before), stored(before, 2)), false);
  assert.equal(isChanged(stored(before), stored(reordered)), false);
});

test("an item is another with another value, even one of the same letters", () => {
  assert.equal(isChanged(stored(before), stored({ ...before, rank: { S: "ac" } })), true);
  assert.equal(isChanged(stored(before), stored({ ...before, rank: { S: "ba" } })), true);
  assert.equal(isChanged(stored(before), stored({ ...before, more: { S: "" } })), true);
});

test("an item that comes or goes is changed, and one that is not there either time is not", () => {
  assert.equal(isChanged(undefined, stored(before)), true);
  assert.equal(isChanged(stored(before), undefined), true);
  assert.equal(isChanged(undefined, undefined), false);
});
