import assert from "node:assert/strict";
import { test } from "node:test";
import type { CollectionPart, KeyPlan } from "../../expressions/partiql/key-plan.ts";
import type { SortTerm } from "../../expressions/partiql/statement.ts";
import { orderedPlan, type StatementKey } from "./order-by.ts";

const key: StatementKey = { partitionKey: { name: "pk", type: "S" }, sortKey: { name: "sk", type: "N" } };

/** "pk DESC, sk" as terms. */
function terms(text: string): readonly SortTerm[] {
  return text.split(", ").map((term) => {
    const [name = "", direction] = term.split(" ");
    return { name, descending: direction === "DESC" };
  });
}

function below(pk: string, value: string): CollectionPart {
  return { partitionKey: { S: pk }, sortKey: { operator: "<", value: { N: value } } };
}

function above(pk: string, value: string): CollectionPart {
  return { partitionKey: { S: pk }, sortKey: { operator: ">", value: { N: value } } };
}

const parts: KeyPlan = {
  kind: "collections",
  collections: [below("a", "1"), above("a", "2"), below("b", "1"), above("b", "2")],
};

const orders: readonly [orderBy: string, parts: string, reverse: boolean][] = [
  ["pk, sk", "a< a> b< b>", false],
  ["pk, sk DESC", "a> a< b> b<", true],
  ["pk DESC, sk", "b< b> a< a>", false],
  ["pk DESC, sk DESC", "b> b< a> a<", true],
  ["sk, pk DESC", "b< b> a< a>", false],
  ["pk", "a> a< b> b<", true],
];
for (const [orderBy, expected, reverse] of orders) {
  test(`the parts of a plan stand in the order of ${orderBy}`, () => {
    const ordered = orderedPlan(parts, terms(orderBy), key);
    assert.equal(ordered.reverse, reverse);
    assert.ok(ordered.plan.kind === "collections");
    const shown = ordered.plan.collections.map(
      ({ partitionKey, sortKey }) => `${partitionKey.S ?? ""}${sortKey?.operator ?? ""}`,
    );
    assert.equal(shown.join(" "), expected);
  });
}

test("keys are ordered as parts are", () => {
  const keys = ["a1", "a2", "b1"].map((text) => ({ pk: { S: text.charAt(0) }, sk: { N: text.slice(1) } }));
  const { plan } = orderedPlan({ kind: "keys", keys }, terms("pk DESC, sk DESC"), key);
  assert.deepEqual(plan, { kind: "keys", keys: [keys[2], keys[1], keys[0]] });
});

test("a plan without order stays as it is", () => {
  assert.deepEqual(orderedPlan(parts, [], key), { plan: parts, reverse: false });
});
