import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { AttributeValue, Item } from "../model/attribute-value.ts";
import { RequestError } from "../model/errors.ts";
import type { Condition, ExpectedAttributeValue } from "../model/types.generated.ts";
import { attributesOf, holds } from "./evaluate.ts";
import { keyConditionOn } from "./key-condition.ts";
import { expectedCondition, filterCondition, keyConditionsCondition } from "./legacy.ts";

const one: AttributeValue = { N: "1" };
const two: AttributeValue = { N: "2" };
const prefix = "One or more parameter values were invalid: ";

function refusalOf(run: () => unknown): string {
  let message = "";
  assert.throws(run, (error) => {
    assert(error instanceof RequestError, "a refusal of the request for what it says");
    message = error.message;
    return true;
  });
  return message;
}

function passes(condition: Condition, item: Item): boolean {
  const filter = filterCondition({ a: condition }, undefined, "current");
  assert(filter !== undefined);
  return holds(filter, item);
}

describe("a comparison of the older parameters", () => {
  const cases: readonly [Condition, AttributeValue | undefined, boolean][] = [
    [{ ComparisonOperator: "EQ", AttributeValueList: [{ N: "1.0" }] }, one, true],
    [{ ComparisonOperator: "EQ", AttributeValueList: [{ S: "1" }] }, one, false],
    [{ ComparisonOperator: "EQ", AttributeValueList: [{ SS: ["x", "y"] }] }, { SS: ["y", "x"] }, true],
    [{ ComparisonOperator: "EQ", AttributeValueList: [{ L: [one] }] }, { L: [one] }, true],
    [{ ComparisonOperator: "EQ", AttributeValueList: [one] }, undefined, false],
    [{ ComparisonOperator: "NE", AttributeValueList: [one] }, two, true],
    [{ ComparisonOperator: "NE", AttributeValueList: [one] }, { S: "1" }, true],
    [{ ComparisonOperator: "NE", AttributeValueList: [one] }, undefined, true],
    [{ ComparisonOperator: "LT", AttributeValueList: [two] }, one, true],
    [{ ComparisonOperator: "LT", AttributeValueList: [{ S: "2" }] }, one, false],
    [{ ComparisonOperator: "LE", AttributeValueList: [one] }, one, true],
    [{ ComparisonOperator: "GT", AttributeValueList: [one] }, one, false],
    [{ ComparisonOperator: "GE", AttributeValueList: [one] }, one, true],
    [{ ComparisonOperator: "GE", AttributeValueList: [one] }, undefined, false],
    [{ ComparisonOperator: "BETWEEN", AttributeValueList: [one, two] }, two, true],
    [{ ComparisonOperator: "BETWEEN", AttributeValueList: [one, two] }, undefined, false],
    [{ ComparisonOperator: "IN", AttributeValueList: [one, two] }, two, true],
    [{ ComparisonOperator: "IN", AttributeValueList: [one] }, two, false],
    [{ ComparisonOperator: "IN", AttributeValueList: [one] }, undefined, false],
    [{ ComparisonOperator: "CONTAINS", AttributeValueList: [{ S: "b" }] }, { S: "abc" }, true],
    [{ ComparisonOperator: "CONTAINS", AttributeValueList: [{ S: "b" }] }, { SS: ["abc"] }, false],
    [{ ComparisonOperator: "CONTAINS", AttributeValueList: [one] }, { NS: ["1"] }, true],
    [{ ComparisonOperator: "CONTAINS", AttributeValueList: [one] }, { L: [two, one] }, true],
    [{ ComparisonOperator: "CONTAINS", AttributeValueList: [one] }, undefined, false],
    [{ ComparisonOperator: "NOT_CONTAINS", AttributeValueList: [{ S: "b" }] }, { S: "abc" }, false],
    [{ ComparisonOperator: "NOT_CONTAINS", AttributeValueList: [{ S: "x" }] }, { S: "abc" }, true],
    [{ ComparisonOperator: "NOT_CONTAINS", AttributeValueList: [{ S: "x" }] }, one, true],
    [{ ComparisonOperator: "NOT_CONTAINS", AttributeValueList: [{ S: "x" }] }, undefined, false],
    [{ ComparisonOperator: "BEGINS_WITH", AttributeValueList: [{ B: "YWI=" }] }, { B: "YWJj" }, true],
    [{ ComparisonOperator: "BEGINS_WITH", AttributeValueList: [{ S: "a" }] }, undefined, false],
    [{ ComparisonOperator: "NULL" }, undefined, true],
    [{ ComparisonOperator: "NULL" }, { NULL: true }, false],
    [{ ComparisonOperator: "NOT_NULL" }, { NULL: true }, true],
    [{ ComparisonOperator: "NOT_NULL" }, undefined, false],
  ];
  for (const [condition, value, expected] of cases) {
    test(`${JSON.stringify(condition)} is ${expected} of ${JSON.stringify(value) ?? "nothing"}`, () => {
      assert.equal(passes(condition, value === undefined ? {} : { a: value }), expected);
    });
  }

  const refusals: readonly [Condition, string][] = [
    [{ ComparisonOperator: "EQ" }, `${prefix}Invalid number of argument(s) for the EQ ComparisonOperator`],
    [
      { ComparisonOperator: "NULL", AttributeValueList: [one] },
      `${prefix}Invalid number of argument(s) for the NULL ComparisonOperator`,
    ],
    [
      { ComparisonOperator: "IN", AttributeValueList: [] },
      `${prefix}Invalid number of argument(s) for the IN ComparisonOperator`,
    ],
    [
      { ComparisonOperator: "BETWEEN", AttributeValueList: [one] },
      `${prefix}Invalid number of argument(s) for the BETWEEN ComparisonOperator`,
    ],
    // A bad value is told before a wrong number of them.
    [
      { ComparisonOperator: "EQ", AttributeValueList: [one, { N: "b" }] },
      "The parameter cannot be converted to a numeric value: b",
    ],
    [
      { ComparisonOperator: "IN", AttributeValueList: [{ S: "b" }, one] },
      `${prefix}AttributeValues inside AttributeValueList must be of same type`,
    ],
    [
      { ComparisonOperator: "LT", AttributeValueList: [{ BOOL: true }] },
      `${prefix}ComparisonOperator LT is not valid for BOOL AttributeValue type`,
    ],
    [
      { ComparisonOperator: "IN", AttributeValueList: [{ SS: ["a"] }] },
      `${prefix}ComparisonOperator IN is not valid for SS AttributeValue type`,
    ],
    [
      { ComparisonOperator: "CONTAINS", AttributeValueList: [{ L: [] }] },
      `${prefix}ComparisonOperator CONTAINS is not valid for L AttributeValue type`,
    ],
    [
      { ComparisonOperator: "BEGINS_WITH", AttributeValueList: [one] },
      `${prefix}ComparisonOperator BEGINS_WITH is not valid for N AttributeValue type`,
    ],
    [
      { ComparisonOperator: "BETWEEN", AttributeValueList: [two, one] },
      "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound",
    ],
  ];
  for (const [condition, message] of refusals) {
    test(`${JSON.stringify(condition)} is refused`, () => {
      assert.equal(
        refusalOf(() => filterCondition({ a: condition }, undefined, "current")),
        message,
      );
    });
  }
});

