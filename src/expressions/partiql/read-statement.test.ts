import assert from "node:assert/strict";
import { test } from "node:test";
import { holds } from "../evaluate.ts";
import { checkParameters, readStatement } from "./read-statement.ts";
import type { SelectStatement } from "./statement.ts";

test("requests with the same text share its trees and nothing of their parameters", () => {
  const text = "SELECT * FROM t WHERE a = ? AND b IN [?, 'x']";
  const one = select(text, [{ N: "1" }, { S: "y" }]);
  const two = select(text, [{ N: "2.0" }, { S: "z" }]);
  assert.equal(one.where?.tree, two.where?.tree);
  assert.deepEqual(one.where?.scope.values, [{ N: "1" }, { S: "y" }, { S: "x" }]);
  assert.deepEqual(two.where?.scope.values, [{ N: "2" }, { S: "z" }, { S: "x" }]);
});

test("a text that was refused is refused again, and read once its parameters fit", () => {
  const text = "SELECT * FROM t WHERE a > ?";
  const refusal = {
    name: "ValidationException",
    message: "Incorrect operand type for operator or function; operator or function: >, operand type: BOOL",
  };
  assert.throws(() => readStatement(text, [{ BOOL: true }]), refusal);
  assert.throws(() => readStatement(text, [{ BOOL: true }]), refusal);
  assert.throws(() => readStatement(text, []), {
    message: "Number of parameters in request and statement don't match.",
  });
  const { where } = select(text, [{ N: "1" }]);
  assert(where !== undefined);
  assert.equal(holds(where, { a: { N: "2" } }), true);
});

test("parameters that need no change are the same afterwards", () => {
  const parameters = [{ S: "x" }, { N: "1" }, { L: [{ NULL: true }] }] as const;
  assert.equal(checkParameters(parameters), parameters);
  assert.deepEqual(checkParameters([{ N: "01" }, { B: "AA==" }]), [{ N: "1" }, { B: "AA==" }]);
});

function select(text: string, parameters: Parameters<typeof readStatement>[1]): SelectStatement {
  const statement = readStatement(text, parameters);
  assert(statement.kind === "select");
  return statement;
}
