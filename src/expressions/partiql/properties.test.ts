import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  arbitraryKeyedCondition,
  arbitraryPlainValue,
  arbitraryStatementSoup,
  arbitraryTwofoldCondition,
} from "../../../test/fixtures/arbitrary-statements.ts";
import type { AttributeValue, Item } from "../../model/attribute-value.ts";
import { ServiceError } from "../../model/errors.ts";
import { compareValues } from "../../values/compare.ts";
import type { SortKeyCondition } from "../../values/sort-key-condition.ts";
import { holds, type Condition } from "../evaluate.ts";
import { readExpressions } from "../request.ts";
import { beginsWith } from "../substance.ts";
import { keyPlan, type CollectionPart, type KeyPlan } from "./key-plan.ts";
import { readStatement } from "./read-statement.ts";

const arbitraryItem = fc.dictionary(fc.constantFrom("a", "b", "c", "toString"), arbitraryPlainValue);

test("a condition says the same in both languages", () => {
  let answered = 0;
  fc.assert(
    fc.property(arbitraryTwofoldCondition, fc.array(arbitraryItem, { maxLength: 5 }), (twofold, items) => {
      const { expression, values, where, parameters } = twofold;
      const given = Object.keys(values).length === 0 ? undefined : values;
      const filter = outcome(() => readExpressions({ filter: expression, values: given }, "older").filter);
      const condition = outcome(() => whereOf(where, parameters));
      if (typeof filter === "string" || typeof condition === "string") {
        // Of several faults, either language may tell another first.
        assert.equal(typeof filter, typeof condition, where);
        return;
      }
      answered++;
      for (const item of items) assert.equal(holds(condition, item), holds(filter, item), where);
    }),
    { numRuns: 1_000 },
  );
  assert(answered > 250, `${answered} conditions were answered`);
});

const key = {
  partitionKeys: [{ name: "pk", type: "S" }],
  sortKeys: [{ name: "sk", type: "S" }],
} as const;

const allItems: readonly Item[] = ["a", "b", "c"].flatMap((pk) =>
  ["1", "12", "2", "25", "3"].flatMap((sk, index) => {
    const item = { pk: { S: pk }, sk: { S: sk } };
    return index % 2 === 0 ? [item] : [{ ...item, x: { N: String((index % 3) + 1) } }];
  }),
);

test("a plan finds what its condition asks for, nothing twice, and in the order of the keys", () => {
  const seen = { keys: 0, collections: 0, scan: 0, refused: 0 };
  fc.assert(
    fc.property(arbitraryKeyedCondition, fc.boolean(), (where, isUnique) => {
      const condition = whereOf(where, []);
      const plan = outcome(() => keyPlan(condition, { ...key, isUnique }));
      if (typeof plan === "string") {
        seen.refused++;
        assert.match(plan, /^(Overlapping conditions|Too many decomposed)/);
        return;
      }
      seen[plan.kind]++;
      const found = foundBy(plan);
      assert.deepEqual(
        found,
        allItems.filter((item) => holds(condition, item)),
        where,
      );
    }),
    { numRuns: 2_000 },
  );
  for (const [kind, count] of Object.entries(seen)) assert(count > 20, `${kind} was planned ${count} times`);
});

test("no text is worse than refused", () => {
  const anyText = fc.oneof(
    arbitraryStatementSoup,
    arbitraryStatementSoup.map((soup) => `SELECT * FROM t WHERE ${soup}`),
    arbitraryStatementSoup.map((soup) => `UPDATE t SET a = ${soup}`),
    arbitraryStatementSoup.map((soup) => `INSERT INTO t VALUE {'a': ${soup}`),
    fc.string({ unit: "binary" }),
  );
  fc.assert(
    fc.property(anyText, fc.array(arbitraryPlainValue, { maxLength: 2 }), (text, parameters) => {
      outcome(() => {
        const statement = readStatement(text, parameters);
        return statement.kind === "select" ? keyPlan(statement.where, { ...key, isUnique: true }) : statement;
      });
    }),
    { numRuns: 5_000 },
  );
});

const longest = 8_192;

