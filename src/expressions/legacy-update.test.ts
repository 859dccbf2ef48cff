import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Item } from "../model/attribute-value.ts";
import { RequestError } from "../model/errors.ts";
import type { AttributeValueUpdate } from "../model/types.generated.ts";
import { attributeUpdatesUpdate } from "./legacy-update.ts";
import { applyUpdate, updateTargets } from "./update.ts";

type Updates = Record<string, AttributeValueUpdate>;

const prefix = "One or more parameter values were invalid: ";
const key: Item = { k: { S: "x" } };
const one = { N: "1" };

function applied(updates: Updates, before: Item | undefined): object | undefined {
  const after = applyUpdate(attributeUpdatesUpdate(updates, "enveloped"), before, key);
  return after && { ...after };
}

describe("AttributeUpdates", () => {
  test("put, add and take away whole attributes", () => {
    const before: Item = {
      a: one,
      b: one,
      c: { L: [one] },
      d: { SS: ["x", "y"] },
      e: one,
      f: { NS: ["1"] },
      g: { NS: ["1"] },
    };
    const updates: Updates = {
      a: { Value: { S: "new" } },
      b: { Action: "ADD", Value: { N: "2" } },
      c: { Action: "ADD", Value: { L: [{ S: "x" }] } },
      d: { Action: "DELETE", Value: { SS: ["x"] } },
      e: { Action: "DELETE" },
      f: { Action: "DELETE", Value: { NS: ["1"] } },
      g: { Action: "ADD", Value: { NS: ["2", "1"] } },
      h: { Action: "PUT", Value: { N: "007" } },
      i: { Action: "ADD", Value: { L: [one] } },
      j: { Action: "DELETE", Value: { NS: ["1"] } },
    };
    assert.deepEqual(applied(updates, before), {
      a: { S: "new" },
      b: { N: "3" },
      c: { L: [one, { S: "x" }] },
      d: { SS: ["y"] },
      g: { NS: ["1", "2"] },
      h: { N: "7" },
      i: { L: [one] },
    });
  });

  test("make an absent item unless they only take away", () => {
    assert.deepEqual(applied({}, undefined), { k: { S: "x" } });
    assert.deepEqual(applied({ n: { Action: "ADD", Value: one } }, undefined), { k: { S: "x" }, n: one });
    assert.equal(applied({ n: { Action: "DELETE" } }, undefined), undefined);
    assert.equal(applied({ n: { Action: "DELETE", Value: { NS: ["1"] } } }, undefined), undefined);
  });

  test("write attributes whatever their names", () => {
    const updates = JSON.parse('{"__proto__":{"Value":{"N":"1"}},"a.b":{"Value":{"N":"2"}}}') as Updates;
    const update = attributeUpdatesUpdate(updates, "enveloped");
    assert.equal(JSON.stringify(applyUpdate(update, {}, key)), '{"__proto__":{"N":"1"},"a.b":{"N":"2"}}');
    assert.deepEqual(
      updateTargets(update).map(({ name }) => name),
      ["__proto__", "a.b"],
    );
  });

  const mismatches: readonly [AttributeValueUpdate, Item][] = [
    [{ Action: "ADD", Value: one }, { a: { S: "x" } }],
    [{ Action: "ADD", Value: { L: [] } }, { a: { SS: ["x"] } }],
    [{ Action: "DELETE", Value: { SS: ["x"] } }, { a: { NS: ["1"] } }],
  ];
  for (const [update, before] of mismatches) {
    test(`${JSON.stringify(update)} does not suit ${JSON.stringify(before)}`, () => {
      assert.throws(() => applied({ a: update }, before), {
        name: "ValidationException",
        message: "Type mismatch for attribute to update",
      });
    });
  }

  const refusals: readonly [AttributeValueUpdate, string][] = [
    [{}, `${prefix}Only DELETE action is allowed when no attribute value is specified`],
    [{ Action: "PUT" }, `${prefix}Only DELETE action is allowed when no attribute value is specified`],
    [
      { Action: "DELETE", Value: { N: "1" } },
      `${prefix}DELETE action with value is not supported for the type N`,
    ],
    [{ Action: "ADD", Value: { S: "x" } }, `${prefix}ADD action is not supported for the type S`],
    [{ Action: "ADD", Value: { N: "x" } }, "The parameter cannot be converted to a numeric value: x"],
  ];
  for (const [update, message] of refusals) {
    test(`${JSON.stringify(update)} is refused`, () => {
      assert.throws(
        () => attributeUpdatesUpdate({ a: update }, "enveloped"),
        (error) => error instanceof RequestError && error.message === message,
      );
    });
  }

  test("name their attributes", () => {
    assert.throws(() => attributeUpdatesUpdate({ "": { Value: one } }, "enveloped"), {
      message: "Empty attribute name",
    });
  });
});