describe("Expected", () => {
  const cases: readonly [ExpectedAttributeValue, Item | undefined, boolean][] = [
    [{ Value: one }, { a: one }, true],
    [{ Value: one, Exists: true }, { a: two }, false],
    [{ Value: one }, undefined, false],
    [{ Exists: false }, undefined, true],
    [{ Exists: false }, { a: one }, false],
    [{ ComparisonOperator: "GT", Value: one }, { a: two }, true],
    [{ ComparisonOperator: "NOT_NULL" }, { a: two }, true],
  ];
  for (const [expected, item, answer] of cases) {
    test(`${JSON.stringify(expected)} is ${answer} of ${JSON.stringify(item) ?? "no item"}`, () => {
      const condition = expectedCondition({ a: expected }, undefined, "enveloped");
      assert(condition !== undefined);
      assert.equal(holds(condition, item), answer);
    });
  }

  const refusals: readonly [ExpectedAttributeValue, string][] = [
    [
      { Value: one, AttributeValueList: [one], Exists: false, ComparisonOperator: "EQ" },
      "Value and AttributeValueList cannot be used together for Attribute: a",
    ],
    [
      { Exists: true, ComparisonOperator: "EQ" },
      "Exists and ComparisonOperator cannot be used together for Attribute: a",
    ],
    [
      { ComparisonOperator: "EQ" },
      "Value or AttributeValueList must be used with ComparisonOperator: EQ for Attribute: a",
    ],
    [
      { ComparisonOperator: "BETWEEN", Value: one },
      "Invalid number of argument(s) for the BETWEEN ComparisonOperator",
    ],
    [
      { ComparisonOperator: "NULL", Value: one },
      "Invalid number of argument(s) for the NULL ComparisonOperator",
    ],
    [
      { AttributeValueList: [one] },
      "AttributeValueList can only be used with a ComparisonOperator for Attribute: a",
    ],
    [{}, "Value must be provided when Exists is null for Attribute: a"],
    [{ Exists: true }, "Value must be provided when Exists is true for Attribute: a"],
    [{ Exists: false, Value: one }, "Value cannot be used when Exists is false for Attribute: a"],
  ];
  for (const [expected, fact] of refusals) {
    test(`${JSON.stringify(expected)} is refused`, () => {
      assert.equal(
        refusalOf(() => expectedCondition({ a: expected }, undefined, "enveloped")),
        prefix + fact,
      );
    });
  }
});

