import assert from "node:assert/strict";
import test from "node:test";
import type { AttributeValue } from "../model/attribute-value.ts";
import { checkNesting } from "./nesting.ts";

test("an item may hold 32 levels of values and no more", () => {
  assert.doesNotThrow(() => {
    checkNesting({ a: { S: "" }, b: nested(31), c: { L: [nested(30)] } });
  });
  const expected = {
    name: "ValidationException",
    message:
      "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit",
  };
  assert.throws(() => {
    checkNesting({ a: nested(32) });
  }, expected);
  assert.throws(() => {
    checkNesting({ a: { L: [{ S: "" }, nested(31)] } });
  }, expected);
});

function nested(levels: number): AttributeValue {
  return levels === 0 ? { S: "" } : { M: { m: nested(levels - 1) } };
}
