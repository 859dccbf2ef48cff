import assert from "node:assert/strict";
import { test } from "node:test";
import { gatherTurn } from "./gather-turn.ts";
import { nextTurn } from "./next-turn.ts";

test("items of one turn are handed on at its end, in their order", async () => {
  const handled: number[] = [];
  const add = gatherTurn<number>(10, (item) => handled.push(item));
  add(1);
  add(2);
  assert.deepEqual(handled, []);
  await nextTurn();
  assert.deepEqual(handled, [1, 2]);
  add(3);
  await nextTurn();
  assert.deepEqual(handled, [1, 2, 3]);
});

test("no more items than the bound wait for the end of the turn", async () => {
  const handled: number[] = [];
  const add = gatherTurn<number>(2, (item) => handled.push(item));
  for (const item of [1, 2, 3]) add(item);
  assert.deepEqual(handled, [1, 2]);
  await nextTurn();
  assert.deepEqual(handled, [1, 2, 3]);
});

test("what handling an item adds is handled too", async () => {
  const handled: number[] = [];
  const add = gatherTurn<number>(10, (item) => {
    handled.push(item);
    if (item < 3) add(item + 1);
  });
  add(1);
  for (let turn = 0; turn < 4; turn += 1) await nextTurn();
  assert.deepEqual(handled, [1, 2, 3]);
});