describe("ConditionalOperator", () => {
  const item = { a: one, b: two };
  const yes = { Value: one };
  const no = { Value: { S: "no" } };

  test("joins by AND unless it says OR", () => {
    const joined = (operator: "AND" | "OR" | undefined) => {
      const condition = expectedCondition({ a: yes, b: no }, operator, "enveloped");
      assert(condition !== undefined);
      return holds(condition, item);
    };
    assert.deepEqual([joined(undefined), joined("AND"), joined("OR")], [false, false, true]);
  });

  test("needs two conditions", () => {
    assert.equal(
      refusalOf(() => expectedCondition({ a: yes }, "AND", "enveloped")),
      "ConditionalOperator can only be used when Filter or Expected has two or more elements",
    );
    assert.equal(
      refusalOf(() => filterCondition(undefined, "OR", "older")),
      "ConditionalOperator cannot be used without Filter or Expected",
    );
  });

  test("is told before a bad condition, in the older wording after it", () => {
    const filter = { a: { ComparisonOperator: "EQ", AttributeValueList: [{ N: "x" }] } } as const;
    assert.match(
      refusalOf(() => filterCondition(filter, "AND", "current")),
      /^ConditionalOperator can only/,
    );
    assert.equal(
      refusalOf(() => filterCondition(filter, "AND", "older")),
      "The parameter cannot be converted to a numeric value: x",
    );
  });

  test("is not asked about where nothing is expected", () => {
    assert.equal(expectedCondition(undefined, undefined, "enveloped"), undefined);
    assert.equal(filterCondition({}, undefined, "current"), undefined);
  });
});

test("attributes may be called like members of every object", () => {
  const filter = filterCondition(
    JSON.parse(
      '{"__proto__":{"ComparisonOperator":"NULL"},"constructor":{"ComparisonOperator":"NULL"}}',
    ) as Record<string, Condition>,
    "AND",
    "current",
  );
  assert(filter !== undefined);
  assert.equal(holds(filter, {}), true);
  assert.deepEqual(attributesOf(filter), ["__proto__", "constructor"]);
});

