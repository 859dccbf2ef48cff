import assert from "node:assert/strict";
import { test } from "node:test";
import { hashOrder } from "./hash-order.ts";

/** As the service was seen to list them, whatever their order in the request. */
const seen: readonly (readonly [given: readonly string[], listed: readonly string[]])[] = [
  [
    ["pk", "sk"],
    ["sk", "pk"],
  ],
  [
    ["my-string", "my-hash", "my-int"],
    ["my-string", "my-int", "my-hash"],
  ],
  [
    ["ProductName", "ProductId", "CreatedTime", "ProductDescription"],
    ["ProductId", "CreatedTime", "ProductDescription", "ProductName"],
  ],
  [
    ["pk", "sk", "a", "b", "c"],
    ["sk", "a", "b", "pk", "c"],
  ],
];

test("Names are in the order of a hash table that is just large enough", () => {
  for (const [given, listed] of seen) assert.deepEqual(hashOrder(given), listed);
});

test("Names are in the order of a table of at least so many buckets", () => {
  assert.deepEqual(hashOrder(["pk", "sk", "a"], 16), ["a", "sk", "pk"]);
  assert.deepEqual(hashOrder(["ProductId", "CreatedTime", "ProductName"], 16), [
    "CreatedTime",
    "ProductName",
    "ProductId",
  ]);
});

test("Names of one bucket stay in the order of their arrival", () => {
  // Their hash codes are the same.
  assert.deepEqual(hashOrder(["BB", "Aa"]), ["BB", "Aa"]);
  assert.deepEqual(hashOrder(["Aa", "BB"]), ["Aa", "BB"]);
});
