import assert from "node:assert/strict";
import { test } from "node:test";
import { namedKey } from "./named-key.ts";
import { readStatement } from "./read-statement.ts";

function named(where: string, options = {}) {
  const statement = readStatement(`SELECT * FROM t WHERE ${where}`, []);
  assert.ok(statement.kind === "select");
  const { values, contradicted, asksMore } = namedKey(statement.where, ["pk", "__proto__"], options);
  return { values: Object.fromEntries(Object.entries(values)), contradicted, asksMore };
}

const whole = JSON.parse('{ "pk": { "S": "a" }, "__proto__": { "N": "1" } }') as object;
const partOnly = { pk: { S: "a" } };

const clauses: readonly [where: string, values: object, asksMore: boolean, contradicted?: string][] = [
  [`pk = 'a' AND "__proto__" = 1`, whole, false],
  [`1 = "__proto__" AND ('a' = pk)`, whole, false],
  [`pk = 'a' AND "__proto__" = 1 AND pk = 'a'`, whole, false],
  [`pk = 'a' AND "__proto__" = 1 AND pk = 'b'`, whole, false, "pk"],
  [`pk = 'a' AND "__proto__" = 1 AND c = 2`, whole, true],
  [`pk = 'a' AND ("__proto__" = 1 AND (c = 2 OR pk = 'b'))`, whole, true],
  [`pk = 'a' AND "__proto__" > 1`, partOnly, true],
  [`pk = 'a' AND NOT "__proto__" = 1`, partOnly, true],
  [`pk = 'a' AND "__proto__".x = 1`, partOnly, true],
  [`pk = 'a' AND "__proto__" = c`, partOnly, true],
  [`pk = 'a' AND "__proto__" IN [1]`, partOnly, true],
  [`pk = 'a' OR "__proto__" = 1`, {}, true],
];
for (const [where, values, asksMore, contradicted] of clauses) {
  test(`the key named by ${where}`, () => {
    const expected = { values: Object.fromEntries(Object.entries(values)), contradicted, asksMore };
    assert.deepEqual(named(where), expected);
  });
}

test("a list of one may stand for an equality", () => {
  const expected = {
    values: Object.fromEntries(Object.entries(whole)),
    contradicted: undefined,
    asksMore: false,
  };
  assert.deepEqual(named(`pk IN ['a'] AND "__proto__" IN [1]`, { listsOfOne: true }), expected);
  assert.equal(named(`pk IN ['a', 'b'] AND "__proto__" IN [1]`, { listsOfOne: true }).asksMore, true);
});

test("a long clause is looked through", () => {
  const more = " AND c = 1".repeat(140);
  assert.deepEqual(named(`pk = 'a'${more}`), { values: partOnly, contradicted: undefined, asksMore: true });
});