describe("KeyConditions", () => {
  const partitionKeys = [{ name: "p", type: "S" }] as const;
  const schema = { partitionKeys, sortKeys: [{ name: "s", type: "N" }] } as const;
  const read = (conditions: Record<string, Condition>, of: "table" | "index" = "table") =>
    keyConditionsCondition(conditions, { of, wording: "current" });
  const p: Condition = { ComparisonOperator: "EQ", AttributeValueList: [{ S: "x" }] };

  test("become what to read", () => {
    const range = (s: Condition) => keyConditionOn(read({ s, p }), schema);
    assert.deepEqual(range({ ComparisonOperator: "GE", AttributeValueList: [{ N: "01" }] }), {
      partitionKey: [{ S: "x" }],
      sortKeyPrefix: [],
      sortKey: { operator: ">=", value: one },
    });
    assert.deepEqual(range({ ComparisonOperator: "BETWEEN", AttributeValueList: [one, two] }), {
      partitionKey: [{ S: "x" }],
      sortKeyPrefix: [],
      sortKey: { operator: "between", low: one, high: two },
    });
    assert.deepEqual(keyConditionOn(read({ p }), schema), {
      partitionKey: [{ S: "x" }],
      sortKeyPrefix: [],
    });
  });

  test("name as many attributes as an index has", () => {
    const n: Condition = { ComparisonOperator: "EQ", AttributeValueList: [one] };
    const several = {
      partitionKeys,
      sortKeys: [
        { name: "n", type: "N" },
        { name: "t", type: "S" },
      ],
    } as const;
    const t: Condition = { ComparisonOperator: "BEGINS_WITH", AttributeValueList: [{ S: "a" }] };
    assert.deepEqual(keyConditionOn(read({ t, n, p }, "index"), several), {
      partitionKey: [{ S: "x" }],
      sortKeyPrefix: [one],
      sortKey: { operator: "begins_with", prefix: { S: "a" } },
    });
    assert.throws(() => keyConditionOn(read({ p, n, t }, "index"), schema), {
      message:
        "The number of query conditions (3) exceeds the number of key attributes defined in the schema (2)",
    });
  });

  test("are one or two", () => {
    const none: Condition = { ComparisonOperator: "NULL" };
    for (const conditions of [{}, { p, q: none, r: none }]) {
      assert.equal(
        refusalOf(() => read(conditions)),
        "Conditions can be of length 1 or 2 only",
      );
    }
  });

  const refusals: readonly [Record<string, Condition>, string][] = [
    [{ s: p }, "Query condition missed key schema element: p"],
    [{ p, other: p }, "Query condition missed key schema element: s"],
    [{ p: { ComparisonOperator: "NULL" } }, "Attempted conditional constraint is not an indexable operation"],
    [
      { p, s: { ComparisonOperator: "NE", AttributeValueList: [one] } },
      "Attempted conditional constraint is not an indexable operation",
    ],
    [
      { p: { ComparisonOperator: "GT", AttributeValueList: [{ S: "x" }] } },
      "Query key condition not supported",
    ],
    [{ p, s: p }, `${prefix}Condition parameter type does not match schema type`],
  ];
  for (const [conditions, message] of refusals) {
    test(`${JSON.stringify(conditions)} does not suit the schema`, () => {
      const condition = read(conditions);
      assert.throws(() => keyConditionOn(condition, schema), { name: "ValidationException", message });
    });
  }

  test("are no two where there is no sort key", () => {
    const condition = read({ p, s: p });
    assert.throws(() => keyConditionOn(condition, { partitionKeys, sortKeys: [] }), {
      message: "Query key condition not supported",
    });
  });
});
