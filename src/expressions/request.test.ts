import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { RequestError } from "../model/errors.ts";
import type { Wording } from "../model/wording.ts";
import { attributesOf, holds } from "./evaluate.ts";
import { readExpressions, type ExpressionTexts } from "./request.ts";
import { updateTargets } from "./update.ts";

function refusal(texts: ExpressionTexts, wording: Wording = "enveloped"): string {
  let message = "accepted";
  assert.throws(
    () => readExpressions(texts, wording),
    (error) => {
      assert(error instanceof RequestError, "a refusal of the request for what it says");
      message = error.message;
      return true;
    },
  );
  return message;
}

const one = { N: "1" };

describe("placeholders", () => {
  // In the order in which the service looks: each row would also fail for the reason of a later one.
  const refusals: readonly [ExpressionTexts, string][] = [
    [{ update: "", names: {}, values: {} }, "ExpressionAttributeNames must not be empty"],
    [
      { update: "", names: { "#ok": "", a: "a" }, values: {} },
      'ExpressionAttributeNames contains invalid key: Syntax error; key: "a"',
    ],
    [
      { update: "", names: { "#a-b": "a" }, values: {} },
      'ExpressionAttributeNames contains invalid key: Syntax error; key: "#a-b"',
    ],
    [
      { update: "", names: { "#": "a" }, values: {} },
      'ExpressionAttributeNames contains invalid key: Syntax error; key: "#"',
    ],
    [
      { update: "", names: { "#a": "" }, values: {} },
      "ExpressionAttributeNames contains invalid value: Empty attribute name for key #a",
    ],
    [{ update: "", values: {} }, "ExpressionAttributeValues must not be empty"],
    [
      { update: "", values: { ":b": { N: "x" }, b: one } },
      'ExpressionAttributeValues contains invalid key: Syntax error; key: "b"',
    ],
    [
      { update: "", values: { ":a": one, ":b": { N: "x" } } },
      "The parameter cannot be converted to a numeric value: x",
    ],
    [
      { update: "", condition: "", keyCondition: "", filter: "", projection: "" },
      "Invalid UpdateExpression: The expression can not be empty;",
    ],
    [
      { condition: "", keyCondition: "", filter: "", projection: "" },
      "Invalid ConditionExpression: The expression can not be empty;",
    ],
    [
      { keyCondition: "", filter: "", projection: "" },
      "Invalid KeyConditionExpression: The expression can not be empty;",
    ],
    [{ filter: "", projection: "" }, "Invalid FilterExpression: The expression can not be empty;"],
    [{ projection: "" }, "Invalid ProjectionExpression: The expression can not be empty;"],
    [
      { projection: "a", names: { "#b": "b", "#a": "a" }, values: { ":v": one } },
      "Value provided in ExpressionAttributeNames unused in expressions: keys: {#b, #a}",
    ],
    [
      { condition: "a = :v", values: { ":x": one, ":v": one, ":y": one } },
      "Value provided in ExpressionAttributeValues unused in expressions: keys: {:x, :y}",
    ],
    [
      { keyCondition: "a = b", values: { ":x": one } },
      "Value provided in ExpressionAttributeValues unused in expressions: keys: {:x}",
    ],
  ];
  for (const [texts, message] of refusals) {
    test(`${JSON.stringify(texts)} is refused`, () => {
      assert.equal(refusal(texts), message);
    });
  }

  test("are used wherever any expression of the request uses them", () => {
    const names = { "#a": "a", "#b": "b", "#c": "c" };
    const values = { ":a": one, ":b": one };
    assert.doesNotThrow(() =>
      readExpressions(
        { update: "SET #a = :a", condition: "#b = :b", projection: "#c, #a", names, values },
        "enveloped",
      ),
    );
  });

  test("may be called like members of every object", () => {
    assert.equal(
      refusal({ condition: "#constructor = :toString", names: { "#a": "a" } }),
      "Invalid ConditionExpression: An expression attribute name used in the document path is not defined; attribute name: #constructor",
    );
    const { condition } = readExpressions(
      { condition: "#__proto__ = :__proto__", names: { "#__proto__": "a" }, values: { ":__proto__": one } },
      "current",
    );
    assert(condition !== undefined);
    assert.equal(holds(condition, { a: one }), true);
  });

  test("say in the older wording which value is bad", () => {
    const values = { ":a": one, ":v": { SS: ["a", "a"] } };
    assert.equal(
      refusal({ filter: "a = :v", values }, "older"),
      "ExpressionAttributeValues contains invalid value: One or more parameter values were invalid: " +
        "Input collection [a, a] contains duplicates. for key :v",
    );
    assert.equal(
      refusal({ filter: "a = :v", values }, "current"),
      'One or more parameter values were invalid: Input collection ["a", "a"] contains duplicates.',
    );
  });

  test("are compared as the service keeps their values", () => {
    const { condition } = readExpressions(
      { condition: "a = :v", values: { ":v": { N: "+01.0" } } },
      "current",
    );
    assert(condition !== undefined);
    assert.equal(holds(condition, { a: one }), true);
  });
});

