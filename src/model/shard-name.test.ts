import assert from "node:assert/strict";
import test from "node:test";
import { parseShardName, shardNameOf } from "./shard-name.ts";

test("the name of a shard tells its id and its birth", () => {
  const shard = { shardId: 0x1_0002, openedAt: 1_790_000_000_123 };
  assert.equal(shardNameOf(shard), "shardId-00000001790000000123-00010002");
  assert.deepEqual(parseShardName(shardNameOf(shard)), shard);
});

test("anything else is no name of a shard", () => {
  const others = [
    "shardId-00000001790000000123-0001000",
    "shardId-00000001790000000123-0001000G",
    "shardId-1790000000123-00010002",
    "shardId-00000001790000000123-00010002 ",
  ];
  for (const name of others) assert.equal(parseShardName(name), undefined, name);
});