const heavyTexts: Readonly<Record<string, string>> = {
  parentheses: `SELECT * FROM t WHERE ${"(".repeat(longest)}`,
  "closed parentheses": `SELECT * FROM t WHERE ${"(".repeat(4_000)}a = 1${")".repeat(4_000)}`,
  lists: `UPDATE t SET a = ${"[".repeat(longest)}`,
  maps: `INSERT INTO t VALUE ${"{'a':".repeat(1_600)}`,
  negations: `SELECT * FROM t WHERE ${"NOT ".repeat(2_000)}a = 1`,
  signs: `SELECT * FROM t WHERE a = ${"- ".repeat(4_000)}1`,
  calls: `SELECT * FROM t WHERE ${"f(".repeat(4_000)}`,
  indexes: `SELECT a${"[0".repeat(4_000)} FROM t`,
  steps: `SELECT a${".a".repeat(4_000)} FROM t`,
  conjunctions: `SELECT * FROM t WHERE a = 1${" AND a = 1".repeat(800)}`,
  sums: `UPDATE t SET a = 1${"+1".repeat(4_000)} WHERE pk = 1`,
  alternatives: `SELECT * FROM t WHERE pk='a'${" AND (sk='1' OR sk='2')".repeat(70)}`,
  candidates: `SELECT * FROM t WHERE pk IN [${"1,".repeat(4_000)}1]`,
  "half a comment": `SELECT /*${"/* ".repeat(2_700)}`,
  "half a text": `SELECT '${"''".repeat(4_000)}`,
  "a number of many digits": `SELECT * FROM t WHERE a = ${"1".repeat(8_000)}`,
  updates: `FROM ${"a*FROM ".repeat(1_100)}`,
};

for (const [what, text] of Object.entries(heavyTexts)) {
  test(`a statement full of ${what} is answered at once`, () => {
    const start = performance.now();
    outcome(() => {
      const statement = readStatement(text, []);
      return statement.kind === "select" ? keyPlan(statement.where, { ...key, isUnique: true }) : statement;
    });
    const elapsedMs = performance.now() - start;
    assert(elapsedMs < 500, `it took ${elapsedMs} ms`);
  });
}

function whereOf(where: string, parameters: readonly AttributeValue[]): Condition {
  const statement = readStatement(`SELECT * FROM t WHERE ${where}`, parameters);
  assert(statement.kind === "select" && statement.where !== undefined);
  return statement.where;
}

/** What `run` answers, or the text of its refusal. */
function outcome<Answer extends object>(run: () => Answer | undefined): Answer | string {
  try {
    return run() ?? "nothing";
  } catch (error) {
    if (error instanceof ServiceError) return error.message;
    throw error;
  }
}

function foundBy(plan: KeyPlan): readonly Item[] {
  const { filter } = plan;
  return readBy(plan).filter((item) => filter === undefined || holds(filter, item));
}

function readBy(plan: KeyPlan): readonly Item[] {
  switch (plan.kind) {
    case "scan":
      return allItems;
    case "keys":
      return plan.keys.flatMap((named) =>
        allItems.filter(({ pk, sk }) => pk?.S === named["pk"]?.S && sk?.S === named["sk"]?.S),
      );
    case "collections":
      return plan.collections.flatMap((part) => allItems.filter((item) => isIn(part, item)));
  }
}

function isIn({ partitionKey, sortKey }: CollectionPart, { pk, sk }: Item): boolean {
  return pk?.S === partitionKey.S && sk !== undefined && (sortKey === undefined || meets(sk, sortKey));
}

function meets(value: AttributeValue, condition: SortKeyCondition): boolean {
  if (condition.operator === "begins_with") return beginsWith(value, condition.prefix);
  if (condition.operator === "between") {
    return order(value, condition.low) >= 0 && order(value, condition.high) <= 0;
  }
  const compared = order(value, condition.value);
  switch (condition.operator) {
    case "=":
      return compared === 0;
    case "<":
      return compared < 0;
    case "<=":
      return compared <= 0;
    case ">":
      return compared > 0;
    case ">=":
      return compared >= 0;
  }
}

function order(one: AttributeValue, two: AttributeValue): number {
  const compared = compareValues(one, two);
  assert(compared !== undefined);
  return compared;
}