describe("the bounds of an expression", () => {
  function attributes(count: number, length: number): string {
    return Array.from({ length: count }, (_, index) => `x${index}`.padEnd(length, "x")).join(",");
  }

  test("are 4,096 bytes, of which the newer wording does not tell the size", () => {
    const projection = attributes(82, 48) + "," + "y".repeat(78);
    assert.equal(projection.length, 4_096);
    assert.doesNotThrow(() => readExpressions({ projection }, "current"));
    const fact = "Expression size has exceeded the maximum allowed size";
    assert.equal(refusal({ projection: `${projection}z` }), `Invalid ProjectionExpression: ${fact}`);
    const filter = `${"é".repeat(2_048)} = :v`;
    assert.equal(refusal({ filter }, "older"), `Invalid FilterExpression: ${fact}; expression size: 4101`);
    assert.equal(refusal({ update: "x".repeat(4_097) }, "older"), `Invalid UpdateExpression: ${fact};`);
  });

  test("are 300 operators and functions", () => {
    const values = { ":v": one };
    const clauses = (count: number) => Array.from({ length: count }, (_, index) => `a${index}=:v`);
    assert.doesNotThrow(() => readExpressions({ condition: clauses(150).join(" OR "), values }, "current"));
    assert.equal(
      refusal({ condition: clauses(151).join(" OR "), values }),
      "Invalid ConditionExpression: The expression contains too many operators; operator count: 301",
    );
    const sets = (count: number) => `SET ${clauses(count).join(",")}`;
    assert.doesNotThrow(() => readExpressions({ update: sets(350), values }, "current"));
  });

  test("are 100 operands of IN", () => {
    const candidates = (count: number) => `a IN (${Array.from({ length: count }, () => ":v").join(",")})`;
    const values = { ":v": one };
    assert.doesNotThrow(() => readExpressions({ condition: candidates(100), values }, "current"));
    assert.equal(
      refusal({ condition: candidates(101), values }),
      "Invalid ConditionExpression: The IN operator is provided with too many operands; number of operands: 101",
    );
  });

  for (const opening of ["(", "NOT ", "NOT(", "size(", "a=:v AND(", "contains(", "a IN("]) {
    test(`hold for "${opening}" without end`, () => {
      const filter = opening.repeat(Math.floor(4_000 / opening.length));
      assert.match(refusal({ filter }), /^Invalid FilterExpression: /);
      const update = `SET a = ${filter}`.slice(0, 4_000);
      assert.match(refusal({ update }), /^Invalid UpdateExpression: /);
    });
  }

  test("leave room for conditions that are deep in earnest", () => {
    const condition = "NOT (".repeat(299) + "a=:v" + ")".repeat(299);
    const { condition: read } = readExpressions({ condition, values: { ":v": one } }, "current");
    assert(read !== undefined);
    assert.equal(holds(read, { a: one }), false);
    const update = "SET a=" + "if_not_exists(a,(".repeat(180) + ":v" + "))".repeat(180);
    assert.doesNotThrow(() => readExpressions({ update, values: { ":v": one } }, "current"));
  });
});

test("a text means what its own request says, however often it is read", () => {
  const read = (value: string, name: string) =>
    readExpressions(
      { condition: "#a = :v", names: { "#a": name }, values: { ":v": { S: value } } },
      "current",
    ).condition;
  const [first, second] = [read("x", "a"), read("y", "b")];
  assert(first !== undefined && second !== undefined);
  assert.equal(holds(first, { a: { S: "x" } }), true);
  assert.equal(holds(second, { a: { S: "x" } }), false);
  assert.equal(holds(second, { b: { S: "y" } }), true);
});

test("a condition tells the attributes it looks at, each once and in its order", () => {
  const { condition } = readExpressions(
    { condition: "b.c = a AND size(#z[1]) > b", names: { "#z": "z.y" } },
    "current",
  );
  assert(condition !== undefined);
  assert.deepEqual(attributesOf(condition), ["b", "a", "z.y"]);
});

test("an update tells the attributes it writes", () => {
  const { update } = readExpressions({ update: "SET a = b, c.d = e REMOVE f[0], g" }, "current");
  assert(update !== undefined);
  assert.deepEqual(updateTargets(update), [
    { name: "a", nested: false },
    { name: "c", nested: true },
    { name: "f", nested: true },
    { name: "g", nested: false },
  ]);
});
