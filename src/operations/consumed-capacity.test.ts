import assert from "node:assert/strict";
import { test } from "node:test";
import {
  consumedCapacity,
  doubledTable,
  sumOfUses,
  transactionalCapacity,
  type CapacityUse,
} from "./consumed-capacity.ts";

const indexed: CapacityUse = {
  table: 2,
  local: new Map([["by-size", 1]]),
  global: new Map([
    ["by-owner", 3],
    ["__proto__", 0.5],
  ]),
};

/** As the wire shows it: members called like those of every object, and absent ones left out. */
function sent(answer: unknown): unknown {
  return answer === undefined ? undefined : JSON.parse(JSON.stringify(answer));
}

test("an answer tells as much of the capacity as it was asked to", () => {
  assert.equal(consumedCapacity(undefined, "pets", indexed), undefined);
  assert.equal(consumedCapacity("NONE", "pets", indexed), undefined);
  assert.deepEqual(sent(consumedCapacity("TOTAL", "pets", indexed)), {
    TableName: "pets",
    CapacityUnits: 6.5,
  });
  assert.deepEqual(
    sent(consumedCapacity("INDEXES", "pets", indexed)),
    JSON.parse(`{
      "TableName": "pets",
      "CapacityUnits": 6.5,
      "Table": { "CapacityUnits": 2 },
      "LocalSecondaryIndexes": { "by-size": { "CapacityUnits": 1 } },
      "GlobalSecondaryIndexes": {
        "by-owner": { "CapacityUnits": 3 },
        "__proto__": { "CapacityUnits": 0.5 }
      }
    }`),
  );
});

test("kinds of indexes that a request did not touch are left out", () => {
  assert.deepEqual(sent(consumedCapacity("INDEXES", "pets", { table: 1 })), {
    TableName: "pets",
    CapacityUnits: 1,
    Table: { CapacityUnits: 1 },
  });
});

test("a transaction doubles the table alone, and tells the kind of its units at every level", () => {
  const use = doubledTable({ table: 2, global: new Map([["by-owner", 3]]) });
  assert.deepEqual(sent(transactionalCapacity("INDEXES", "pets", use, "write")), {
    TableName: "pets",
    CapacityUnits: 7,
    WriteCapacityUnits: 7,
    Table: { CapacityUnits: 4, WriteCapacityUnits: 4 },
    GlobalSecondaryIndexes: { "by-owner": { CapacityUnits: 3, WriteCapacityUnits: 3 } },
  });
  assert.deepEqual(sent(transactionalCapacity("TOTAL", "pets", { table: 4 }, "read")), {
    TableName: "pets",
    CapacityUnits: 4,
    ReadCapacityUnits: 4,
  });
  assert.equal(transactionalCapacity("NONE", "pets", { table: 4 }, "read"), undefined);
});

test("the uses of one table add up index by index", () => {
  assert.deepEqual(sumOfUses([]), { table: 0, local: undefined, global: undefined });
  assert.deepEqual(sumOfUses([{ table: 1 }, indexed, { table: 4, global: new Map([["by-owner", 2]]) }]), {
    table: 7,
    local: new Map([["by-size", 1]]),
    global: new Map([
      ["by-owner", 5],
      ["__proto__", 0.5],
    ]),
  });
});
